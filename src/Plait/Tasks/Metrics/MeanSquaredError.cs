namespace Plait.Tasks.Metrics;

/// <summary>The mean squared error, over all numbers of all rows.</summary>
public sealed class MeanSquaredError : Metric
{
    /// <inheritdoc/>
    public override string Name => "mse";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override MetricAccumulator Start() => new MeanErrorAccumulator(error => error * error);
}
