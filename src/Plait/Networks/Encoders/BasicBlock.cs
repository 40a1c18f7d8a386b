using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Two 3 x 3 convolutions with batch normalisation around a shortcut.</summary>
/// <remarks>He et al. 2016, figure 5 left; the shortcut is a 1 x 1 convolution where the shape changes (option B of section 4.1).</remarks>
internal sealed class BasicBlock : Module<Tensor, Tensor>
{
    private readonly Sequential residual;
    private readonly Sequential? shortcut;

    /// <summary>Builds the block; its first convolution takes the stride.</summary>
    public BasicBlock(long inputs, long channels, long stride)
        : base(nameof(BasicBlock))
    {
        residual = Sequential(
            Convolution(inputs, channels, 3, stride),
            BatchNorm2d(channels),
            ReLU(),
            Convolution(channels, channels, 3, 1),
            BatchNorm2d(channels)
        );
        if (stride != 1 || inputs != channels)
        {
            shortcut = Sequential(Convolution(inputs, channels, 1, stride), BatchNorm2d(channels));
        }

        RegisterComponents();
    }

    /// <summary>A convolution without bias that keeps the size at stride 1, with the initialisation of He et al. 2015, equation 14.</summary>
    public static Conv2d Convolution(long inputs, long channels, long window, long stride)
    {
        var convolution = Conv2d(inputs, channels, window, stride, padding: window / 2, bias: false);
        init.kaiming_normal_(convolution.weight!, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        return convolution;
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        (residual.call(input) + (shortcut is null ? input : shortcut.call(input))).relu_();
}
