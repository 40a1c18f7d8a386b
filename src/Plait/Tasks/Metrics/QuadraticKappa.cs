using Plait.Tasks.Answers;

namespace Plait.Tasks.Metrics;

/// <summary>How much better levels agree with their targets than by chance, an error counting by its square: 1 for exact ones, 0 for chance.</summary>
/// <remarks>
/// Cohen 1968, <i>Weighted Kappa: Nominal Scale Agreement with Provision for Scaled Disagreement or Partial Credit</i>, with weights (i - j)²: 1 - Σ(p - t)² / E, where E is what
/// the sum would be if decisions and targets were drawn from their shares independently. Undefined where both are always one and the same level.
/// </remarks>
public sealed class QuadraticKappa : Metric
{
    /// <inheritdoc/>
    public override string Name => "quadratic kappa";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool Judges(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.IsNumeric && answer.Classes > 0;
    }

    /// <inheritdoc/>
    public override MetricAccumulator Start(Answer answer) => new Accumulator(answer);

    private sealed class Accumulator(Answer answer) : MetricAccumulator
    {
        private double total;
        private double decided;
        private double decidedSquares;
        private double targets;
        private double targetSquares;
        private double errors;

        public override void Add(Tensor output, TaskTarget target)
        {
            ArgumentNullException.ThrowIfNull(output);
            ArgumentNullException.ThrowIfNull(target);
            using var scope = torch.NewDisposeScope();
            using var noGrad = torch.no_grad();
            answer.RequireShapes(output, target.Values);
            var levels = HostMemory.Integers(TargetShapes.Align(answer.Decide(output), target.Values));
            var labels = HostMemory.Classes(answer, target);
            var weights = HostMemory.Weights(target);
            for (var i = 0; i < labels.Length; i++)
            {
                if (labels[i] < 0)
                {
                    continue;
                }

                var weight = weights.IsEmpty ? 1 : weights[i];
                double level = levels[i];
                double label = labels[i];
                total += weight;
                decided += weight * level;
                decidedSquares += weight * level * level;
                targets += weight * label;
                targetSquares += weight * label * label;
                errors += weight * (level - label) * (level - label);
            }
        }

        public override double Compute() =>
            1 - (errors / (decidedSquares + targetSquares - (2 * decided * targets / total)));
    }
}
