using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Uncertainty weighting whose regularizer never falls below 0.</summary>
/// <remarks>
/// Liebel and Körner 2018, <i>Auxiliary Tasks in Multi-task Learning</i>, equation 5: the term of a task is L / (2c²) + log(1 + c²)
/// with a learned c that starts at 1. For a loss that stays, c² tends to (L + √(L² + 8L)) / 4.
/// </remarks>
[Method(
    "revised-uncertainty",
    Survey = "3.1",
    Paper = "Liebel and Körner 2018, Auxiliary Tasks in Multi-task Learning",
    Arxiv = "1805.06334",
    Summary = "Learns each task's noise with a regularizer that stays positive."
)]
public sealed class RevisedUncertainty() : LearnedScaleWeighting("deviations", start: 1)
{
    /// <inheritdoc/>
    protected override Tensor Weigh(TaskLosses losses, Tensor scales)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var variance = scales.square();
        return losses.Values.div(variance.mul(2)).add(variance.log1p());
    }
}
