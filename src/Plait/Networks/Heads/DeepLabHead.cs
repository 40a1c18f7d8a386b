using Plait.Catalogue;
using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Heads;

/// <summary>Convolutions of several dilations side by side, which see the map at several scales, then two convolutions, and bilinear enlargement.</summary>
/// <remarks>
/// Chen et al. 2017, <i>Rethinking Atrous Convolution for Semantic Image Segmentation</i>, section 3.3, in torchvision's layout. The rates are the
/// paper's for an output stride of 16; for 8 they are doubled (rates=12-24-36).
/// </remarks>
[Method(
    "deeplab",
    Survey = "2.1",
    Paper = "Chen et al. 2017, Rethinking Atrous Convolution for Semantic Image Segmentation",
    Arxiv = "1706.05587",
    Summary = "Dense head of parallel dilated convolutions and image pooling."
)]
public sealed class DeepLabHead : DenseHead
{
    private readonly int width;
    private readonly int[] rates;
    private readonly double dropout;

    /// <summary>Sets the sizes.</summary>
    /// <param name="width">Channels of each branch and after them.</param>
    /// <param name="rates">The dilation of each 3 x 3 branch: 6, 12 and 18 when null.</param>
    /// <param name="dropout">The share of the joined features that is dropped in training, from 0 to below 1.</param>
    /// <exception cref="ArgumentException">A number is out of range, or there is no rate.</exception>
    public DeepLabHead(int width = 256, int[]? rates = null, double dropout = 0.5)
    {
        AtrousPyramid.Check(width, rates ?? [6, 12, 18], dropout);
        (this.width, this.rates, this.dropout) = (width, rates ?? [6, 12, 18], dropout);
    }

    /// <inheritdoc/>
    public override Module<Tensor, Tensor> Build(int outputs, IReadOnlyList<long> features, long height, long width)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Sequential(
            new AtrousPyramid(features[0], this.width, rates, dropout),
            ConvolutionUnits.Plain.Unit(new(this.width, this.width, 3)),
            ReLU(),
            Conv2d(this.width, outputs, 1),
            new Enlargement(height, width)
        );
    }
}
