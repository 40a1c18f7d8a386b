namespace Plait.Numerics;

/// <summary>Draws standard normal numbers.</summary>
internal static class NormalVariate
{
    /// <summary>Draws once, by the method of Box and Muller 1958.</summary>
    public static double Draw(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
