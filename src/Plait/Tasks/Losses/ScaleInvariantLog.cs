using static TorchSharp.torch.nn;

namespace Plait.Tasks.Losses;

/// <summary>Squared error of the logarithm of depth, less a share of what a wrong scale of the whole image costs.</summary>
/// <remarks>
/// Eigen et al. 2014, <i>Depth Map Prediction from a Single Image Using a Multi-Scale Deep Network</i>, equation 4: the mean of d²
/// less λ times the square of the mean of d, for d = log output - log target of one image; images count by their present
/// pixels, or by what these weigh. Where a depth is below <c>least</c> the logarithm goes on as its tangent, so that an output of 0 or below, of which
/// there is no logarithm, still learns. The loss may rest on a scale only; it is 0 for an exact output and never negative.
/// </remarks>
public sealed class ScaleInvariantLog : TaskLoss
{
    private readonly double forgiven;
    private readonly double least;

    /// <summary>Sets the options.</summary>
    /// <param name="forgiven">λ, from 0 (none of the scale's cost) to 1 (all of it); the paper's is 0.5.</param>
    /// <param name="least">The depth below which the logarithm goes on as a line, in the targets' unit; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is outside its range.</exception>
    public ScaleInvariantLog(double forgiven = 0.5, double least = 0.1)
    {
        if (!(forgiven is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(forgiven), forgiven, "The forgiven share lies from 0 to 1.");
        }

        if (!(least > 0) || double.IsInfinity(least))
        {
            throw new ArgumentOutOfRangeException(nameof(least), least, "The least depth is a finite number above 0.");
        }

        this.forgiven = forgiven;
        this.least = least;
    }

    /// <inheritdoc/>
    public override string Name => "scale-invariant-log";

    /// <inheritdoc/>
    public override OutputMeaning? Trains => OutputMeaning.Numbers;

    /// <inheritdoc/>
    public override Tensor Compute(Tensor output, TaskTarget target)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(target);
        var values = MatchType(target.Values, output);
        var difference = Difference(TargetShapes.Align(output, values), values);
        return Pixels(difference, target.Factors is { } factors ? ByRow(factors) : null).sum().div(target.Divisor);
    }

    /// <inheritdoc/>
    protected override Tensor Cost(Tensor output, Tensor target, Reduction reduction)
    {
        var pixels = Pixels(Difference(output, target), null);
        return reduction == Reduction.Mean ? pixels.mean() : pixels.view(target.shape);
    }

    /// <summary>Differences of logarithms, [rows, pixels].</summary>
    private Tensor Difference(Tensor output, Tensor target) => ByRow(Logarithm(output).sub(Logarithm(target)));

    /// <summary>w (d² - λ d (mean of d over the image)), whose sum over an image is its share of the loss, [rows, pixels].</summary>
    private Tensor Pixels(Tensor difference, Tensor? weights)
    {
        if (weights is null)
        {
            var plain = difference.sum(1L, keepdim: true).div(Math.Max(1, difference.shape[1]));
            return difference.mul(difference.sub(plain.mul(forgiven)));
        }

        var total = weights.sum(1L, keepdim: true);
        var weighted = difference.mul(weights);
        var mean = weighted.sum(1L, keepdim: true).div(total.add(total.eq(0)));
        return weighted.mul(difference.sub(mean.mul(forgiven)));
    }

    private Tensor Logarithm(Tensor depth) =>
        torch.where(depth.ge(least), depth.clamp_min(least).log(), depth.div(least).add(Math.Log(least) - 1));

    private static Tensor ByRow(Tensor tensor) =>
        tensor.numel() == 0 ? tensor.reshape(tensor.shape[0], 0) : tensor.reshape(tensor.shape[0], -1);
}
