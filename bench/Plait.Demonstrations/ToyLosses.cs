using TorchSharp.Modules;

namespace Plait.Demonstrations;

/// <summary>The losses of the toy problem, its Pareto front, and how far a point is from it.</summary>
internal static class ToyLosses
{
    private const double Scale = 0.1; // of the first loss: Navon et al. 2022
    private const double Floor = 5e-6; // below it the logarithms are flat
    private const double FrontHeight = -8.3552; // of the second number all along the front
    private const int FrontPoints = 2001;

    /// <summary>The losses along the front, from the best of the second to the best of the first.</summary>
    public static IReadOnlyList<(double First, double Second)> Front { get; } = FindFront();

    private static double RangeOfFirst => Front[0].First - Front[^1].First;

    private static double RangeOfSecond => Front[^1].Second - Front[0].Second;

    /// <summary>Both losses of each point, [points, 2], and their gradients, [points, losses, 2].</summary>
    public static (Tensor Gradients, Tensor Values) Gradients(Parameter points)
    {
        var (first, second) = Of(points);
        var gradients = new[] { first, second }.Select(loss =>
        {
            points.grad = null;
            torch.autograd.backward([loss.sum()], retain_graph: true);
            return points.grad!.clone();
        });
        return (torch.stack(gradients, 1), torch.stack([first.detach(), second.detach()], 1));
    }

    /// <summary>What a point lacks to the front: the part of each loss's range by which a point of the front is better in both.</summary>
    public static double Gap((double First, double Second) losses) =>
        Front.Min(point =>
            Math.Max((losses.First - point.First) / RangeOfFirst, (losses.Second - point.Second) / RangeOfSecond)
        );

    /// <summary>How much of what the first loss can gain along the front a point has: 0 is best for the second, 1 for the first.</summary>
    public static double ShareOfFirst((double First, double Second) losses) =>
        (Front[0].First - losses.First) / RangeOfFirst;

    private static (Tensor First, Tensor Second) Of(Tensor points)
    {
        var (x, y) = (points.select(1, 0), points.select(1, 1));
        var firstValley = ((-x - 7) * 0.5 - torch.tanh(-y)).abs().clamp(Floor).log() + 6;
        var secondValley = ((-x + 3) * 0.5 + torch.tanh(-y) + 2).abs().clamp(Floor).log() + 6;
        var bowl = (-y - 8).square() * 0.1;
        var firstBowl = ((-x + 7).square() + bowl) / 10 - 20;
        var secondBowl = ((-x - 7).square() + bowl) / 10 - 20;
        var (above, below) = (torch.tanh(y * 0.5).clamp(0), torch.tanh(y * -0.5).clamp(0));
        return (((firstValley * above) + (firstBowl * below)) * Scale, (secondValley * above) + (secondBowl * below));
    }

    private static (double First, double Second)[] FindFront()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.linspace(-7, 7, FrontPoints, ScalarType.Float64);
        var (first, second) = Of(torch.stack([x, torch.full_like(x, FrontHeight)], 1));
        return [.. first.data<double>().Zip(second.data<double>())];
    }
}
