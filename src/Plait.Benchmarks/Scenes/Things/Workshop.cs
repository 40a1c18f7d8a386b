using Plait.Benchmarks.Scenes.Rendering;

namespace Plait.Benchmarks.Scenes.Things;

/// <summary>Chance and style, which everything in a scene is made with.</summary>
internal sealed class Workshop(Random chance, Style style)
{
    /// <summary>The palette, textures, light and camera.</summary>
    public Style Style => style;

    /// <summary>What everything is drawn from.</summary>
    public Random Chance => chance;

    /// <summary>A number between two, evenly.</summary>
    public double Between(double low, double high) => new Span(low, high).Draw(chance);

    /// <summary>A whole number from one to another, both included.</summary>
    public int Count(int least, int most) => chance.Next(least, most + 1);

    /// <summary>Whether something that happens so often does.</summary>
    public bool Happens(double share) => chance.NextDouble() < share;

    /// <summary>Any direction about the vertical, radians.</summary>
    public double Turn() => Between(-Math.PI, Math.PI);

    /// <summary>A texture whose pattern is of about this size, metres.</summary>
    public Texture Texture(double scale) => style.Texture(chance, scale);

    /// <summary>The same texture, or another one.</summary>
    public Texture Maybe(Texture same, double scale) => Happens(0.5) ? same : Texture(scale);
}
