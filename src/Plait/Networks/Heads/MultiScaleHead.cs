using Plait.Catalogue;
using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Heads;

/// <summary>A 1 x 1 convolution with batch normalisation and ReLU over concatenated scales, a 1 x 1 convolution to the output, and bilinear enlargement.</summary>
/// <remarks>
/// Wang et al. 2020, section 3.3, HRNetV2 (figure 4b). The first convolution has no bias, which its normalisation would take away.
/// </remarks>
[Method(
    "multi-scale",
    Survey = "2.1",
    Paper = "Wang et al. 2020, Deep High-Resolution Representation Learning for Visual Recognition",
    Arxiv = "1908.07919",
    Summary = "Dense head of two 1 x 1 convolutions, for an encoder that ends in all of its scales."
)]
public sealed class MultiScaleHead : DenseHead
{
    private readonly int? hidden;

    /// <summary>Sets the width.</summary>
    /// <param name="width">Channels between the two convolutions; as many as the features have when null, as in the paper.</param>
    public MultiScaleHead(int? width = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width ?? 1, nameof(width));
        hidden = width;
    }

    /// <inheritdoc/>
    public override Module<Tensor, Tensor> Build(int outputs, IReadOnlyList<long> features, long height, long width)
    {
        ArgumentNullException.ThrowIfNull(features);
        var between = hidden ?? features[0];
        return Sequential(
            ConvolutionUnits.Plain.Unit(new(features[0], between, 1)),
            ReLU(),
            Conv2d(between, outputs, 1),
            new Enlargement(height, width)
        );
    }
}
