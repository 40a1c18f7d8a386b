using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>The sum of a map over each pixel's window, weighed by a <see cref="LocalStructure"/>.</summary>
/// <param name="window">Pixels of a side of the window; odd.</param>
internal sealed class StructureSum(int window) : Module<Tensor, Tensor, Tensor>(nameof(StructureSum)), ICountsMacs
{
    /// <summary>[rows, window², pixels] and [rows, channels, height, width] to the latter's shape.</summary>
    public override Tensor forward(Tensor structure, Tensor map)
    {
        using var around = LocalStructure.Around(map, window);
        using var weighed = around.mul(structure.unsqueeze(1));
        return weighed.sum(dim: 2L).view(map.shape);
    }

    /// <inheritdoc/>
    public long MacsOf(Tensor input, Tensor output) => output.numel() * input.size(1);
}
