namespace Plait.Tasks.Metrics;

/// <summary>The mean over classes of the share of a class's targets that are predicted as such.</summary>
/// <remarks>
/// Brodersen et al. 2010, <i>The Balanced Accuracy and Its Posterior Distribution</i>. Classes without a target do not count, so a
/// constant prediction scores one over the number of classes that occur.
/// </remarks>
public sealed class BalancedAccuracy : Metric
{
    /// <inheritdoc/>
    public override string Name => "balanced accuracy";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Classes > 0;
    }

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer) =>
        new Reading<ClassCounts>(
            new(answer),
            counts =>
                counts
                    .Targets.Zip(counts.Hits, (targets, hits) => hits / targets)
                    .Where(double.IsFinite)
                    .DefaultIfEmpty(double.NaN)
                    .Average()
        );
}
