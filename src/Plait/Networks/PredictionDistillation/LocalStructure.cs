using static TorchSharp.torch.nn;

namespace Plait.Networks.PredictionDistillation;

/// <summary>The structure of the pattern around each pixel: how alike it is to each pixel of a window around it.</summary>
/// <remarks>
/// Zhou et al. 2020, PSD, models these windows as graphlets. Numbers over a window sum to one, and pixels outside of the image
/// have none.
/// </remarks>
/// <param name="window">Pixels of a side of the window; odd.</param>
internal sealed class LocalStructure(int window)
{
    /// <summary>Softmax over the window of the scaled inner products of keys.</summary>
    /// <param name="keys">[rows, keys, height, width].</param>
    /// <returns>[rows, window², pixels].</returns>
    public Tensor Of(Tensor keys)
    {
        using var scope = torch.NewDisposeScope();
        var alike = Around(keys).mul(keys.flatten(2).unsqueeze(2)).sum(dim: 1L).div_(Math.Sqrt(keys.size(1)));
        using var inside = torch.ones([1, 1, keys.size(2), keys.size(3)], keys.dtype, keys.device);
        return alike
            .masked_fill(Around(inside).squeeze(1).eq(0), double.NegativeInfinity)
            .softmax(1)
            .MoveToOuterDisposeScope();
    }

    /// <summary>The sum of a map over each pixel's window, weighed by a structure.</summary>
    /// <param name="structure">[rows, window², pixels].</param>
    /// <param name="map">[rows, channels, height, width].</param>
    public Tensor Diffuse(Tensor structure, Tensor map)
    {
        using var around = Around(map);
        using var weighed = around.mul(structure.unsqueeze(1));
        return weighed.sum(dim: 2L).view(map.shape);
    }

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

    /// <summary>[rows, channels, window², pixels]; zero outside of the image.</summary>
    private Tensor Around(Tensor map)
    {
        using var columns = functional.unfold(map, window, padding: window / 2);
        return columns.view(map.size(0), map.size(1), (long)window * window, -1);
    }
}
