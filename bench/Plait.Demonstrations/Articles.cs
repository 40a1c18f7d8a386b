using Plait.Benchmarks;
using Plait.Data;
using static TorchSharp.torch.nn;

namespace Plait.Demonstrations;

/// <summary>The articles at the top left, or at the bottom right, of the canvases of <c>fashion-pairs</c>, at half the resolution.</summary>
/// <remarks>Each lies partly under or over the other article of its canvas.</remarks>
/// <param name="Images">[rows, <see cref="Pixels"/>].</param>
/// <param name="Classes">[rows], from 0 to 9.</param>
internal sealed record Articles(Tensor Images, Tensor Classes)
{
    /// <summary>Pixels of an image.</summary>
    public const int Pixels = Side * Side;

    /// <summary>How many classes there are.</summary>
    public const int ClassCount = 10;

    private const int Side = 14;

    /// <summary>All of them, into the dispose scope of the caller.</summary>
    /// <returns>Those to learn from of either corner, and those at the top left to test on.</returns>
    public static (Articles TopLeft, Articles BottomRight, Articles Test) Load()
    {
        using var data = BenchmarkCatalog.Get("fashion-pairs").Load();
        return (Of(data.Train, 0), Of(data.Train, 1), Of(data.Test, 0));
    }

    /// <summary>Some rows.</summary>
    public Articles Choose(Tensor rows) => new(Images.index_select(0, rows), Classes.index_select(0, rows));

    /// <summary>Rows drawn with replacement.</summary>
    public Articles Draw(int count) => Choose(torch.randint(0, Classes.size(0), count, ScalarType.Int64));

    /// <summary>Rows next to each other.</summary>
    public Articles Slice(long start, long count) =>
        new(Images.narrow(0, start, count), Classes.narrow(0, start, count));

    /// <summary>The cross-entropy of a network that gives one number a class.</summary>
    public Tensor Loss(Module<Tensor, Tensor> network) => functional.cross_entropy(network.call(Images), Classes);

    /// <summary>The share of rows whose class a network names.</summary>
    public double Accuracy(Module<Tensor, Tensor> network)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        return network.call(Images).argmax(1).eq(Classes).to(ScalarType.Float64).mean().item<double>();
    }

    private static Articles Of(TensorData pairs, int corner)
    {
        var start = corner == 0 ? 0 : pairs.Input.size(2) - (2 * Side);
        var images = pairs.Input.narrow(2, start, 2 * Side).narrow(3, start, 2 * Side);
        return new(functional.avg_pool2d(images, 2).flatten(1), pairs.TargetOf(corner).Values.clone());
    }
}
