using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Takes the direction that makes the same angle with every task gradient, as long as their projections on it together.</summary>
/// <remarks>
/// <para>Liu, Chu and Thuerey 2025, <i>ConFIG: Towards Conflict-free Training of Physics Informed Neural Networks</i>, equations 2 and
/// 3. With U the gradients at unit length the direction is that of U⁺1 = U'C⁺1, C their Gramian, so the whole method lives in
/// the T x T Gramian; the length is Σ_t of the projection of gradient t on it.</para>
/// <para>Dependent gradients may have no such direction: then the one nearest to it in the sense of least squares is taken, and
/// nothing moves where the gradients have no common direction at all. A task whose gradient is zero takes no part.</para>
/// </remarks>
/// <param name="at">Where the gradients are taken: at the parameters as in the paper, or at the shared representation.</param>
[Method(
    "config",
    Survey = "3.4",
    Paper = "Liu, Chu and Thuerey 2025, ConFIG: Towards Conflict-free Training of Physics Informed Neural Networks",
    Arxiv = "2408.11104",
    Summary = "Takes the direction with the same angle to every task gradient, as long as the projections on it together."
)]
[Updates(UpdateProperties.Symmetric | UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class ConFig(GradientLocation at = GradientLocation.Parameters) : GramianAggregator(at)
{
    /// <inheritdoc/>
    public override double Residual(GramianView gramian, ReadOnlySpan<double> weights)
    {
        // The direction, and the length: that of the update squared is the sum of its products with the gradients.
        var (square, projections, size) = (0.0, 0.0, 0.0);
        for (var i = 0; i < gramian.Count; i++)
        {
            var row = gramian.Row(i);
            for (var j = 0; j < gramian.Count; j++)
            {
                var term = row[j] * weights[j];
                projections += term;
                square += weights[i] * term;
                size += Math.Abs(term) * (1 + Math.Abs(weights[i]));
            }
        }

        var length = size > 0 ? Math.Abs(square - projections) / size : 0;
        return Math.Max(length, EqualProjections.Residual(gramian.Values, weights));
    }

    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        var square = EqualProjections.Solve(gramian.Values, weights, gramian.Rounding);
        if (square == 0)
        {
            return;
        }

        var projections = 0.0; // of the gradients on U⁺1, whose squared length is the other number
        for (var i = 0; i < weights.Length; i++)
        {
            projections += Vectors.Dot(gramian.Row(i), weights);
        }

        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] *= projections / square;
        }
    }
}
