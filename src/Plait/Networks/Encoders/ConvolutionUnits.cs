using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Makes what a residual encoder is built of: convolutions with their normalisation, and what closes a block.</summary>
/// <remarks>
/// Architectures that put something of each task's own inside every block (masks, adapters, normalisations) derive from it and
/// hand it to <see cref="Encoder.WithUnits"/>; a <see cref="TaskSwitch"/> tells those layers whose turn it is.
/// </remarks>
public class ConvolutionUnits
{
    /// <summary>A convolution and batch normalisation, as in He et al. 2016, and nothing that closes a block.</summary>
    public static ConvolutionUnits Plain { get; } = new();

    /// <summary>A convolution followed by its normalisation, without an activation: [rows, inputs, h, w] to [rows, outputs, h', w'].</summary>
    /// <param name="shape">The convolution.</param>
    public virtual Module<Tensor, Tensor> Unit(ConvolutionShape shape) =>
        Sequential(Convolution(shape), BatchNorm2d(shape.Outputs));

    /// <summary>What acts on a block's residual branch before the shortcut is added; null for nothing.</summary>
    /// <param name="channels">Channels of the branch.</param>
    public virtual Module<Tensor, Tensor>? AfterBlock(long channels) => null;

    /// <summary>A convolution without bias that keeps the size at stride 1, with the initialisation of He et al. 2015, equation 14.</summary>
    /// <param name="shape">The convolution.</param>
    public static Conv2d Convolution(ConvolutionShape shape)
    {
        var convolution = Conv2d(
            shape.Inputs,
            shape.Outputs,
            shape.Window,
            shape.Stride,
            padding: shape.Window / 2 * shape.Dilation,
            dilation: shape.Dilation,
            bias: false
        );
        init.kaiming_normal_(convolution.weight!, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU);
        return convolution;
    }
}

/// <summary>A convolution of a residual encoder.</summary>
/// <param name="Inputs">Channels that it reads.</param>
/// <param name="Outputs">Channels that it gives.</param>
/// <param name="Window">Pixels of a side of its window; odd.</param>
/// <param name="Stride">Pixels from one window to the next.</param>
/// <param name="Dilation">Pixels from one point of the window to the next.</param>
/// <param name="Role">Where in the encoder it stands.</param>
public readonly record struct ConvolutionShape(
    long Inputs,
    long Outputs,
    int Window,
    int Stride = 1,
    int Dilation = 1,
    ConvolutionRole Role = ConvolutionRole.Residual
);

/// <summary>Where in a residual encoder a convolution stands.</summary>
public enum ConvolutionRole
{
    /// <summary>The entrance, before the first block.</summary>
    Stem,

    /// <summary>A block's residual branch.</summary>
    Residual,

    /// <summary>The projection of a block's shortcut, where the shape changes.</summary>
    Shortcut,
}
