namespace Plait.Tasks.Metrics;

/// <summary>The mean absolute error, over all numbers of all rows.</summary>
public sealed class MeanAbsoluteError : Metric
{
    /// <inheritdoc/>
    public override string Name => "mae";

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
        new MeanCostAccumulator(answer, (output, target) => Math.Abs(output - target));
}
