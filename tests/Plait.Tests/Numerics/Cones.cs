using Plait.Numerics;

namespace Plait.Tests.Numerics;

/// <summary>Vectors at length 1, and what says that weights of 0 and more minimise u'Cu/2 - d'u over them.</summary>
internal static class Cones
{
    /// <summary>The inner products of random directions, row by row.</summary>
    public static double[] Cosines(int count, int width, int seed)
    {
        var cosines = new double[count * count];
        var vectors = Gramians.Vectors(Gramians.Family.Typical, count, width, seed);
        UnitGramian.Fill(Gramians.Of(vectors), new double[count], cosines);
        return cosines;
    }

    public static double[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1)];
    }

    /// <summary>Weights are 0 and more, and the slope Cu - d of each is 0, or 0 and more where the weight is 0.</summary>
    public static void AssertMinimum(double[] cosines, double[] pull, double[] weights, int excluded = -1)
    {
        var tolerance = 1e-10 * (1 + weights.Sum());
        for (var j = 0; j < weights.Length; j++)
        {
            var slope = Times(cosines, weights, j) - pull[j];
            Assert.True(weights[j] >= 0, $"weight {weights[j]}");
            if (j == excluded)
            {
                Assert.Equal(0, weights[j]);
                continue;
            }

            Assert.True(weights[j] > 0 ? Math.Abs(slope) <= tolerance : slope >= -tolerance, $"{weights[j]}, {slope}");
        }
    }

    public static double Times(double[] cosines, double[] weights, int row) =>
        weights.Select((weight, j) => weight * cosines[(row * weights.Length) + j]).Sum();
}
