using System.Text.Json.Serialization;
using Plait.Tasks;

namespace Plait.Benchmarks.Comparison;

/// <summary>One recipe of a comparison, over all seeds.</summary>
/// <param name="Recipe">Its name.</param>
/// <param name="Network">The network's name.</param>
/// <param name="Weighting">The loss weighting's name.</param>
/// <param name="Aggregator">The gradient aggregator's name.</param>
/// <param name="DeltaM">Percent better than the baseline, mean over the seeds; 0, 0, 0 for the baseline.</param>
/// <param name="Metrics">Each task's primary metric, in the order of the table's tasks.</param>
/// <param name="Parameters">How many parameters its networks have together; 0 where no training of it went well.</param>
/// <param name="Seconds">How long training took, mean over the seeds; NaN where no training of it went well.</param>
public sealed record ComparisonRow(
    string Recipe,
    string Network,
    string Weighting,
    string Aggregator,
    Interval DeltaM,
    IReadOnlyDictionary<string, MetricSummary> Metrics,
    long Parameters,
    double Seconds
)
{
    /// <summary>The task schedule's name.</summary>
    public string Schedule { get; init; } = "joint";

    /// <summary>The regularizers' names.</summary>
    public IReadOnlyList<string> Regularizers { get; init; } = [];

    /// <summary>The names of what the tasks' losses gain.</summary>
    public IReadOnlyList<string> Auxiliaries { get; init; } = [];

    /// <summary>What kind of recipe it is, as surveys of dense prediction order them.</summary>
    [JsonIgnore]
    public RecipeFamily Family => RecipeFamilies.Of(this);

    /// <summary>Δm by the primary metric of each task alone, percent better; see <see cref="DeltaMConvention.PrimaryMetrics"/>.</summary>
    public Interval DeltaMOfPrimaryMetrics { get; init; }

    /// <summary>Δm over all metrics alike, percent worse: less is better; see <see cref="DeltaMConvention.MeanOverMetrics"/>.</summary>
    public Interval DeltaMOverMetrics { get; init; }

    /// <summary>The mean rank among the recipes over all metrics, 1 the best, mean over the seeds that all have; NaN where there is none.</summary>
    public double MeanRank { get; init; } = double.NaN;

    /// <summary>Steps that were skipped because a loss, a weight or a gradient was not finite, over all seeds.</summary>
    public int SkippedSteps { get; init; }

    /// <summary>Why a training of it failed, in one line; null where none did. Its numbers are then those of the other seeds, if there are any.</summary>
    public string? Failure { get; init; }

    /// <summary>The mean of the primary metrics over the tasks that have one; of use where all tasks share a metric.</summary>
    [JsonIgnore]
    public double MeanMetric =>
        Metrics.Values.Select(metric => metric.Mean).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
}
