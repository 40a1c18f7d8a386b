using static TorchSharp.torch.nn;

namespace Plait.Tasks.Losses;

/// <summary>Absolute error near the target and squared error far from it, with the border set by the largest error of the batch.</summary>
/// <remarks>
/// Laina et al. 2016, <i>Deeper Depth Prediction with Fully Convolutional Residual Networks</i>: |e| up to
/// c = 0.2 max |e|, and (e² + c²) / 2c beyond. Both pieces have slope 1 at c, so the loss is smooth there. c is a constant of the
/// step: no gradient passes through it, as in the code of DenseMTL. There the mean is over all pixels; here over those present.
/// </remarks>
public sealed class BerHu : TaskLoss
{
    private readonly double share;

    /// <summary>Sets the border.</summary>
    /// <param name="share">The border over the largest error, above 0 and at most 1; the papers' is 0.2.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside.</exception>
    public BerHu(double share = 0.2)
    {
        if (!(share is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share lies above 0 and is at most 1.");
        }

        this.share = share;
    }

    /// <inheritdoc/>
    public override string Name => "berhu";

    /// <inheritdoc/>
    public override OutputMeaning? Trains => OutputMeaning.Numbers;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        if (target.Factors is not { } factors)
        {
            return base.Compute(output, target);
        }

        // A missing place answers its own filler, so that its error, exactly 0, never sets the border.
        var aligned = TargetShapes.Align(output, target.Values);
        return base.Compute(torch.where(factors.ne(0), aligned, MatchType(target.Values, output)), target);
    }

    /// <inheritdoc/>
    protected override Tensor Cost(Tensor output, Tensor target, Reduction reduction)
    {
        var error = output.sub(target).abs();
        if (error.numel() > 0)
        {
            var border = error.detach().max().mul(share);
            // Without any error the border is 0; dividing by 1 instead keeps the branch that is not taken finite.
            var divisor = border.add(border.eq(0)).mul(2);
            error = torch.where(error.le(border), error, error.square().add(border.square()).div(divisor));
        }

        return reduction == Reduction.Mean ? error.mean() : error;
    }
}
