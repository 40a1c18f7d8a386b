using Plait.Catalogue;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Adds the task gradients with weights drawn anew in each step, at the cost of one backward pass.</summary>
/// <remarks>
/// Lin et al. 2022, <i>Reasonable Effectiveness of Random Weighting</i>, section 3, on the shared parameters alone. The weights have
/// the sum 1. A baseline that other methods should beat.
/// </remarks>
/// <param name="distribution">Where the weights come from.</param>
[Method(
    "random",
    Survey = "3.4",
    Paper = "Lin et al. 2022, Reasonable Effectiveness of Random Weighting: A Litmus Test for Multi-Task Learning",
    Arxiv = "2111.10603",
    Summary = "Adds the task gradients with weights drawn anew in each step."
)]
[Updates(UpdateProperties.Homogeneous | UpdateProperties.IdentityForOne)]
public sealed class RandomWeights(WeightDistribution distribution = WeightDistribution.Normal) : GradientAggregator
{
    /// <inheritdoc/>
    public override bool NeedsTaskGradients => false;

    /// <inheritdoc/>
    public override Tensor Aggregate(TaskGradients gradients, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        ArgumentNullException.ThrowIfNull(step);
        var weights = new double[gradients.Count];
        RandomLossWeighting.Draw(distribution, weights, step.Random());
        var sum = weights.Sum();
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] /= sum;
        }

        return gradients.Combine(weights);
    }
}
