using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Two 3 x 3 convolutions with batch normalisation around a shortcut.</summary>
/// <remarks>He et al. 2016, figure 5 left; the shortcut is a 1 x 1 convolution where the shape changes (option B of section 4.1).</remarks>
internal sealed class BasicBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> residual;
    private readonly Module<Tensor, Tensor>? shortcut;

    /// <summary>Builds the block; its first convolution takes the stride, and the dilation of the stage before.</summary>
    public BasicBlock(
        long inputs,
        long channels,
        int stride = 1,
        int firstDilation = 1,
        int dilation = 1,
        ConvolutionUnits? units = null
    )
        : base(nameof(BasicBlock))
    {
        units ??= ConvolutionUnits.Plain;
        Module<Tensor, Tensor>[] branch =
        [
            units.Unit(new(inputs, channels, 3, stride, firstDilation)),
            ReLU(),
            units.Unit(new(channels, channels, 3, 1, dilation)),
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
