using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Takes the affine combination of the task gradients whose projections on all of their directions are equal.</summary>
/// <remarks>
/// <para>Liu et al. 2021, <i>Towards Impartial Multi-Task Learning</i>, section 3.1 (IMTL-G). With the gradients at unit length, C
/// their Gramian, equal projections mean Cβ = c1, so β is proportional to C⁺1 and the weights, β_t over the length of
/// gradient t, are scaled to the sum 1 of the paper. Weights may be negative, and where their sum before scaling is so is the
/// common projection.</para>
/// <para>Dependent gradients have many such combinations, or only a nearest one: the one of least norm at unit length is taken. Where the
/// gradients have no common direction at all, or the affine combination would be infinitely long, all weights are 0. A
/// task whose gradient is zero takes no part.</para>
/// </remarks>
/// <param name="at">Where the gradients are taken: at the parameters, or at the shared representation as in the paper's experiments.</param>
[Method(
    "imtl-g",
    Survey = "3.4",
    Paper = "Liu et al. 2021, Towards Impartial Multi-Task Learning",
    Summary = "Combines the task gradients so that the update has the same projection on the direction of each."
)]
[Updates(UpdateProperties.Symmetric | UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class ImtlG(GradientLocation at = GradientLocation.Parameters) : GramianAggregator(at)
{
    /// <inheritdoc/>
    public override double Residual(GramianView gramian, ReadOnlySpan<double> weights) =>
        EqualProjections.Residual(gramian.Values, weights);

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        EqualProjections.Solve(gramian.Values, weights, gramian.Rounding);
        var (sum, size) = (0.0, 0.0);
        foreach (var weight in weights)
        {
            sum += weight;
            size += Math.Abs(weight);
        }

        if (Math.Abs(sum) <= weights.Length * gramian.Rounding * size)
        {
            weights.Clear();
            return;
        }

        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] /= sum;
        }
    }
}
