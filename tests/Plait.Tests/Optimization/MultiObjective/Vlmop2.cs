using Plait.Optimization;
using Plait.Optimization.MultiObjective.ParetoFront;
using Plait.Tests.Numerics;

namespace Plait.Tests.Optimization.MultiObjective;

/// <summary>Two losses of twenty numbers whose Pareto front is known and bulges, so that no fixed weights reach its middle.</summary>
/// <remarks>Van Veldhuizen and Lamont 1999: f = 1 - exp(-|x -+ c|²) with c the vector of 1 / sqrt n; the front is x = s c, s from -1 to 1.</remarks>
public static class Vlmop2
{
    public const int Width = 20;
    private static readonly double Centre = 1 / Math.Sqrt(Width);

    public static double[] Reference => [1, 1];

    public static double[] Losses(double[] x) => [1 - Math.Exp(-Distance(x, 1)), 1 - Math.Exp(-Distance(x, -1))];

    public static double[][] Gradients(double[] x) => [Gradient(x, 1), Gradient(x, -1)];

    public static double[] OnFront(double s) => [1 - Math.Exp(-(s - 1) * (s - 1)), 1 - Math.Exp(-(s + 1) * (s + 1))];

    /// <summary>The volume of the whole front.</summary>
    public static double Volume { get; } =
        Hypervolume.Of([.. Enumerable.Range(0, 2001).Select(i => OnFront((i / 1000.0) - 1))], Reference);

    /// <summary>How far losses are from the front.</summary>
    public static double DistanceToFront(double[] losses) =>
        Enumerable
            .Range(0, 2001)
            .Select(i => OnFront((i / 1000.0) - 1))
            .Min(point => Math.Sqrt(point.Zip(losses, (a, b) => (a - b) * (a - b)).Sum()));

    /// <summary>Descends from a point near the middle, by steps of which each takes the aggregator's weights.</summary>
    public static double[] Descend(GramianAggregator aggregator, int steps, double length, int seed, int epochs = 10)
    {
        var random = new Random(seed);
        double[] x = [.. Enumerable.Range(0, Width).Select(_ => (random.NextDouble() - 0.5) * 0.4)];
        aggregator.Begin(2);
        for (var step = 0; step < steps; step++)
        {
            var rows = Gradients(x);
            var weights = aggregator.Weigh(
                Gramians.Of(rows),
                StepContexts.At(step, epoch: step * epochs / steps),
                Losses(x)
            );
            var update = Gramians.Combine(rows, weights);
            x = [.. x.Zip(update, (value, slope) => value - (length * slope))];
        }

        return Losses(x);
    }

    private static double Distance(double[] x, int side) =>
        x.Sum(value => (value - (side * Centre)) * (value - (side * Centre)));

    private static double[] Gradient(double[] x, int side)
    {
        var slope = 2 * Math.Exp(-Distance(x, side));
        return [.. x.Select(value => slope * (value - (side * Centre)))];
    }
}
