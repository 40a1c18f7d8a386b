using Plait.Catalogue;

namespace Plait.Relationships.Transfer;

/// <summary>Networks are alike that look at the same numbers of an input and find the same pairs of inputs alike.</summary>
/// <remarks>
/// Song et al. 2020, section 3.2: a network becomes a graph of the probes. A node is a probe's attribution map, gradient times input;
/// an edge is the cosine of two probes' features. The similarity of two graphs is the mean cosine of their nodes plus lambda
/// times Spearman's correlation of their edges. Nodes live in the space of the inputs and edges are ranked, so any stage of one
/// network can be compared with any of another: that is how the paper chooses the layer to transfer.
/// </remarks>
[Method(
    "depara",
    Survey = "4.2",
    Paper = "Song et al. 2020, DEPARA: Deep Attribution Graph for Deep Knowledge Transferability",
    Arxiv = "2003.07496",
    Summary = "Similarity of graphs over the inputs: nodes are attribution maps, edges similarities of features."
)]
public sealed class Depara : NetworkSimilarity
{
    private readonly double lambda;

    /// <summary>Sets the options.</summary>
    /// <param name="lambda">What edges count beside nodes, 0 or more.</param>
    /// <param name="images">How many of the probes are used, the first ones; 1,000 in the paper, 3 or more.</param>
    /// <param name="stage">The encoder's stage that is looked at, from 0; the last when null.</param>
    public Depara(double lambda = 1, int images = 1000, int? stage = null)
        : base(images, stage)
    {
        if (!(lambda >= 0) || double.IsInfinity(lambda))
        {
            throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "Lambda is a number from 0 up.");
        }

        this.lambda = lambda;
    }

    /// <summary>How alike each stage of a source network is to a target network: the best one is the layer to transfer.</summary>
    /// <param name="source">A network that was trained well on another task.</param>
    /// <param name="target">A network that was trained on the target task, on the few data there are; seen at the chosen stage.</param>
    /// <param name="probes">As in <see cref="NetworkSimilarity.Of"/>.</param>
    /// <returns>One a stage of the source, from its input up; greater is better.</returns>
    public IReadOnlyList<double> OfStages(ProbedNetwork source, ProbedNetwork target, Tensor probes)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = torch.NewDisposeScope();
        var rows = Choose(probes);
        var wanted = Graph(target, rows, Stage);
        return
        [
            .. Enumerable
                .Range(0, source.Stages.Count)
                .Select(stage =>
                {
                    using var inner = torch.NewDisposeScope();
                    return Graph(source, rows, stage).dot(wanted).ToDouble();
                }),
        ];
    }

    /// <inheritdoc/>
    protected override Tensor Signature(ProbedNetwork network, Tensor probes)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(probes);
        return Graph(network, probes, Stage);
    }

    private Tensor Graph(ProbedNetwork network, Tensor probes, int? stage)
    {
        using var scope = torch.NewDisposeScope();
        var nodes = AttributionMaps.Of(network, probes, stage, Attribution.GradientInput, epsilon: 0);
        var unit = RowGeometry.UnitRows(Features(network, probes, stage));
        var edges = RowGeometry.PairRanks(unit.mm(unit.t()), network.Task);
        return torch.cat([nodes, edges.mul(torch.tensor(Math.Sqrt(lambda)))], 0).MoveToOuterDisposeScope();
    }
}
