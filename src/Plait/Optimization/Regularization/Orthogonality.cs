using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization.Regularization;

/// <summary>What is to look at different things.</summary>
public enum OrthogonalWeights
{
    /// <summary>Private layers and the shared layers beside them.</summary>
    PrivateAndShared,

    /// <summary>The private layers of different tasks.</summary>
    Tasks,
}

/// <summary>Makes layers that read the same input look at different directions of it, so that none repeats what another sees.</summary>
/// <remarks>
/// <para>Ruder et al. 2019, <i>Latent Multi-task Architecture Learning</i>, as Bousmalis et al. 2016, <i>Domain Separation
/// Networks</i>, have it for activations: the squared Frobenius norm of G₁ G₂ᵀ, with a row of G for each unit. It is zero where every unit of
/// one layer is orthogonal to every unit of the other. The code of Ruder et al. takes W₁ᵀ W₂ of the upper and the lower half of a weight's
/// rows instead.</para>
/// <para>Which layers lie beside each other only the architecture knows, and says as <see cref="IParallelLayers"/>; places in the
/// network do not tell, since a head and the trunk's last layer may be equally wide and yet read different things. Between tasks (Romera-Paredes et al.
/// 2012, <i>Exploiting Unrelated Tasks in Multi-Task Learning</i>) private weights at the same place are taken.</para>
/// </remarks>
[Method(
    "orthogonality",
    Survey = "3.2",
    Paper = "Ruder et al. 2019, Latent Multi-task Architecture Learning",
    Arxiv = "1705.08142",
    Summary = "Makes layers that read the same input look at different directions of it."
)]
public sealed class Orthogonality : Regularizer
{
    private readonly double strength;
    private readonly OrthogonalWeights between;

    /// <summary>Sets the strength and what is to differ.</summary>
    /// <param name="strength">Times the sum of squared inner products; 0 or more.</param>
    /// <param name="between">What is to look at different things.</param>
    public Orthogonality(double strength = 0.01, OrthogonalWeights between = OrthogonalWeights.PrivateAndShared)
    {
        this.strength = Strength.Require(strength);
        this.between = between;
    }

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = torch.NewDisposeScope();
        if (Pairs(network).Any())
        {
            return;
        }

        throw new NotSupportedException(
            between == OrthogonalWeights.PrivateAndShared
                ? $"{network.GetName()} has no private layers beside shared ones that read the same input and learn; use an architecture with shared and private spaces, or orthogonality:between=tasks."
                : $"The tasks of {network.GetName()} have no private weights that correspond, so there is nothing to make orthogonal; use an architecture with one network a task, and two tasks or more."
        );
    }

    /// <inheritdoc/>
    public override Tensor Penalty(MultiTaskNetwork network, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = torch.NewDisposeScope();
        var overlaps = Pairs(network).Select(pair => pair.One.mm(pair.Other.t()).square().sum()).ToArray();
        return torch.stack(overlaps).sum().mul(strength).MoveToOuterDisposeScope();
    }

    /// <summary>Two matrices each, [units, numbers that a unit reads], of which one learns at least.</summary>
    private IEnumerable<(Tensor One, Tensor Other)> Pairs(MultiTaskNetwork network)
    {
        if (between == OrthogonalWeights.PrivateAndShared)
        {
            return network is IParallelLayers parallel
                ? parallel
                    .ParallelWeights.Where(pair => pair.Shared.requires_grad || pair.Private.requires_grad)
                    .Select(pair => (pair.Shared.flatten(1), pair.Private.flatten(1)))
                : [];
        }

        return from weights in CorrespondingParameters.WeightsOf(network)
            from first in Enumerable.Range(0, weights.Length)
            from second in Enumerable.Range(first + 1, weights.Length - first - 1)
            select (weights[first].flatten(1), weights[second].flatten(1));
    }
}
