using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>The plain sum of the losses: the baseline of everything else.</summary>
/// <remarks>
/// Kurin et al. 2022, <i>In defense of the unitary scalarization for deep multi-task learning</i>, shows how hard it is to
/// beat when it is tuned as carefully as what it is compared with.
/// </remarks>
[Method("equal", Survey = "3.1", Paper = "Caruana 1997, Multitask Learning", Summary = "Every loss counts once.")]
public sealed class Equal : LossWeighting
{
    /// <inheritdoc/>
    public override bool DependsOnLosses => false;

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return losses.Values;
    }
}
