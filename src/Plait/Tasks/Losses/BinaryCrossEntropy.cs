using static TorchSharp.torch.nn;

namespace Plait.Tasks.Losses;

/// <summary>Binary cross-entropy of logits; targets are 0 and 1, or a probability between.</summary>
public sealed class BinaryCrossEntropy : TaskLoss
{
    private readonly ConstantVector? positiveWeight;

    /// <summary>Sets how much a positive target counts.</summary>
    /// <param name="positiveWeight">The cost of a positive target is multiplied by it: 1 for none, negatives over positives to balance; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not a finite number above 0.</exception>
    public BinaryCrossEntropy(double positiveWeight = 1)
    {
        if (!(positiveWeight > 0) || double.IsInfinity(positiveWeight))
        {
            throw new ArgumentOutOfRangeException(
                nameof(positiveWeight),
                positiveWeight,
                "The positive weight is a finite number above 0; the number of negatives over that of positives balances them."
            );
        }

        this.positiveWeight = positiveWeight == 1 ? null : new ConstantVector([(float)positiveWeight]);
    }

    /// <inheritdoc/>
    public override string Name => "binary-cross-entropy";

    /// <inheritdoc/>
    public override string? FaultOf(TaskTarget target, OutputShape output)
    {
        ArgumentNullException.ThrowIfNull(target);
        return FaultOfYesOrNo(target);
    }

    /// <inheritdoc/>
    protected override Tensor Cost(Tensor output, Tensor target, Reduction reduction) =>
        functional.binary_cross_entropy_with_logits(
            output,
            target,
            reduction: reduction,
            pos_weights: positiveWeight?.Like(output)
        );
}
