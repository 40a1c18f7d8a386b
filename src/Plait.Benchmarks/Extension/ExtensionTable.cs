using System.Text.Json;
using Plait.Benchmarks.Comparison;
using Plait.Jobs;

namespace Plait.Benchmarks.Extension;

/// <summary>What networks reach on the test rows of all of their tasks, once they have learned further ones.</summary>
/// <param name="Benchmark">The benchmark's name.</param>
/// <param name="From">The id of the run that kept the networks that they go on from.</param>
/// <param name="Recipe">The recipe of that run.</param>
/// <param name="Seeds">The seeds, one network each.</param>
/// <param name="Tasks">The tasks that were there before, and then the further ones.</param>
/// <param name="Parameters">Trainable numbers that the further tasks add.</param>
/// <param name="Seconds">How long a training took, on average.</param>
public sealed record ExtensionTable(
    string Benchmark,
    string From,
    string Recipe,
    IReadOnlyList<long> Seeds,
    IReadOnlyList<ExtendedTask> Tasks,
    long Parameters,
    double Seconds
)
{
    private static readonly JsonSerializerOptions Compact = StoredJson.Table(indented: false);
    private static readonly JsonSerializerOptions Indented = StoredJson.Table(indented: true);

    /// <summary>Steps skipped over all seeds because something was not finite.</summary>
    public int SkippedSteps { get; init; }

    /// <summary>The table as JSON, with names in camelCase; a number that is not finite is null.</summary>
    /// <param name="indented">Whether it is laid out for people.</param>
    public string ToJson(bool indented = false) => JsonSerializer.Serialize(this, indented ? Indented : Compact);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no such table.</exception>
    public static ExtensionTable FromJson(string json) =>
        StoredJson.Read<ExtensionTable>(json, Compact, "a table of further tasks");
}

/// <summary>A task of a network that gained tasks.</summary>
/// <param name="Name">The task's name.</param>
/// <param name="Metric">The name of its primary metric.</param>
/// <param name="HigherIsBetter">Whether more of that is better.</param>
/// <param name="IsNew">Whether it is a further one; the others are as they were.</param>
/// <param name="Primary">The primary metric over the seeds.</param>
/// <param name="Metrics">For each seed every metric; null where the test rows define none.</param>
public sealed record ExtendedTask(
    string Name,
    string Metric,
    bool HigherIsBetter,
    bool IsNew,
    MetricSummary Primary,
    IReadOnlyList<IReadOnlyDictionary<string, double?>> Metrics
);
