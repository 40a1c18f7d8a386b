using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Learns for each task a scale under which all losses are alike.</summary>
/// <remarks>
/// Liu et al. 2021, <i>Towards Impartial Multi-task Learning</i>, equation 8: the term of a task is e^s L - s with a learned s that
/// starts at 0. Its minimum is s = -log L, where every scaled loss is 1. With the aggregator IMTL-G it is the whole of IMTL.
/// </remarks>
[Method(
    "imtl-l",
    Survey = "3.1",
    Paper = "Liu et al. 2021, Towards Impartial Multi-task Learning",
    Summary = "Learns scales under which all losses are alike."
)]
public sealed class ImtlL() : LearnedScaleWeighting("log-scales", start: 0)
{
    /// <inheritdoc/>
    protected override Tensor Weigh(TaskLosses losses, Tensor scales)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return scales.exp().mul(losses.Values).sub(scales);
    }
}
