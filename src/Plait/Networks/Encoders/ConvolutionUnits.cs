using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Encoders;

/// <summary>Makes what a residual encoder is built of: convolutions with their normalisation, and what closes a block.</summary>
/// <remarks>
/// Architectures that put something of each task's own inside every block (masks, adapters, normalisations) derive from it and
/// hand it to <see cref="Encoder.WithUnits"/>; a <see cref="ActiveTask"/> tells those layers whose turn it is.
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

    /// <summary>Lets a unit of this make start from a trained plain one, when an encoder with weights from a file is built anew of these units.</summary>
    /// <param name="plain">A convolution and batch normalisation, of which it takes the numbers.</param>
    /// <param name="unit">What <see cref="Unit"/> made in its place.</param>
    /// <remarks>
    /// Here the first convolution of the same shape gets the trained filters, and every batch normalisation of as many channels (one a
    /// task, say) the trained statistics; the rest stays as it was made. Units of which that is not true override it.
    /// </remarks>
    /// <exception cref="NotSupportedException">The unit has no such convolution.</exception>
    public virtual void TakeOver(Module<Tensor, Tensor> plain, Module<Tensor, Tensor> unit)
    {
        ArgumentNullException.ThrowIfNull(plain);
        ArgumentNullException.ThrowIfNull(unit);
        using var noGrad = torch.no_grad();
        var trained = plain.modules().OfType<Conv2d>().First();
        var norm = plain.modules().OfType<BatchNorm2d>().First();
        var filters =
            unit.modules()
                .OfType<Conv2d>()
                .FirstOrDefault(own => own.weight!.shape.SequenceEqual(trained.weight!.shape))
            ?? throw new NotSupportedException(
                $"{GetType().Name} has no convolution [{string.Join(", ", trained.weight!.shape)}] that could start from loaded weights; choose another network, or leave the encoder's weights out."
            );
        filters.weight!.copy_(trained.weight!);
        foreach (var own in unit.modules().OfType<BatchNorm2d>().Where(own => own.num_features == norm.num_features))
        {
            own.weight?.copy_(norm.weight!);
            own.bias?.copy_(norm.bias!);
            own.running_mean?.copy_(norm.running_mean!);
            own.running_var?.copy_(norm.running_var!);
        }
    }

    /// <summary>A convolution without bias that keeps the size at stride 1, with the initialisation of He et al. 2015, equation 14.</summary>
    /// <param name="shape">The convolution.</param>
    public static Conv2d Convolution(ConvolutionShape shape)
    {
        MemoryRoom.Require(
            (double)shape.Inputs * shape.Outputs * shape.Window * shape.Window,
            $"Convolutions from {shape.Inputs} to {shape.Outputs} channels"
        );
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

    /// <summary>Between blocks, from one scale to another: networks with parallel scales have these.</summary>
    Exchange,
}
