using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Optimization.Regularization;

/// <summary>Where inputs are to be left out.</summary>
public enum SparseWeights
{
    /// <summary>In the private weights: a feature is left out by all tasks together.</summary>
    Private,

    /// <summary>In the first shared weights: an input is left out by the whole network.</summary>
    FirstShared,
}

/// <summary>Leaves inputs out for all tasks together, those that matter to none.</summary>
/// <remarks>
/// Obozinski, Taskar and Jordan 2010, <i>Joint covariate selection and joint subspace selection for multiple classification problems</i>,
/// equation 2, the ℓ2,1 norm: the sum over inputs of the length of all weights that read it, whatever task they belong to. A length,
/// unlike its square, pulls as strongly near zero as far from it. At zero the gradient is taken as zero, the shortest
/// subgradient, so gradient steps bring a useless input's weights to within a step of zero and not to the bit.
/// </remarks>
[Method(
    "group-sparsity",
    Survey = "3.2",
    Paper = "Obozinski, Taskar and Jordan 2010, Joint covariate selection and joint subspace selection for multiple classification problems",
    Summary = "Leaves inputs out for all tasks together, those that matter to none."
)]
public sealed class GroupSparsity : Regularizer
{
    private readonly double strength;
    private readonly SparseWeights of;

    /// <summary>Sets strength and place.</summary>
    /// <param name="strength">Times the sum of lengths; 0 or more.</param>
    /// <param name="of">Which weights.</param>
    public GroupSparsity(double strength = 1e-3, SparseWeights of = SparseWeights.Private)
    {
        this.strength = Strength.Require(strength);
        this.of = of;
    }

    /// <inheritdoc/>
    public override void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (of == SparseWeights.Private)
        {
            CorrespondingParameters.Require(network, LayersOf(network), "make sparse");
        }
        else if (!LayersOf(network).Any())
        {
            throw new NotSupportedException(
                $"{network.GetName()} has no shared weights that read an input; use group-sparsity:of=private, or an architecture with a shared part."
            );
        }
    }

    /// <inheritdoc/>
    public override Tensor Penalty(MultiTaskNetwork network, StepContext step)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = torch.NewDisposeScope();
        var norms = LayersOf(network)
            .Select(layer => torch.cat([.. layer.Select(weight => weight.transpose(0, 1).flatten(1))], 1)) // [inputs, all that read them]
            .Select(rows => rows.mul(Directions(rows)).sum())
            .ToArray();
        return torch.stack(norms).sum().mul(strength).MoveToOuterDisposeScope();
    }

    /// <summary>Each row by its length, zero for a row of zeros: the inner product with the rows is the sum of their lengths.</summary>
    private static Tensor Directions(Tensor rows)
    {
        using var noGrad = torch.no_grad();
        var largest = rows.detach().abs().amax([1L], keepdim: true);
        var scaled = rows.detach().div(torch.where(largest.gt(0), largest, torch.ones_like(largest)));
        var lengths = scaled.square().sum([1L], keepdim: true).sqrt();
        return scaled.div(torch.where(largest.gt(0), lengths, torch.ones_like(lengths)));
    }

    private IEnumerable<Parameter[]> LayersOf(MultiTaskNetwork network) =>
        of == SparseWeights.Private
            ? CorrespondingParameters.ReadersOf(network)
            : network
                .SharedParameters.Where(parameter => parameter.requires_grad && parameter.dim() >= 2)
                .Take(1)
                .Select(first => (Parameter[])[first]);
}
