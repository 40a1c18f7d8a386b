using Plait.Catalogue;
using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Projects each task's gradient onto the normal plane of every other gradient it conflicts with, then adds them up.</summary>
/// <remarks>
/// Yu et al. 2020, <i>Gradient Surgery for Multi-Task Learning</i>, algorithm 1. The projections only ever mix the original
/// gradients, so the whole method lives in their Gramian K: the coefficients of task i start as e_i and lose
/// (c·K_j / K_jj) e_j for every other j, in random order, whose inner product with the mixture is negative.
/// </remarks>
/// <param name="at">Where the gradients are taken: at the parameters as in the paper, or at the shared representation.</param>
[Method(
    "pcgrad",
    Survey = "3.4",
    Paper = "Yu et al. 2020, Gradient Surgery for Multi-Task Learning",
    Arxiv = "2001.06782",
    Summary = "Projects each task gradient off those that it conflicts with, then adds them up."
)]
[Updates(UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class PCGrad(GradientLocation at = GradientLocation.Parameters) : GramianAggregator(at)
{
    /// <inheritdoc/>
    protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var count = gramian.Count;
        var random = step.Random();
        Span<double> mixture = count <= 64 ? stackalloc double[count] : new double[count];
        Span<int> order = count <= 64 ? stackalloc int[count] : new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        weights.Clear();
        for (var i = 0; i < count; i++)
        {
            random.Shuffle(order);
            mixture.Clear();
            mixture[i] = 1;
            foreach (var j in order)
            {
                var product = Vectors.Dot(gramian.Row(j), mixture);
                if (j != i && product < 0 && gramian[j, j] > 0)
                {
                    mixture[j] -= product / gramian[j, j];
                }
            }

            for (var j = 0; j < count; j++)
            {
                weights[j] += mixture[j];
            }
        }
    }
}
