using Plait.Catalogue;

namespace Plait.Relationships.Transfer;

/// <summary>Networks are alike that look at the same numbers of an input.</summary>
/// <remarks>
/// Song et al. 2019, <i>Deep Model Transferability from Attribution Maps</i>, section 3.3: the mean over the probes of the cosine of the
/// two networks' attribution maps of the sum of the features; the paper's distance is its inverse, N / sum of cosines. A map
/// that is all zeros has cosine 0 with every other. The maps of one probe take as much memory as the probe in double precision.
/// </remarks>
[Method(
    "attribution",
    Survey = "4.2",
    Paper = "Song et al. 2019, Deep Model Transferability from Attribution Maps",
    Arxiv = "1909.11902",
    Summary = "Mean cosine of the attribution maps of single-task networks: saliency, gradient times input, or relevance."
)]
public sealed class AttributionSimilarity : NetworkSimilarity
{
    private readonly Attribution by;
    private readonly double epsilon;

    /// <summary>Sets the options.</summary>
    /// <param name="by">How the maps are made.</param>
    /// <param name="images">How many of the probes are used, the first ones; 1,000 in the paper, 3 or more.</param>
    /// <param name="stage">The encoder's stage whose features are explained, from 0; the last when null.</param>
    /// <param name="epsilon">The stabiliser of relevance propagation, above 0.</param>
    public AttributionSimilarity(
        Attribution by = Attribution.Saliency,
        int images = 1000,
        int? stage = null,
        double epsilon = 1e-4
    )
        : base(images, stage)
    {
        if (!(epsilon > 0) || double.IsInfinity(epsilon))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "The stabiliser is a number above 0.");
        }

        this.by = by;
        this.epsilon = epsilon;
    }

    /// <inheritdoc/>
    protected override Tensor Signature(ProbedNetwork network, Tensor probes)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(probes);
        return AttributionMaps.Of(network, probes, Stage, by, epsilon);
    }
}
