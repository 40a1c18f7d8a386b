using Plait.Catalogue;

namespace Plait.Networks.Encoders;

/// <summary>The residual network of 34 layers: stages of three, four, six and three basic blocks.</summary>
/// <remarks>He et al. 2016, table 1.</remarks>
[Method(
    "resnet34",
    Survey = "2.1",
    Paper = "He et al. 2016, Deep Residual Learning for Image Recognition",
    Arxiv = "1512.03385",
    Summary = "Residual convolutional encoder of 34 layers, with a stem for large or for small images."
)]
public sealed class ResNet34 : ResidualNetwork
{
    /// <summary>Builds the layers.</summary>
    /// <param name="inputShape">The shape of one image, [channels, height, width].</param>
    /// <param name="stem">How the image enters: reduced four times, twice, or at its own size.</param>
    /// <param name="width">Channels of the first stage, doubled by each of the other three; 64 in the paper.</param>
    /// <param name="outputStride">Pixels of the image for one of the last map, at most; stages beyond dilate. For dense tasks 8 or 16.</param>
    /// <param name="pool">Whether global average pooling closes the network; false for dense tasks.</param>
    /// <param name="excitation">How many times fewer hidden units a squeeze-and-excitation at the end of each block has than channels, 16 in SE-ResNets; 0 for none.</param>
    /// <exception cref="ArgumentException">The shape is not that of an image, the width is not positive, or the stride is impossible.</exception>
    public ResNet34(
        IReadOnlyList<long> inputShape,
        ResNetStem stem = ResNetStem.ImageNet,
        int width = 64,
        int outputStride = 32,
        bool pool = true,
        int excitation = 0
    )
        : this(
            inputShape,
            new ResidualDesign
            {
                Blocks = [3, 4, 6, 3],
                Width = width,
                Stem = stem,
                OutputStride = outputStride,
                Pool = pool,
                Excitation = excitation,
            }
        ) { }

    private ResNet34(IReadOnlyList<long> inputShape, ResidualDesign design)
        : base(nameof(ResNet34), inputShape, design) { }

    /// <inheritdoc/>
    protected override Encoder Make(IReadOnlyList<long> inputShape, ResidualDesign like) =>
        new ResNet34(inputShape, like);
}
