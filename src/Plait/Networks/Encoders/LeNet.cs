using Plait.Catalogue;
using Plait.Data;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Two convolutions and one linear layer, each a stage: the small encoder of the two-digit benchmarks.</summary>
/// <remarks>
/// The trunk of Sener &amp; Koltun 2018, section 5.1: convolution to 10 maps, 2 x 2 max-pooling, ReLU; convolution to 20 maps,
/// pooling, ReLU; linear layer to 50, ReLU. Their dropout of whole maps stands after the second convolution.
/// </remarks>
[Method(
    "lenet",
    Survey = "5.1",
    Paper = "LeCun et al. 1998, Gradient-Based Learning Applied to Document Recognition",
    Summary = "Convolutional encoder of two small convolutions and a linear layer, for images of 16 x 16 pixels or more."
)]
[Reads(typeof(ImageInput))]
public sealed class LeNet : Encoder
{
    private const long Kernel = 5;
    private const long Smallest = 16; // what two 5 x 5 convolutions and two poolings leave one pixel of

    private readonly double dropout;

    /// <summary>Builds the layers.</summary>
    /// <param name="inputShape">The shape of one image, [channels, height, width], of 16 x 16 pixels or more.</param>
    /// <param name="dropout">The share of the second convolution's maps that is dropped in training, from 0 to below 1.</param>
    /// <exception cref="ArgumentException">The shape is not that of such an image.</exception>
    public LeNet(IReadOnlyList<long> inputShape, double dropout = 0)
        : base(nameof(LeNet), inputShape, Layers(ImageShape.Of(inputShape, nameof(LeNet), Smallest), dropout))
    {
        this.dropout = dropout;
    }

    /// <inheritdoc/>
    protected override Encoder Another() => AnotherFor(InputShape);

    /// <inheritdoc/>
    protected override Encoder AnotherFor(IReadOnlyList<long> inputShape) => new LeNet(inputShape, dropout);

    private static IEnumerable<(Module<Tensor, Tensor>, long[])> Layers(ImageShape shape, double dropout)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dropout);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dropout, 1);
        const long First = 10;
        const long Second = 20;
        const long Features = 50;

        var once = shape.After(First, Kernel).After(First, 2, stride: 2);
        yield return (Sequential(Conv2d(shape.Channels, First, Kernel), MaxPool2d(2), ReLU()), once.ToArray());

        var twice = once.After(Second, Kernel).After(Second, 2, stride: 2);
        yield return (
            dropout > 0
                ? Sequential(Conv2d(First, Second, Kernel), Dropout2d(dropout), MaxPool2d(2), ReLU())
                : Sequential(Conv2d(First, Second, Kernel), MaxPool2d(2), ReLU()),
            twice.ToArray()
        );

        var flat = twice.Channels * twice.Height * twice.Width;
        yield return (Sequential(Flatten(), Linear(flat, Features), ReLU()), [Features]);
    }
}
