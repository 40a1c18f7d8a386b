using System.Text.Json;
using System.Text.Json.Serialization;
using Plait.Jobs;

namespace Plait.Benchmarks.Comparison;

/// <summary>A finished comparison: what each recipe reached on each task, and how far it is from the baseline.</summary>
/// <param name="Benchmark">The benchmark's name.</param>
/// <param name="Seeds">The seeds.</param>
/// <param name="Tasks">The tasks, in order.</param>
/// <param name="Rows">The recipes, the baseline first.</param>
public sealed record ComparisonTable(
    string Benchmark,
    IReadOnlyList<long> Seeds,
    IReadOnlyList<ComparedTask> Tasks,
    IReadOnlyList<ComparisonRow> Rows
)
{
    private static readonly JsonSerializerOptions Compact = StoredJson.Table(indented: false);
    private static readonly JsonSerializerOptions Indented = StoredJson.Table(indented: true);

    /// <summary>Whether one metric judges all tasks, so that its mean over tasks says something.</summary>
    [JsonIgnore]
    public bool SharesMetric => Tasks.Select(task => (task.Metric, task.HigherIsBetter)).Distinct().Count() == 1;

    /// <summary>The table as JSON, with names in camelCase; a number that is not finite is null.</summary>
    /// <param name="indented">Whether it is laid out for people.</param>
    public string ToJson(bool indented = false) => JsonSerializer.Serialize(this, indented ? Indented : Compact);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a comparison.</exception>
    public static ComparisonTable FromJson(string json) =>
        StoredJson.Read<ComparisonTable>(json, Compact, "a comparison");
}
