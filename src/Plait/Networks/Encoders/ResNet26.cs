using Plait.Catalogue;

namespace Plait.Networks.Encoders;

/// <summary>The residual network of 26 layers: four stages of two bottlenecks.</summary>
/// <remarks>The network of 50 layers with two bottlenecks a stage; with <c>excitation=16</c> it is the smallest of the encoders of Maninis et al. 2019, <i>Attentive Single-Tasking of Multiple Tasks</i>.</remarks>
[Method(
    "resnet26",
    Survey = "2.1",
    Paper = "He et al. 2016, Deep Residual Learning for Image Recognition",
    Arxiv = "1512.03385",
    Summary = "Residual convolutional encoder of 26 layers, with a stem for large or for small images."
)]
public sealed class ResNet26 : ResidualNetwork
{
    /// <summary>Builds the layers.</summary>
    /// <param name="inputShape">The shape of one image, [channels, height, width].</param>
    /// <param name="stem">How the image enters: reduced four times, twice, or at its own size.</param>
    /// <param name="width">Channels inside the blocks of the first stage, which gives four times as many, doubled by each of the other three; 64 in the paper.</param>
    /// <param name="outputStride">Pixels of the image for one of the last map, at most; stages beyond dilate. For dense tasks 8 or 16.</param>
    /// <param name="pool">Whether global average pooling closes the network; false for dense tasks.</param>
    /// <param name="excitation">How many times fewer hidden units a squeeze-and-excitation at the end of each block has than channels, 16 in SE-ResNets; 0 for none.</param>
    /// <exception cref="ArgumentException">The shape is not that of an image, the width is not positive, or the stride is impossible.</exception>
    public ResNet26(
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
                Blocks = [2, 2, 2, 2],
                Width = width,
                Stem = stem,
                OutputStride = outputStride,
                Pool = pool,
                Excitation = excitation,
                Expansion = Bottleneck.Expansion,
            }
        ) { }

    private ResNet26(IReadOnlyList<long> inputShape, ResidualDesign design)
        : base(nameof(ResNet26), inputShape, design) { }

    /// <inheritdoc/>
    protected override Encoder Make(IReadOnlyList<long> inputShape, ResidualDesign like) =>
        new ResNet26(inputShape, like);
}
