using Plait.Catalogue;

namespace Plait.Networks.Encoders;

/// <summary>The residual network of 18 layers: four stages of two basic blocks.</summary>
/// <remarks>He et al. 2016, table 1. Public weights under this name may have other counts of blocks: <c>blocks</c> says which.</remarks>
[Method(
    "resnet18",
    Survey = "2.1",
    Paper = "He et al. 2016, Deep Residual Learning for Image Recognition",
    Arxiv = "1512.03385",
    Summary = "Residual convolutional encoder of 18 layers, with a stem for large or for small images."
)]
public sealed class ResNet18 : ResidualNetwork
{
    private const int StageCount = 4;

    /// <summary>Builds the layers.</summary>
    /// <param name="inputShape">The shape of one image, [channels, height, width].</param>
    /// <param name="stem">How the image enters: reduced four times, twice, or at its own size.</param>
    /// <param name="width">Channels of the first stage, doubled by each of the other three; 64 in the paper.</param>
    /// <param name="outputStride">Pixels of the image for one of the last map, at most; stages beyond dilate. For dense tasks 8 or 16.</param>
    /// <param name="pool">Whether global average pooling closes the network; false for dense tasks.</param>
    /// <param name="excitation">How many times fewer hidden units a squeeze-and-excitation at the end of each block has than channels, 16 in SE-ResNets; 0 for none.</param>
    /// <param name="blocks">Blocks of each of the four stages: 2, 2, 2 and 2 when null.</param>
    /// <exception cref="ArgumentException">The shape is not that of an image, the width is not positive, the stride is impossible, or there are not four counts of blocks.</exception>
    public ResNet18(
        IReadOnlyList<long> inputShape,
        ResNetStem stem = ResNetStem.ImageNet,
        int width = 64,
        int outputStride = 32,
        bool pool = true,
        int excitation = 0,
        int[]? blocks = null
    )
        : this(
            inputShape,
            new ResidualDesign
            {
                Blocks = Counted(blocks ?? [2, 2, 2, 2]),
                Width = width,
                Stem = stem,
                OutputStride = outputStride,
                Pool = pool,
                Excitation = excitation,
            }
        ) { }

    private ResNet18(IReadOnlyList<long> inputShape, ResidualDesign design)
        : base(nameof(ResNet18), inputShape, design) { }

    /// <inheritdoc/>
    protected override Encoder Make(IReadOnlyList<long> inputShape, ResidualDesign like) =>
        new ResNet18(inputShape, like);

    private static int[] Counted(int[] blocks) =>
        blocks.Length == StageCount && Array.TrueForAll(blocks, count => count > 0)
            ? blocks
            : throw new ArgumentException(
                $"blocks counts the blocks of each of the four stages, such as 2-2-2-2; got {(blocks.Length == 0 ? "none" : string.Join('-', blocks))}.",
                nameof(blocks)
            );
}
