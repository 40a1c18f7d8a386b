using Plait.Catalogue;
using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Heads;

/// <summary>A 3 x 3 convolution with batch normalisation and ReLU, a 1 x 1 convolution to the output, and bilinear enlargement.</summary>
/// <remarks>Long et al. 2015, <i>Fully Convolutional Networks for Semantic Segmentation</i>, in its simplest form.</remarks>
[Method(
    "conv",
    Survey = "2.1",
    Paper = "Long et al. 2015, Fully Convolutional Networks for Semantic Segmentation",
    Arxiv = "1411.4038",
    Summary = "Dense head of two convolutions."
)]
public sealed class ConvolutionHead : DenseHead
{
    private readonly int hidden;

    /// <summary>Sets the width.</summary>
    /// <param name="width">Channels between the two convolutions.</param>
    public ConvolutionHead(int width = 32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        hidden = width;
    }

    /// <inheritdoc/>
    public override Module<Tensor, Tensor> Build(int outputs, IReadOnlyList<long> features, long height, long width)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Sequential(
            ConvolutionUnits.Plain.Unit(new(features[0], hidden, 3)),
            ReLU(),
            Conv2d(hidden, outputs, 1),
            new Enlargement(height, width)
        );
    }
}
