using static TorchSharp.torch.nn;

namespace Plait.Clustering;

/// <summary>Finds the images whose features are nearest to each image's.</summary>
public static class Neighbours
{
    private const int RowsAtOnce = 1024; // bounds the table of likenesses

    /// <summary>Each row itself, and its nearest rows by the cosine, as the authors of SCAN mine them.</summary>
    /// <param name="features">[rows, width].</param>
    /// <param name="count">How many beside itself; below the number of rows.</param>
    /// <returns>[rows, 1 + count], Int64, itself first, then the nearest first.</returns>
    public static Tensor WithItself(Tensor features, int count)
    {
        using var scope = torch.NewDisposeScope();
        var others = Of(features, count);
        var own = torch.arange(others.size(0), ScalarType.Int64, others.device).unsqueeze(1);
        return torch.cat([own, others], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The nearest rows of each row by the cosine, itself left out.</summary>
    /// <param name="features">[rows, width].</param>
    /// <param name="count">How many; below the number of rows.</param>
    /// <returns>[rows, count], Int64, the nearest first.</returns>
    public static Tensor Of(Tensor features, int count)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(count, features.size(0));
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var unit = functional.normalize(features, dim: 1);
        var nearest = new List<Tensor>();
        for (var first = 0L; first < unit.size(0); first += RowsAtOnce)
        {
            var rows = Math.Min(RowsAtOnce, unit.size(0) - first);
            var likeness = unit.narrow(0, first, rows).mm(unit.t());
            var own = torch.arange(first, first + rows, ScalarType.Int64, unit.device).unsqueeze(1);
            likeness.scatter_(1, own, torch.full_like(likeness.narrow(1, 0, 1), double.NegativeInfinity));
            nearest.Add(likeness.topk(count, 1).indexes);
        }

        return torch.cat(nearest).MoveToOuterDisposeScope();
    }
}
