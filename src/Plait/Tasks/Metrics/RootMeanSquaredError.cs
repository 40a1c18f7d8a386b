namespace Plait.Tasks.Metrics;

/// <summary>The root of the mean squared error over all numbers of all rows, in the targets' unit.</summary>
public sealed class RootMeanSquaredError : Metric
{
    /// <inheritdoc/>
    public override string Name => "rmse";

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
    public override MetricAccumulator Start(Answer answer) => new Accumulator(new MeanSquaredError().Start(answer));

    private sealed class Accumulator(MetricAccumulator squares) : MetricAccumulator
    {
        public override void Add(Tensor output, TaskTarget target) => squares.Add(output, target);

        public override double Compute() => Math.Sqrt(squares.Compute());
    }
}
