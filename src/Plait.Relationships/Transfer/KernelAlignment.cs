using Plait.Catalogue;

namespace Plait.Relationships.Transfer;

/// <summary>Networks are alike whose features have the same inner products.</summary>
/// <remarks>
/// Kornblith et al. 2019, equation 3 with the linear kernel: |Y'X|² / (|X'X| |Y'Y|) of centred features, with Frobenius norms,
/// which is the cosine of the two Gram matrices XX' and YY'. It does not change when features are rotated or scaled as a whole.
/// </remarks>
/// <param name="images">How many of the probes are used, the first ones; 3 or more.</param>
/// <param name="stage">The encoder's stage whose features are compared, from 0; the last when null.</param>
[Method(
    "cka",
    Survey = "4.2",
    Paper = "Kornblith et al. 2019, Similarity of Neural Network Representations Revisited",
    Arxiv = "1905.00414",
    Summary = "Linear centred kernel alignment of the features of single-task networks."
)]
public sealed class KernelAlignment(int images = 500, int? stage = null) : NetworkSimilarity(images, stage)
{
    /// <inheritdoc/>
    protected override Tensor Signature(ProbedNetwork network, Tensor probes)
    {
        ArgumentNullException.ThrowIfNull(network);
        using var scope = torch.NewDisposeScope();
        var features = Features(network, probes, Stage);
        var centred = features.sub(features.mean([0L], keepdim: true));
        var gram = centred.mm(centred.t()).flatten(); // [probes x probes]
        var length = gram.square().sum().sqrt();
        return length.ToDouble() > 0
            ? gram.div(length).MoveToOuterDisposeScope()
            : throw new ArgumentException(
                $"The network of '{network.Task}' has the same features for all probes. Train it longer, or look at an earlier stage."
            );
    }
}
