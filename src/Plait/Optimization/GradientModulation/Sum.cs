using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Adds the task gradients: one backward pass of the summed loss, and nothing more.</summary>
[Method(
    "sum",
    Survey = "3.4",
    Paper = "Caruana 1997, Multitask Learning",
    Summary = "Adds the task gradients: joint training as usual."
)]
[Updates(UpdateProperties.Symmetric | UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class Sum : GradientAggregator
{
    /// <inheritdoc/>
    public override bool NeedsTaskGradients => false;

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        var weights = new double[gradients.Count];
        Array.Fill(weights, 1);
        return gradients.Combine(weights);
    }
}
