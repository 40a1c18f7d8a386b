using System.Text.Json;

namespace Plait.Relationships.Plans;

/// <summary>How much the tasks of a data set have to do with one another.</summary>
public sealed record MeasuredAffinity
{
    /// <summary>The data's name.</summary>
    public required string Data { get; init; }

    /// <summary>The measure.</summary>
    public required string Method { get; init; }

    /// <summary>The tasks' names.</summary>
    public required IReadOnlyList<string> Tasks { get; init; }

    /// <summary>Row by row, the affected task's row; greater is better.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>How many trainings it took to find out.</summary>
    public required int Trainings { get; init; }

    /// <summary>How long they took, added up.</summary>
    public required double Seconds { get; init; }

    /// <summary>The predictor that learned from the pairs; null where none was asked for, or nothing could be learned.</summary>
    public MeasuredPredictor? Predictor { get; init; }

    /// <summary>The affinities.</summary>
    public AffinityMatrix ToMatrix() => new(Tasks, Values);

    /// <summary>The answer as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, AnalysisJson.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not an answer.</exception>
    public static MeasuredAffinity FromJson(string json) => AnalysisJson.Read<MeasuredAffinity>(json, "affinities");
}
