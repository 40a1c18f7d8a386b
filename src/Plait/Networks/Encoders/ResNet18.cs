using Plait.Catalogue;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>The residual network of 18 layers, without its classifier: a stem and four stages of two blocks.</summary>
/// <remarks>
/// He et al. 2016, table 1, in torchvision's layout. Global average pooling closes the last stage, so that networks joined after
/// it exchange features and not maps: pooling and a channel-wise mixture commute.
/// </remarks>
[Method(
    "resnet18",
    Survey = "2.1",
    Paper = "He et al. 2016, Deep Residual Learning for Image Recognition",
    Arxiv = "1512.03385",
    Summary = "Residual convolutional encoder of 18 layers, with a stem for large or for small images."
)]
public sealed class ResNet18 : Encoder
{
    private readonly ResNetStem stem;
    private readonly int width;

    /// <summary>Builds the layers.</summary>
    /// <param name="inputShape">The shape of one image, [channels, height, width].</param>
    /// <param name="stem">How the image enters: reduced four times, or at its own size.</param>
    /// <param name="width">Channels of the first stage, doubled by each of the other three; 64 in the paper.</param>
    /// <exception cref="ArgumentException">The shape is not that of an image, or the width is not positive.</exception>
    public ResNet18(IReadOnlyList<long> inputShape, ResNetStem stem = ResNetStem.ImageNet, int width = 64)
        : base(nameof(ResNet18), inputShape, Layers(ImageShape.Of(inputShape, nameof(ResNet18), 1), stem, width))
    {
        this.stem = stem;
        this.width = width;
    }

    /// <inheritdoc/>
    public override Encoder Replicate() => WithInput(InputShape);

    /// <inheritdoc/>
    public override Encoder WithInput(IReadOnlyList<long> inputShape) => new ResNet18(inputShape, stem, width);

    private static IEnumerable<(Module<Tensor, Tensor>, long[])> Layers(ImageShape shape, ResNetStem stem, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        var (entrance, entered) = Enter(shape, stem, width);
        yield return (entrance, entered.ToArray());
        for (var stage = 0; stage < 4; stage++)
        {
            var stride = stage == 0 ? 1 : 2;
            var next = entered.After((long)width << stage, 3, stride, padding: 1);
            var first = new BasicBlock(entered.Channels, next.Channels, stride);
            var second = new BasicBlock(next.Channels, next.Channels, 1);
            yield return stage < 3
                ? (Sequential(first, second), next.ToArray())
                : (Sequential(first, second, AdaptiveAvgPool2d(1), Flatten()), [next.Channels]);
            entered = next;
        }
    }

    private static (Module<Tensor, Tensor>, ImageShape) Enter(ImageShape shape, ResNetStem stem, long width) =>
        stem switch
        {
            ResNetStem.Cifar => (
                Sequential(BasicBlock.Convolution(shape.Channels, width, 3, 1), BatchNorm2d(width), ReLU()),
                shape with
                {
                    Channels = width,
                }
            ),
            ResNetStem.ImageNet => (
                Sequential(
                    BasicBlock.Convolution(shape.Channels, width, 7, 2),
                    BatchNorm2d(width),
                    ReLU(),
                    MaxPool2d(3, stride: 2, padding: 1)
                ),
                shape.After(width, 7, 2, padding: 3).After(width, 3, 2, padding: 1)
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(stem), stem, "There is no such stem."),
        };
}

/// <summary>How an image enters a residual network.</summary>
public enum ResNetStem
{
    /// <summary>A 7 x 7 convolution and a max-pooling, both of stride 2: for images of 100 pixels and more.</summary>
    ImageNet,

    /// <summary>A 3 x 3 convolution of stride 1: for images of about 32 pixels (He et al. 2016, section 4.2).</summary>
    Cifar,
}
