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

    private sealed class Accumulator(Answer answer) : ByTargetAccumulator(answer)
    {
        private double total;
        private double decided;
        private double decidedSquares;
        private double targets;
        private double targetSquares;
        private double errors;

        public override double Compute() =>
            1 - (errors / (decidedSquares + targetSquares - (2 * decided * targets / total)));

        protected override ReadOnlySpan<double> Read(Tensor output, TaskTarget target) =>
            HostMemory.Doubles(TargetShapes.Align(Answer.Decide(output), target.Values));

        protected override void Gather(double number, long label, double weight)
        {
            total += weight;
            decided += weight * number;
            decidedSquares += weight * number * number;
            targets += weight * label;
            targetSquares += weight * label * label;
            errors += weight * (number - label) * (number - label);
        }
    }
}
