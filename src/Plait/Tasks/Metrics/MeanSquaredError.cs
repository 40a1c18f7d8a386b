namespace Plait.Tasks.Metrics;

/// <summary>The mean squared error, over all numbers of all rows.</summary>
public sealed class MeanSquaredError : Metric
{
    /// <inheritdoc/>
    public override string Name => "mse";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool HasUnit => true;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.IsNumeric;
    }

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer) =>
        new MeanCostAccumulator(answer, (output, target) => (output - target) * (output - target));
}
