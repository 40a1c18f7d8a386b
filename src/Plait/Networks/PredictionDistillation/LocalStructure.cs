using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>The structure of the pattern around each pixel: how alike it is to each pixel of a window around it.</summary>
/// <remarks>
/// Zhou et al. 2020, PSD, models these windows as graphlets. A softmax over the window of the scaled inner products of keys: the numbers of
/// a window sum to one, and pixels outside of the image have none.
/// </remarks>
/// <param name="window">Pixels of a side of the window; odd.</param>
internal sealed class LocalStructure(int window) : Module<Tensor, Tensor>(nameof(LocalStructure)), ICountsMacs
{
    /// <summary>[rows, keys, height, width] to [rows, window², pixels].</summary>
    public override Tensor forward(Tensor keys)
    {
        using var scope = torch.NewDisposeScope();
        var alike = Around(keys, window).mul(keys.flatten(2).unsqueeze(2)).sum(dim: 1L).div_(Math.Sqrt(keys.size(1)));
        var inside = torch.ones([1, 1, keys.size(2), keys.size(3)], keys.dtype, keys.device);
        return alike
            .masked_fill(Around(inside, window).squeeze(1).eq(0), double.NegativeInfinity)
            .softmax(1)
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public long MacsOf(Tensor input, Tensor output) => output.numel() * input.size(1);

    /// <summary>How well two structures match at each pixel: the cosine between them.</summary>
    /// <param name="first">[rows, window², pixels].</param>
    /// <param name="second">Of the same shape.</param>
    /// <returns>[rows, pixels], from 0 to 1.</returns>
    public static Tensor Matching(Tensor first, Tensor second)
    {
        using var scope = torch.NewDisposeScope();
        return (Sum(first, second) / (Sum(first, first) * Sum(second, second)).sqrt()).MoveToOuterDisposeScope();

        static Tensor Sum(Tensor a, Tensor b) => a.mul(b).sum(dim: 1L);
    }

    /// <summary>Each pixel's window of a map, zero outside of the image: [rows, channels, window², pixels].</summary>
    internal static Tensor Around(Tensor map, int window)
    {
        using var columns = functional.unfold(map, window, padding: window / 2);
        return columns.view(map.size(0), map.size(1), (long)window * window, -1);
    }
}
