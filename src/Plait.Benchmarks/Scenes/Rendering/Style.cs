using Plait.Benchmarks.Scenes.Geometry;

namespace Plait.Benchmarks.Scenes.Rendering;

/// <summary>From the least to the most of something that is drawn at random.</summary>
internal readonly record struct Span(double Low, double High)
{
    /// <summary>A number within, evenly.</summary>
    public double Draw(Random chance) => Low + ((High - Low) * chance.NextDouble());
}

/// <summary>What makes a visual domain: palette, textures, light and camera.</summary>
/// <remarks>Every kind of thing draws its colours and textures from the same ranges, so that neither gives its class away.</remarks>
internal sealed record Style
{
    private const double FullTurn = 2 * Math.PI;

    /// <summary>Of colours, from grey at 0 to pure at 1.</summary>
    public required Span Saturation { get; init; }

    /// <summary>Of colours, from black at 0.</summary>
    public required Span Brightness { get; init; }

    /// <summary>The shares of plain, checkered, striped and cloudy textures; they sum to 1.</summary>
    public required double[] Patterns { get; init; }

    /// <summary>What the whole image is multiplied by, for each channel.</summary>
    public required (Span Red, Span Green, Span Blue) Tint { get; init; }

    /// <summary>The height of the main light over the horizon, degrees.</summary>
    public required Span LightHeight { get; init; }

    /// <summary>Light that comes from everywhere, as a share of the main light.</summary>
    public required Span Ambient { get; init; }

    /// <summary>The share of light that is lost on 10 metres of street.</summary>
    public required Span Haze { get; init; }

    /// <summary>The mean of an image that is developed, from 0 to 1.</summary>
    public required Span Exposure { get; init; }

    /// <summary>The standard deviation of the sensor's noise, from black at 0 to white at 1.</summary>
    public required Span Noise { get; init; }

    /// <summary>The camera's height in rooms, metres.</summary>
    public required Span RoomEye { get; init; }

    /// <summary>The camera's height in streets, metres.</summary>
    public required Span StreetEye { get; init; }

    /// <summary>How far the camera looks down in rooms, degrees; half of it in streets.</summary>
    public required Span Pitch { get; init; }

    /// <summary>The camera's field of view, degrees.</summary>
    public required Span FieldOfView { get; init; }

    /// <summary>The style of a domain.</summary>
    public static Style Of(Domain domain) => domain == Domain.Day ? Day : Dusk;

    private static readonly Style Day = new()
    {
        Saturation = new(0.15, 0.8),
        Brightness = new(0.3, 0.95),
        Patterns = [0.55, 0.15, 0.18, 0.12],
        Tint = (new(0.95, 1.05), new(0.97, 1.03), new(0.95, 1.05)),
        LightHeight = new(35, 75),
        Ambient = new(0.35, 0.6),
        Haze = new(0, 0.05),
        Exposure = new(0.4, 0.55),
        Noise = new(0.01, 0.03),
        RoomEye = new(1.2, 1.7),
        StreetEye = new(1.4, 1.9),
        Pitch = new(4, 18),
        FieldOfView = new(46, 58),
    };

    private static readonly Style Dusk = new()
    {
        Saturation = new(0.05, 0.5),
        Brightness = new(0.15, 0.85),
        Patterns = [0.5, 0.08, 0.12, 0.3],
        Tint = (new(0.8, 1.3), new(0.85, 1.05), new(0.65, 1.3)),
        LightHeight = new(15, 40),
        Ambient = new(0.2, 0.4),
        Haze = new(0.03, 0.2),
        Exposure = new(0.3, 0.42),
        Noise = new(0.02, 0.04),
        RoomEye = new(1.9, 2.35),
        StreetEye = new(2.6, 3.8),
        Pitch = new(16, 32),
        FieldOfView = new(60, 72),
    };

    /// <summary>A colour of the palette, as the share of light that it returns: the square of what is seen.</summary>
    public Vector Colour(Random chance)
    {
        var (hue, saturation, value) = (6 * chance.NextDouble(), Saturation.Draw(chance), Brightness.Draw(chance));
        var seen = new Vector(Channel(5), Channel(3), Channel(1));
        return seen * seen;

        // Smith 1978, Color gamut transform pairs, in the form without a case for each sixth of the wheel.
        double Channel(int shift)
        {
            var k = (shift + hue) % 6;
            return value * (1 - (saturation * Math.Clamp(Math.Min(k, 4 - k), 0, 1)));
        }
    }

    /// <summary>A texture of the palette.</summary>
    /// <param name="chance">What it is drawn from.</param>
    /// <param name="scale">About the size of its pattern, metres.</param>
    public Texture Texture(Random chance, double scale)
    {
        var draw = chance.NextDouble();
        var pattern = 0;
        while (pattern < Patterns.Length - 1 && (draw -= Patterns[pattern]) >= 0)
        {
            pattern++;
        }

        var (sine, cosine) = Math.SinCos(FullTurn * chance.NextDouble());
        return new(
            (Pattern)pattern,
            Colour(chance),
            Colour(chance),
            scale * new Span(0.6, 1.6).Draw(chance),
            (cosine, sine),
            new(chance.NextDouble(), 0.137 + chance.NextDouble(), chance.NextDouble()),
            chance.NextDouble() < 0.5
        );
    }
}
