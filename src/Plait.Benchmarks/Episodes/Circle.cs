namespace Plait.Benchmarks.Episodes;

/// <summary>Draws points around the middle of the plane.</summary>
internal static class Circle
{
    /// <summary>Draws points whose direction and distance are even.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="count">How many.</param>
    /// <param name="nearest">The least distance from the middle.</param>
    /// <param name="farthest">The largest.</param>
    /// <returns>[points, 2].</returns>
    public static Tensor Draw(Random random, int count, double nearest, double farthest)
    {
        var places = new float[2 * count];
        for (var i = 0; i < count; i++)
        {
            var (y, x) = Math.SinCos(2 * Math.PI * random.NextDouble());
            var distance = nearest + ((farthest - nearest) * random.NextDouble());
            (places[2 * i], places[(2 * i) + 1]) = ((float)(x * distance), (float)(y * distance));
        }

        return torch.tensor(places).view(count, 2);
    }
}
