using static TorchSharp.torch.nn;

namespace Plait.Tasks.Losses;

/// <summary>Binary cross-entropy of logits in which the rare positives and the many negatives have set shares; targets are 0 and 1.</summary>
/// <remarks>
/// w Σ(positives) + (1 - w) Σ(negatives), over the number of present targets, or over their weights where they have some. w = 0.95 is what Maninis et al. 2019, <i>Attentive
/// Single-Tasking of Multiple Tasks</i>, and Vandenhende et al. 2021, <i>Multi-Task Learning for Dense Prediction Tasks</i>, take for
/// edges. Without a set share w is that of the negatives in the batch (Xie and Tu 2015, <i>Holistically-Nested Edge Detection</i>,
/// equation 2), so that both classes weigh the same; both works take it for saliency. Their code counts missing pixels in the
/// divisor, which is not done here.
/// </remarks>
public sealed class BalancedCrossEntropy : TaskLoss
{
    private readonly double? positiveShare;

    /// <summary>Sets the shares.</summary>
    /// <param name="positiveShare">What a positive weighs, above 0 and below 1, a negative weighing the rest; null to find it in each batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside.</exception>
    public BalancedCrossEntropy(double? positiveShare = null)
    {
        if (positiveShare is { } share && !(share is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(positiveShare),
                share,
                "The share of positives lies between 0 and 1, 0.95 for thin edges; leave it out to find it in each batch."
            );
        }

        this.positiveShare = positiveShare;
    }

    /// <inheritdoc/>
    public override string Name => "balanced-cross-entropy";

    /// <inheritdoc/>
    public override OutputMeaning? Trains => OutputMeaning.YesOrNo;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (positiveShare is not null || target.Factors is not { } factors)
        {
            return base.Compute(output, target);
        }

        var values = MatchType(target.Values, output);
        var weights = Weights(values, values.mul(factors).sum().div(target.Divisor)).mul(factors);
        return Weighted(TargetShapes.Align(output, values), values, weights, Reduction.Sum).div(target.Divisor);
    }

    /// <inheritdoc/>
    public override string? FaultOf(TaskTarget target, OutputShape output)
    {
        ArgumentNullException.ThrowIfNull(target);
        return FaultOfYesOrNo(target);
    }

    /// <inheritdoc/>
    protected override Tensor Cost(Tensor output, Tensor target, Reduction reduction) =>
        Weighted(
            output,
            target,
            positiveShare is { } share
                ? target.mul((2 * share) - 1).add(1 - share)
                : Weights(target, target.sum().div(Math.Max(1, target.numel()))),
            reduction
        );

    /// <summary>The share of the other class: that of negatives for a positive, that of positives for a negative.</summary>
    private static Tensor Weights(Tensor target, Tensor positives) =>
        target.mul(positives.mul(-2).add(1)).add(positives);

    private static Tensor Weighted(Tensor output, Tensor target, Tensor weights, Reduction reduction) =>
        functional.binary_cross_entropy_with_logits(output, target, weights, reduction);
}
