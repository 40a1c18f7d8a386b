namespace Plait.Tasks.Metrics;

/// <summary>The mean absolute error, over all numbers of all rows.</summary>
public sealed class MeanAbsoluteError : Metric
{
    /// <inheritdoc/>
    public override string Name => "mae";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override MetricAccumulator Start() => new MeanErrorAccumulator(Math.Abs);
}
