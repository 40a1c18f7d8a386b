using Plait.Tasks;

namespace Plait.Benchmarks.Comparison;

/// <summary>What one recipe reached with one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Metrics">The test metrics of all tasks; NaN where one is not defined.</param>
/// <param name="Parameters">How many parameters its networks have together.</param>
/// <param name="Seconds">How long training took, in seconds.</param>
public sealed record SeedResult(long Seed, TaskMetrics Metrics, long Parameters, double Seconds)
{
    /// <summary>Steps that its trainings skipped because a loss, a weight or a gradient was not finite.</summary>
    public int SkippedSteps { get; init; }
}
