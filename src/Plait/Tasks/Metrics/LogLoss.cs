namespace Plait.Tasks.Metrics;

/// <summary>The mean negative log-likelihood of the targets, in nats: cross-entropy without class weights or smoothing.</summary>
/// <remarks>Binary where each target has one logit, else over the classes. Computed from logits, so it is finite for finite ones.</remarks>
public sealed class LogLoss : Metric
{
    /// <inheritdoc/>
    public override string Name => "log-loss";

    /// <inheritdoc/>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Classes > 0;
    }

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer) => new Accumulator(answer);

    private sealed class Accumulator(Answer answer) : ByTargetAccumulator(answer)
    {
        private double sum;
        private double total;

        public override double Compute() => sum / total;

        protected override ReadOnlySpan<double> Read(Tensor output, TaskTarget target) =>
            Answer.Surprisals(output, target);

        protected override void Gather(double number, long label, double weight)
        {
            sum += weight * number;
            total += weight;
        }
    }
}
