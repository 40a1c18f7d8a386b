using Plait.Benchmarks.Scenes.Geometry;

namespace Plait.Benchmarks.Scenes.Rendering;

/// <summary>A light: the sun, or a lamp.</summary>
/// <param name="Place">Where it hangs; for the sun, the direction to it, of length 1.</param>
/// <param name="Colour">Its strength in each channel, on a surface that faces it 1 metre away (the sun: anywhere).</param>
/// <param name="IsSun">Whether it is so far away that its rays are parallel.</param>
internal readonly record struct Light(Vector Place, Vector Colour, bool IsSun)
{
    private const double Reach = 2.5; // metres at which a lamp has lost half: softer than the inverse square, as walls reflect

    /// <summary>The way to it from a point, how far it is, and what arrives where nothing is in the way.</summary>
    public (Vector Direction, double Distance, Vector Arriving) From(Vector point)
    {
        if (IsSun)
        {
            return (Place, double.PositiveInfinity, Colour);
        }

        var way = Place - point;
        var distance = way.Length;
        return (way * (1 / distance), distance, Colour * (1 / (1 + (distance * distance / (Reach * Reach)))));
    }
}

/// <summary>The sky behind everything: two colours from the horizon upwards, with clouds.</summary>
/// <param name="Horizon">Low down; haze has this colour too.</param>
/// <param name="Zenith">High up.</param>
/// <param name="Clouds">From 0, none, to 1.</param>
/// <param name="Offset">Where in the noise the clouds are.</param>
internal sealed record Sky(Vector Horizon, Vector Zenith, double Clouds, Vector Offset)
{
    /// <summary>The colour in a direction.</summary>
    public Vector Towards(Vector direction)
    {
        var height = Math.Clamp(direction.Y * 1.6, 0, 1);
        var clear = (Horizon * (1 - height)) + (Zenith * height);
        var share = Clouds <= 0 ? 0 : Clouds * ValueNoise.At((direction * 4) + Offset);
        return (clear * (1 - share)) + (new Vector(0.9, 0.9, 0.9) * share);
    }
}
