using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Descends the sum of the losses' logarithms, so that no unit of a loss matters.</summary>
/// <remarks>
/// The weight of a loss is its inverse: what uncertainty weighting of regressions and IMTL-L come to once their scales are learned.
/// Discussed as the logarithm transformation in Navon et al. 2022, <i>Multi-Task Learning as a Bargaining Game</i>, section 5.
/// </remarks>
[Method(
    "scale-invariant",
    Survey = "3.1",
    Paper = "Navon et al. 2022, Multi-Task Learning as a Bargaining Game",
    Arxiv = "2202.01017",
    Summary = "Descends the sum of the losses' logarithms."
)]
public sealed class ScaleInvariant : LossWeighting
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A loss is below 0.</exception>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return losses.Logarithms();
    }
}
