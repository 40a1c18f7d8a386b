using Plait.Networks.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.Heads;

/// <summary>Atrous spatial pyramid pooling: a 1 x 1 convolution, 3 x 3 convolutions of several dilations and image pooling, joined by a 1 x 1 convolution.</summary>
/// <remarks>
/// Chen et al. 2017, <i>Rethinking Atrous Convolution for Semantic Image Segmentation</i>, section 3.3, figure 5. Every convolution has batch
/// normalisation and ReLU. A rate as large as the map sees nothing but the window's centre.
/// </remarks>
public sealed class AtrousPyramid : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor, Tensor>> branches;
    private readonly Module<Tensor, Tensor> projection;

    /// <summary>Builds the branches.</summary>
    /// <param name="inputs">Channels of the map.</param>
    /// <param name="width">Channels of each branch, and of the result.</param>
    /// <param name="rates">The dilation of each 3 x 3 branch.</param>
    /// <param name="dropout">The share of the result that is dropped in training, from 0 to below 1.</param>
    /// <exception cref="ArgumentException">A number is out of range, or there is no rate.</exception>
    public AtrousPyramid(long inputs, int width, IReadOnlyList<int> rates, double dropout = 0)
        : base(nameof(AtrousPyramid))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        Check(width, rates, dropout);
        branches = new ModuleList<Module<Tensor, Tensor>>([
            Active(new(inputs, width, 1)),
            .. rates.Select(rate => Active(new(inputs, width, 3, Dilation: rate))),
            new ImagePooling(inputs, width),
        ]);
        var joined = Active(new(branches.Count * (long)width, width, 1));
        projection = dropout > 0 ? Sequential(joined, Dropout(dropout)) : joined;
        RegisterComponents();
    }

    /// <summary>[rows, inputs, height, width] to [rows, width, height, width].</summary>
    public override Tensor forward(Tensor input) =>
        projection.call(torch.cat([.. branches.Select(branch => branch.call(input))], 1));

    internal static void Check(int width, IReadOnlyList<int> rates, double dropout)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegative(dropout);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dropout, 1);
        if (rates.Count == 0 || rates.Any(rate => rate <= 0))
        {
            throw new ArgumentException(
                $"rates are positive dilations such as 6-12-18; got {(rates.Count == 0 ? "none" : string.Join('-', rates))}."
            );
        }
    }

    private static Sequential Active(ConvolutionShape shape) => Sequential(ConvolutionUnits.Plain.Unit(shape), ReLU());
}

/// <summary>The average of a map through a 1 x 1 convolution with batch normalisation and ReLU, spread over the map again.</summary>
/// <remarks>
/// It gives one number a channel and row, so a batch of one row has no variance to normalise by: such a batch is normalised by
/// the running statistics, in training too, and leaves them as they are.
/// </remarks>
internal sealed class ImagePooling : Module<Tensor, Tensor>
{
    private readonly Conv2d convolution;
    private readonly BatchNorm2d norm;

    public ImagePooling(long inputs, long width)
        : base(nameof(ImagePooling))
    {
        convolution = ConvolutionUnits.Convolution(new(inputs, width, 1));
        norm = BatchNorm2d(width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var pooled = convolution.call(functional.adaptive_avg_pool2d(input, 1));
        var normal =
            training && input.size(0) == 1
                ? functional.batch_norm(
                    pooled,
                    norm.running_mean!,
                    norm.running_var!,
                    norm.weight!,
                    norm.bias!,
                    training: false,
                    eps: norm.eps
                )
                : norm.call(pooled);
        return normal.relu_().expand(-1, -1, input.size(2), input.size(3));
    }
}
