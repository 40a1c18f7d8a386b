using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Relationships.Transfer;

/// <summary>How alike networks are that each learned one task, seen by what they make of the same probe inputs.</summary>
/// <remarks>
/// Every measure here turns a network into one long vector, its signature, such that the similarity of two networks is the inner
/// product of their signatures: a measure of its own writes that vector and nothing else. Probes need no labels.
/// </remarks>
[MethodKind(MethodKind.Relationship)]
public abstract class NetworkSimilarity
{
    private readonly int images;

    /// <summary>Sets what is looked at.</summary>
    /// <param name="images">How many of the probes are used, the first ones; 3 or more.</param>
    /// <param name="stage">The encoder's stage whose features are compared, from 0; the last when null.</param>
    protected NetworkSimilarity(int images, int? stage)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, FewestProbes);
        ArgumentOutOfRangeException.ThrowIfNegative(stage ?? 0, nameof(stage));
        this.images = images;
        Stage = stage;
    }

    /// <summary>With fewer there are no two pairs of probes to rank.</summary>
    private static int FewestProbes => 3;

    /// <summary>The encoder's stage whose features are compared, from 0; the last when null.</summary>
    protected int? Stage { get; }

    /// <summary>Compares every two networks. They stay as they are.</summary>
    /// <param name="networks">One a task; all read the same kind of input.</param>
    /// <param name="probes">[rows, ...]: inputs, prepared as in training, from any domain; 3 rows or more.</param>
    /// <returns>Symmetric; greater is more alike.</returns>
    /// <exception cref="ArgumentException">
    /// There are too few probes, two networks are of one task, or a network's features are the same for all probes.
    /// </exception>
    /// <exception cref="NotSupportedException">The measure does not know a layer of a network.</exception>
    public AffinityMatrix Of(IReadOnlyList<ProbedNetwork> networks, Tensor probes)
    {
        ArgumentNullException.ThrowIfNull(networks);
        using var scope = torch.NewDisposeScope();
        var rows = Choose(probes);
        Tensor[] signatures = [.. networks.Select(network => Signature(network, rows))];
        var values = new double[networks.Count * networks.Count];
        for (var i = 0; i < networks.Count; i++)
        {
            for (var j = i; j < networks.Count; j++)
            {
                using var product = signatures[i].dot(signatures[j]);
                values[(i * networks.Count) + j] = values[(j * networks.Count) + i] = product.ToDouble();
            }
        }

        return new AffinityMatrix([.. networks.Select(network => network.Task)], values);
    }

    /// <summary>What a network makes of the probes, such that the similarity of two networks is the inner product.</summary>
    /// <param name="network">The network.</param>
    /// <param name="probes">[rows, ...].</param>
    /// <returns>A vector of type Float64 on the CPU, of the same length for all networks.</returns>
    protected abstract Tensor Signature(ProbedNetwork network, Tensor probes);

    /// <summary>The probes that are used, checked.</summary>
    private protected Tensor Choose(Tensor probes)
    {
        ArgumentNullException.ThrowIfNull(probes);
        return probes.dim() >= 2 && probes.size(0) >= FewestProbes
            ? probes.narrow(0, 0, Math.Min(images, probes.size(0)))
            : throw new ArgumentException(
                $"Networks are compared by {FewestProbes} probes or more, [rows, ...]; got a tensor of shape {TargetShapes.Text(probes.shape)}.",
                nameof(probes)
            );
    }

    /// <summary>The features of the probes at a stage, [rows, width], of type Float64.</summary>
    private protected static Tensor Features(ProbedNetwork network, Tensor probes, int? stage)
    {
        using var noGrad = torch.no_grad();
        return network.Look(probes, rows => network.Features(rows, stage).to(ScalarType.Float64));
    }
}
