using Plait.Networks.Encoders;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Plait.Networks.PredictionDistillation;

/// <summary>Brings a source task's features to each pixel of a target task from where the source correlates with that pixel.</summary>
/// <remarks>
/// Lopes et al. 2023, DenseMTL, equations 1 and 2 (correlation-guided attention): softmax over the source's pixels of B(x)ᵀ C(y) / √c, times D(y), at a
/// size reduced s times (the nearest pixel of the target, the largest number of the source), enlarged to the nearest, times a
/// weight α for each channel that starts at 0: at first nothing is exchanged this way.
/// </remarks>
internal sealed class SpatialCrossAttention : Module<Tensor, Tensor, Tensor>, ICountsMacs
{
    private const string Weights = "alpha";

    private readonly Module<Tensor, Tensor> query; // B
    private readonly Module<Tensor, Tensor> key; // C
    private readonly Module<Tensor, Tensor> value; // D
    private readonly int downscale;

    /// <summary>Builds the projections.</summary>
    /// <param name="channels">Channels of both tasks' features.</param>
    /// <param name="downscale">How many times smaller each side is while pixels are compared.</param>
    public SpatialCrossAttention(long channels, int downscale)
        : base(nameof(SpatialCrossAttention))
    {
        this.downscale = downscale;
        (query, key, value) = (Projection(), Projection(), Projection());
        using var scope = torch.NewDisposeScope();
        var alpha = Parameter(torch.zeros([1, channels, 1, 1]));
        register_parameter(Weights, alpha);
        alpha.DetachFromDisposeScope();
        RegisterComponents();

        Module<Tensor, Tensor> Projection() =>
            Sequential(ConvolutionUnits.Plain.Unit(new(channels, channels, 1)), ReLU());
    }

    /// <summary>What the target gets, [rows, channels, height, width].</summary>
    /// <param name="target">[rows, channels, height, width].</param>
    /// <param name="source">Of the same shape.</param>
    public override Tensor forward(Tensor target, Tensor source)
    {
        using var scope = torch.NewDisposeScope();
        var small = downscale == 1 ? source : max_pool2d(source, downscale);
        long[] grid = [small.size(2), small.size(3)];
        var queries = query.call(downscale == 1 ? target : interpolate(target, size: grid));
        var correlation = Correlation(queries, key.call(small));
        var gathered = value.call(small).flatten(2).bmm(correlation.transpose(1, 2)).view(queries.shape);
        return interpolate(gathered, size: [target.size(2), target.size(3)])
            .mul(get_parameter(Weights)!)
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>Correlating and gathering; the projections are counted by themselves.</remarks>
    public long MacsOf(Tensor input, Tensor output)
    {
        var pixels = input.size(2) / downscale * (input.size(3) / downscale);
        return 2 * input.size(0) * input.size(1) * pixels * pixels;
    }

    /// <summary>[rows, target pixels, source pixels]; each target pixel's sum to one.</summary>
    internal static Tensor Correlation(Tensor queries, Tensor keys)
    {
        using var scope = torch.NewDisposeScope();
        return queries
            .flatten(2)
            .transpose(1, 2)
            .bmm(keys.flatten(2))
            .mul_(1 / Math.Sqrt(queries.size(1)))
            .softmax(2)
            .MoveToOuterDisposeScope();
    }
}
