using Plait.Catalogue;
using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Heads;

/// <summary>A 3 x 3 and a 1 x 1 convolution with nothing between them, and bilinear enlargement.</summary>
/// <remarks>The prediction layers of Liu et al. 2019 on a SegNet, whose features have the image's size and need no enlargement.</remarks>
[Method(
    "segnet",
    Survey = "2.1",
    Paper = "Liu et al. 2019, End-to-End Multi-Task Learning with Attention",
    Arxiv = "1803.10704",
    Summary = "Dense head of a 3 x 3 and a 1 x 1 convolution, for an encoder that ends in a map of the image's size."
)]
public sealed class SegNetHead : DenseHead
{
    /// <inheritdoc/>
    public override Module<Tensor, Tensor> Build(int outputs, IReadOnlyList<long> features, long height, long width)
    {
        ArgumentNullException.ThrowIfNull(features);
        var channels = features[0];
        return Sequential(
            Conv2d(channels, channels, 3, padding: 1),
            Conv2d(channels, outputs, 1),
            new Enlargement(height, width)
        );
    }
}
