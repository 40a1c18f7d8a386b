using Plait.Optimization;
using Plait.Tests.Numerics;

namespace Plait.Tests.Optimization;

/// <summary>Two conflicting gradients in three dimensions, for which many methods' updates are known.</summary>
public static class GoldenExample
{
    public static double[][] Rows { get; } =
    [
        [-4, 1, 1],
        [6, 1, 1],
    ];

    public static void AssertUpdate(GramianAggregator method, double[] weights, double[] update, double accuracy = 2e-6)
    {
        var gramian = Gramians.Of(Rows);
        var found = method.Weigh(gramian, StepContexts.At());
        Near(weights, found, accuracy);
        Near(update, Gramians.Combine(Rows, found), accuracy * 10);
        Assert.InRange(method.Residual(new GramianView(gramian), found), 0, 1e-14);
    }

    public static void Near(double[] expected, double[] actual, double accuracy)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second - pair.First, -accuracy, accuracy));
    }
}
