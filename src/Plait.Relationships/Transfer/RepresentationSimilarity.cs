using Plait.Catalogue;

namespace Plait.Relationships.Transfer;

/// <summary>Networks are alike that find the same pairs of inputs alike.</summary>
/// <remarks>
/// Dwivedi and Roig 2019, section 3: the dissimilarity of two probes is 1 - Pearson's correlation of their features; the
/// similarity of two networks is Spearman's correlation of what stands below the diagonal of their matrices. Ranks do not ask for
/// features of one width, nor for units on one scale. A probe whose features are all equal correlates with none.
/// </remarks>
/// <param name="images">How many of the probes are used, the first ones; 500 in the paper, 3 or more.</param>
/// <param name="stage">The encoder's stage whose features are compared, from 0; the last when null.</param>
[Method(
    "rsa",
    Survey = "4.2",
    Paper = "Dwivedi and Roig 2019, Representation Similarity Analysis for Efficient Task Taxonomy & Transfer Learning",
    Arxiv = "1904.11740",
    Summary = "Rank correlation of which pairs of inputs two single-task networks find alike."
)]
public sealed class RepresentationSimilarity(int images = 500, int? stage = null) : NetworkSimilarity(images, stage)
{
    /// <inheritdoc/>
    protected override Tensor Signature(ProbedNetwork network, Tensor probes)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = torch.NewDisposeScope();
        var features = Features(network, probes, Stage);
        var unit = RowGeometry.UnitRows(features.sub(features.mean([1L], keepdim: true)));
        var dissimilarity = unit.mm(unit.t()).neg(); // [probes, probes], less the 1 that ranks do not see
        return RowGeometry.PairRanks(dissimilarity, network.Task).MoveToOuterDisposeScope();
    }
}
