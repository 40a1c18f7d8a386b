namespace Plait.Jobs.Runs;

/// <summary>What the store knows of a run, apart from its numbers.</summary>
/// <param name="Id">Unique, and sorted by time of creation to the second: yyMMdd-HHmmss-xxxx in UTC.</param>
/// <param name="Kind">What the run is.</param>
/// <param name="Parent">The id of the comparison or analysis that it is part of, else null.</param>
/// <param name="Name">A name for people; the recipe's for a training of a comparison.</param>
/// <param name="Benchmark">The benchmark or data file.</param>
/// <param name="Specification">JSON text that says all that is needed to repeat the run.</param>
/// <param name="Status">How far it has come; interrupted where it says running and its process is gone.</param>
/// <param name="Created">When it was created.</param>
/// <param name="Updated">When its status last changed.</param>
/// <param name="Seconds">How long it has worked, in seconds.</param>
/// <param name="Parameters">How many parameters its networks have together; 0 while unknown.</param>
/// <param name="Error">Why it failed, else null.</param>
/// <param name="Owner">The process that works or last worked on it.</param>
public sealed record RunRecord(
    string Id,
    RunKind Kind,
    string? Parent,
    string Name,
    string Benchmark,
    string Specification,
    RunStatus Status,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    double Seconds,
    long Parameters,
    string? Error,
    ProcessIdentity Owner
);
