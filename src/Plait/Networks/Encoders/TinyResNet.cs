using Plait.Catalogue;

namespace Plait.Networks.Encoders;

/// <summary>A small dilated residual network for images of about 64 pixels, of a size that two CPU cores train in minutes.</summary>
/// <remarks>
/// The blocks of He et al. 2016, behind a 3 x 3 convolution of stride 2. It always ends in a map: heads of tasks that want one
/// answer an image pool it.
/// </remarks>
[Method(
    "tiny-resnet",
    Survey = "2.1",
    Paper = "He et al. 2016, Deep Residual Learning for Image Recognition",
    Arxiv = "1512.03385",
    Summary = "Small residual encoder that ends in a map, for dense prediction on a CPU."
)]
public sealed class TinyResNet : ResidualNetwork
{
    /// <summary>Builds the layers.</summary>
    /// <param name="inputShape">The shape of one image, [channels, height, width].</param>
    /// <param name="width">Channels of the first stage, doubled by each one after it.</param>
    /// <param name="stages">Stages after the stem.</param>
    /// <param name="blocks">Blocks of each stage.</param>
    /// <param name="outputStride">Pixels of the image for one of the last map, at most; stages beyond dilate.</param>
    /// <exception cref="ArgumentException">The shape is not that of an image, or a number is not positive.</exception>
    public TinyResNet(
        IReadOnlyList<long> inputShape,
        int width = 16,
        int stages = 3,
        int blocks = 2,
        int outputStride = 4
    )
        : this(
            inputShape,
            new ResidualDesign
            {
                Blocks = [.. Enumerable.Repeat(Positive(blocks, nameof(blocks)), Positive(stages, nameof(stages)))],
                Width = width,
                Stem = ResNetStem.Halving,
                OutputStride = outputStride,
                Pool = false,
            }
        ) { }

    private TinyResNet(IReadOnlyList<long> inputShape, ResidualDesign design)
        : base(nameof(TinyResNet), inputShape, design) { }

    /// <inheritdoc/>
    protected override Encoder Make(IReadOnlyList<long> inputShape, ResidualDesign like) =>
        new TinyResNet(inputShape, like);

    private static int Positive(int number, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number, name);
        return number;
    }
}
