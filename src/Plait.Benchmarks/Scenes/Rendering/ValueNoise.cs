using Plait.Benchmarks.Scenes.Geometry;

namespace Plait.Benchmarks.Scenes.Rendering;

/// <summary>Smooth noise over space: random numbers at whole coordinates, blended between them, at two sizes.</summary>
/// <remarks>Perlin 1985, <i>An image synthesizer</i>, in its simplest form: values in place of slopes.</remarks>
internal static class ValueNoise
{
    private const double FineScale = 2.7; // no multiple of the coarse one, so that the two never line up
    private const double FineShare = 0.35;
    private const double Contrast = 1.8; // blending draws values to the middle; this spreads them again

    /// <summary>From 0 to 1.</summary>
    public static double At(Vector point)
    {
        var value = ((1 - FineShare) * Layer(point)) + (FineShare * Layer(point * FineScale));
        return Math.Clamp(0.5 + ((value - 0.5) * Contrast), 0, 1);
    }

    private static double Layer(Vector p)
    {
        var (x, y, z) = ((long)Math.Floor(p.X), (long)Math.Floor(p.Y), (long)Math.Floor(p.Z));
        var (u, v, w) = (Smooth(p.X - x), Smooth(p.Y - y), Smooth(p.Z - z));
        var near = Blend(
            Blend(Lattice(x, y, z), Lattice(x + 1, y, z), u),
            Blend(Lattice(x, y + 1, z), Lattice(x + 1, y + 1, z), u),
            v
        );
        var far = Blend(
            Blend(Lattice(x, y, z + 1), Lattice(x + 1, y, z + 1), u),
            Blend(Lattice(x, y + 1, z + 1), Lattice(x + 1, y + 1, z + 1), u),
            v
        );
        return Blend(near, far, w);
    }

    private static double Smooth(double t) => t * t * (3 - (2 * t));

    private static double Blend(double a, double b, double share) => a + ((b - a) * share);

    private static double Lattice(long x, long y, long z)
    {
        var h = ((ulong)x * 0x9E3779B97F4A7C15) ^ ((ulong)y * 0xC2B2AE3D27D4EB4F) ^ ((ulong)z * 0x165667B19E3779F9);
        h = (h ^ (h >> 29)) * 0xBF58476D1CE4E5B9;
        return (h >> 40) * (1.0 / (1 << 24));
    }
}
