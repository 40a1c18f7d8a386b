using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Convolutions of 1 x 1, 3 x 3 and 1 x 1 with batch normalisation around a shortcut; the middle one works on a quarter of the channels.</summary>
/// <remarks>
/// He et al. 2016, figure 5 right. As in torchvision, and unlike the paper, the stride is the 3 x 3 convolution's, so that no pixel goes
/// unread.
/// </remarks>
internal sealed class Bottleneck : Module<Tensor, Tensor>
{
    /// <summary>Channels that the block gives over those inside it.</summary>
    public const int Expansion = 4;

    private readonly Module<Tensor, Tensor> residual;
    private readonly Module<Tensor, Tensor>? shortcut;

    /// <summary>Builds the block; its 3 x 3 convolution takes stride and dilation.</summary>
    public Bottleneck(long inputs, long inside, int stride = 1, int dilation = 1, ConvolutionUnits? units = null)
        : base(nameof(Bottleneck))
    {
        units ??= ConvolutionUnits.Plain;
        var channels = inside * Expansion;
        Module<Tensor, Tensor>[] branch =
        [
            units.Unit(new(inputs, inside, 1)),
            ReLU(),
            units.Unit(new(inside, inside, 3, stride, dilation)),
            ReLU(),
            units.Unit(new(inside, channels, 1)),
            .. units.AfterBlock(channels) is { } closing ? [closing] : Array.Empty<Module<Tensor, Tensor>>(),
        ];
        residual = Sequential(branch);
        if (stride != 1 || inputs != channels)
        {
            shortcut = units.Unit(new(inputs, channels, 1, stride, Role: ConvolutionRole.Shortcut));
        }

        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        (residual.call(input) + (shortcut is null ? input : shortcut.call(input))).relu_();
}
