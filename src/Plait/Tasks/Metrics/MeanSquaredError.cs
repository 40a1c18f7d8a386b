namespace Plait.Tasks.Metrics;

/// <summary>stub</summary>
public sealed class MeanSquaredError : Metric
{
    /// <inheritdoc/>
    public override string Name => "mse";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override MetricAccumulator Start() => throw new NotSupportedException();
}
