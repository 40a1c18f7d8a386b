using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>How alike the pixels of a map are: softmax over q of the scaled inner products of keys at p and q.</summary>
/// <remarks>Zhang et al. 2019, PAP, affinity learning layer.</remarks>
internal sealed class PixelAffinity() : Module<Tensor, Tensor>(nameof(PixelAffinity)), ICountsMacs
{
    /// <summary>[rows, keys, height, width] to [rows, pixels p, pixels q]; each p sums to one.</summary>
    public override Tensor forward(Tensor keys)
    {
        using var scope = torch.NewDisposeScope();
        var flat = keys.flatten(2); // [rows, keys, pixels]
        return flat.transpose(1, 2).bmm(flat).mul_(1 / Math.Sqrt(keys.size(1))).softmax(2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public long MacsOf(Tensor input, Tensor output) => output.numel() * input.size(1);
}
