using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>A 1 x 1 convolution to a quarter of the channels, a 3 x 3 one, and a 1 x 1 one back, around a shortcut.</summary>
/// <remarks>He et al. 2016, figure 5 right.</remarks>
internal sealed class Bottleneck : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> residual;
    private readonly Module<Tensor, Tensor>? shortcut;

    /// <summary>Builds the block.</summary>
    public Bottleneck(long inputs, long channels)
        : base(nameof(Bottleneck))
    {
        var units = ConvolutionUnits.Plain;
        var inside = channels / 4;
        residual = Sequential(
            units.Unit(new(inputs, inside, 1)),
            ReLU(),
            units.Unit(new(inside, inside, 3)),
            ReLU(),
            units.Unit(new(inside, channels, 1))
        );
        shortcut = inputs == channels ? null : units.Unit(new(inputs, channels, 1));
        RegisterComponents();
    }

    /// <summary>Two blocks, one after the other: what PAD-Net puts before a prediction.</summary>
    public static IEnumerable<Module<Tensor, Tensor>> Two(long inputs, long channels) =>
        [new Bottleneck(inputs, channels), new Bottleneck(channels, channels)];

    /// <summary>[rows, inputs, height, width] to [rows, channels, height, width].</summary>
    public override Tensor forward(Tensor input) =>
        residual.call(input).add_(shortcut is null ? input : shortcut.call(input)).relu_();
}
