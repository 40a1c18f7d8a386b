using Plait.Tasks.Answers;

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

    private sealed class Accumulator(Answer answer) : MetricAccumulator
    {
        private double sum;
        private double total;

        public override void Add(Tensor output, TaskTarget target)
        {
            ArgumentNullException.ThrowIfNull(output);
            ArgumentNullException.ThrowIfNull(target);
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            answer.RequireShapes(output, target.Values);
            var losses = answer.Surprisals(output, target);
            var labels = HostMemory.Classes(answer, target);
            var weights = HostMemory.Weights(target);
            for (var i = 0; i < losses.Length; i++)
            {
                if (labels[i] >= 0)
                {
                    var weight = weights.IsEmpty ? 1 : weights[i];
                    sum += weight * losses[i];
                    total += weight;
                }
            }
        }

        public override double Compute() => sum / total;
    }
}
