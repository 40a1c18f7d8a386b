using static TorchSharp.torch.nn;

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
    public override MetricAccumulator Start() => new Accumulator();

    private sealed class Accumulator : MetricAccumulator
    {
        private double sum;
        private double total;

        public override void Add(Tensor output, TaskTarget target)
        {
            ArgumentNullException.ThrowIfNull(output);
            ArgumentNullException.ThrowIfNull(target);
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            if (TargetShapes.AreClasses(output, target.Values))
            {
                AddClasses(output, target);
            }
            else
            {
                AddLogits(TargetShapes.Align(output, target.Values), target);
            }
        }

        public override double Compute() => sum / total;

        private void AddClasses(Tensor output, TaskTarget target)
        {
            TargetShapes.RequireClasses(output, target.Values);
            var labels = HostMemory.Classes(output, target);
            var logits = output.dtype == ScalarType.Float64 ? output : output.to(ScalarType.Float32);
            var each = functional.cross_entropy(
                logits,
                torch.tensor(labels).view(target.Values.shape).to(output.device),
                ignore_index: -1,
                reduction: Reduction.None
            );
            var losses = HostMemory.Doubles(each);
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

        private void AddLogits(Tensor output, TaskTarget target)
        {
            var logits = HostMemory.Doubles(output);
            var values = HostMemory.Doubles(target.Values);
            var weights = HostMemory.Weights(target);
            for (var i = 0; i < logits.Length; i++)
            {
                var weight = weights.IsEmpty ? 1 : weights[i];
                if (weight != 0)
                {
                    sum +=
                        weight
                        * (Math.Max(logits[i], 0) - (logits[i] * values[i]) + SoftplusOfMinusAbsolute(logits[i]));
                    total += weight;
                }
            }
        }

        /// <summary>log(1 + e^-|x|), without loss of digits where e^-|x| is small (Kahan's correction of log(1 + u)).</summary>
        private static double SoftplusOfMinusAbsolute(double x)
        {
            var u = Math.Exp(-Math.Abs(x));
            var rounded = 1 + u;
            return rounded == 1 ? u : Math.Log(rounded) * (u / (rounded - 1));
        }
    }
}
