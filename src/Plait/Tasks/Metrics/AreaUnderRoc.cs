namespace Plait.Tasks.Metrics;

/// <summary>stub</summary>
public sealed class AreaUnderRoc : Metric
{
    /// <inheritdoc/>
    public override string Name => "auc";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override MetricAccumulator Start() => throw new NotSupportedException();
}
