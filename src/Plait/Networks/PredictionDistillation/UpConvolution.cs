using Plait.Networks.Heads;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Plait.Networks.PredictionDistillation;

/// <summary>One level of a decoder: a convolution, enlargement to the nearest pixel, the encoder's map beside it, and a convolution.</summary>
/// <remarks>
/// Godard et al. 2019, <i>Digging into Self-Supervised Monocular Depth Estimation</i>, appendix: 3 x 3 convolutions with reflected borders
/// and ELU, without normalisation. Maps of one pixel a side repeat their border, as there is nothing to reflect.
/// </remarks>
internal sealed class UpConvolution : Module
{
    private readonly Module<Tensor, Tensor> before;
    private readonly Module<Tensor, Tensor> after;
    private readonly long[] size;

    /// <summary>Builds the convolutions.</summary>
    /// <param name="input">The shape of one row of what it reads: [channels, height, width].</param>
    /// <param name="channels">Channels that it gives.</param>
    /// <param name="beside">Channels of the encoder's map beside; 0 for none.</param>
    /// <param name="size">Height and width that it gives.</param>
    /// <param name="rates">Dilations of an atrous pyramid that stands for the first convolution; null for the convolution.</param>
    public UpConvolution(IReadOnlyList<long> input, int channels, long beside, long[] size, int[]? rates = null)
        : base(nameof(UpConvolution))
    {
        this.size = size;
        before = rates is null
            ? Convolution(input[0], channels, [input[1], input[2]])
            : new AtrousPyramid(input[0], channels, rates);
        after = Convolution(channels + beside, channels, size);
        RegisterComponents();
    }

    /// <summary>[rows, channels, height, width].</summary>
    /// <param name="features">What it reads.</param>
    /// <param name="beside">The encoder's map of the size that it gives; null for none.</param>
    public Tensor Up(Tensor features, Tensor? beside)
    {
        using var scope = torch.NewDisposeScope();
        var narrow = before.call(features);
        var large = narrow.size(2) == size[0] && narrow.size(3) == size[1] ? narrow : interpolate(narrow, size: size);
        return after.call(beside is null ? large : torch.cat([large, beside], 1)).MoveToOuterDisposeScope();
    }

    private static Module<Tensor, Tensor> Convolution(long inputs, long outputs, long[] size) =>
        Sequential(
            size.Min() > 1 ? ReflectionPad2d(1) : ReplicationPad2d(1),
            Conv2d(inputs, outputs, 3),
            ELU(inplace: true)
        );
}
