namespace Plait.Tasks.Metrics;

/// <summary>stub</summary>
public sealed class Accuracy : Metric
{
    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override MetricAccumulator Start() => throw new NotSupportedException();
}
