using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Averages the task gradients, at the cost of one backward pass.</summary>
[Method("mean", Survey = "3.4", Paper = "Caruana 1997, Multitask Learning", Summary = "Averages the task gradients.")]
[Updates(UpdateProperties.Symmetric | UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class Mean : GradientAggregator
{
    /// <inheritdoc/>
    public override bool NeedsTaskGradients => false;

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        var weights = new double[gradients.Count];
        Array.Fill(weights, 1.0 / gradients.Count);
        return gradients.Combine(weights);
    }
}
