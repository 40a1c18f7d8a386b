using Plait.Catalogue;
using Plait.Networks;
using Plait.Networks.Conditional;
using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Weighs each loss by how much its task matters: as given, or as a network for the whole Pareto front is being asked.</summary>
/// <remarks>
/// Linear scalarisation, sum of r_t L_t with shares r of sum 1. Its minima lie on the convex part of the front only. With
/// the hypernetwork <c>phn</c> it is PHN-LS (Navon et al. 2021, section 4.1).
/// </remarks>
[Method(
    "preference",
    Survey = "3.6",
    Paper = "Navon, Shamsian, Chechik and Fetaya 2021, Learning the Pareto Front with Hypernetworks",
    Arxiv = "2010.04104",
    Summary = "Weighs each loss by the preference over the tasks, the network's own where it has one.",
    Example = "preference=1/2/3"
)]
public sealed class PreferenceWeights : LossWeighting
{
    private readonly Preference preference;

    /// <summary>Sets the preference.</summary>
    /// <param name="preference">One number of 0 or more for each task, not all 0; null follows the network.</param>
    /// <exception cref="ArgumentException">A number is negative or not finite, or all are 0.</exception>
    public PreferenceWeights(double[]? preference = null) => this.preference = new Preference(preference);

    /// <inheritdoc/>
    public override void Begin(TaskSet tasks, Device device)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        preference.Require(tasks.Count);
    }

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network)
    {
        preference.Begin(network);
        if (!preference.IsGiven && network is not PreferenceNetwork)
        {
            throw new NotSupportedException(
                $"The weighting 'preference' needs a preference, such as preference:preference=0.3/0.7, or a network that is asked with one, such as phn; {network.GetName()} is not."
            );
        }
    }

    /// <inheritdoc/>
    public override Tensor Weigh(TaskLosses losses, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return losses.Values.mul(SharesOf(preference, losses));
    }

    /// <summary>The shares of the tasks that have a loss, as a tensor beside the losses.</summary>
    internal static Tensor SharesOf(Preference preference, TaskLosses losses)
    {
        var shares = new double[losses.Count];
        preference.Fill(losses.Tasks.Indices, shares);
        return torch.tensor(shares, dtype: losses.Values.dtype, device: losses.Values.device);
    }
}
