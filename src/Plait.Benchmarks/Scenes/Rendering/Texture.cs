using Plait.Benchmarks.Scenes.Geometry;

namespace Plait.Benchmarks.Scenes.Rendering;

/// <summary>How a texture mixes its two colours.</summary>
internal enum Pattern
{
    /// <summary>The first alone.</summary>
    Plain,

    /// <summary>Cubes in turns.</summary>
    Checker,

    /// <summary>Slices in turns.</summary>
    Stripes,

    /// <summary>Clouds.</summary>
    Noise,
}

/// <summary>A colour for every point of space, so that bodies need no coordinates on their skin.</summary>
/// <param name="Pattern">How the colours mix.</param>
/// <param name="First">A colour, linear light from 0 to 1.</param>
/// <param name="Second">The other.</param>
/// <param name="Scale">The size of a cube, slice or cloud, metres.</param>
/// <param name="Turn">The cosine and sine of the turn of cubes and slices about the vertical.</param>
/// <param name="Offset">Where space begins; never on a floor's height, where rounding would choose the cube.</param>
/// <param name="Lies">Whether slices are stacked rather than side by side.</param>
internal sealed record Texture(
    Pattern Pattern,
    Vector First,
    Vector Second,
    double Scale,
    (double Cosine, double Sine) Turn,
    Vector Offset,
    bool Lies
)
{
    /// <summary>The colour of a point.</summary>
    public Vector At(Vector point)
    {
        if (Pattern == Pattern.Plain)
        {
            return First;
        }

        var p = (point - Offset) * (1 / Scale);
        p = new((p.X * Turn.Cosine) - (p.Z * Turn.Sine), p.Y, (p.X * Turn.Sine) + (p.Z * Turn.Cosine));
        var share = Pattern switch
        {
            Pattern.Checker => Parity((long)Math.Floor(p.X) + (long)Math.Floor(p.Y) + (long)Math.Floor(p.Z)),
            Pattern.Stripes => Parity((long)Math.Floor(Lies ? p.Y : p.X)),
            _ => ValueNoise.At(p),
        };
        return (First * (1 - share)) + (Second * share);
    }

    private static double Parity(long cell) => cell & 1;
}
