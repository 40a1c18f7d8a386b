using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Networks.SharedTrunk;

/// <summary>Says where in an image the object is: one box a map.</summary>
/// <remarks>Centre and size are sigmoids of what is learned, so a box lies around a point of the image and is never turned inside out.</remarks>
internal sealed class BoxStage : Module<Tensor, Tensor>
{
    private const long Cells = 7; // of a side; places are told apart by them

    private readonly Module<Tensor, Tensor> layers;

    public BoxStage(long channels, int width)
        : base(nameof(BoxStage))
    {
        layers = Sequential(
            ConvolutionUnits.Plain.Unit(new(channels, width, 3)),
            ReLU(),
            AdaptiveAvgPool2d(Cells),
            Flatten(),
            Linear(width * Cells * Cells, 4)
        );
        RegisterComponents();
    }

    /// <summary>From [rows, channels, h, w] to the left, top, right and bottom side as fractions of the image, [rows, 4].</summary>
    public override Tensor forward(Tensor map)
    {
        var fractions = layers.call(map).sigmoid();
        var (centre, half) = (fractions.narrow(1, 0, 2), fractions.narrow(1, 2, 2) * 0.5);
        return torch.cat([centre - half, centre + half], 1);
    }
}
