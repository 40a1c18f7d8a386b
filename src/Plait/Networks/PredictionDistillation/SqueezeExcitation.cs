using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>Weighs each channel of a map by what the means of all channels say of it.</summary>
/// <remarks>
/// Hu et al. 2018, <i>Squeeze-and-Excitation Networks</i>, section 3, with their reduction of 16, but not below 8 units between: a few
/// ReLUs that start dead would make the block a constant.
/// </remarks>
internal sealed class SqueezeExcitation : Module<Tensor, Tensor>
{
    private const long Reduction = 16;
    private const long Fewest = 8;

    private readonly Sequential weights;

    /// <summary>Builds the two layers.</summary>
    public SqueezeExcitation(long channels)
        : base(nameof(SqueezeExcitation))
    {
        var inside = Math.Max(Fewest, channels / Reduction);
        weights = Sequential(Linear(channels, inside), ReLU(), Linear(inside, channels), Sigmoid());
        RegisterComponents();
    }

    /// <summary>[rows, channels, height, width] to the same shape.</summary>
    public override Tensor forward(Tensor map)
    {
        using var means = map.mean([2, 3]);
        using var excited = weights.call(means);
        return map.mul(excited.unsqueeze(2).unsqueeze(3));
    }
}
