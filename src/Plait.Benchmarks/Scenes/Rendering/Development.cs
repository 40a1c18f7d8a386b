using Plait.Benchmarks.Scenes.Geometry;

namespace Plait.Benchmarks.Scenes.Rendering;

/// <summary>Turns light into an image: exposure and tint, the response of an eye, noise, bytes.</summary>
internal static class Development
{
    private const double RootOfThree = 1.7320508075688772;

    /// <summary>Brings light to colours from 0, black, to about 1, white; what is brighter is cut off later.</summary>
    /// <param name="picture">Linear light; becomes what is shown.</param>
    /// <param name="style">Exposure and tint.</param>
    /// <param name="chance">What they are drawn from.</param>
    public static void Expose(Vector[] picture, Style style, Random chance)
    {
        var tint = new Vector(style.Tint.Red.Draw(chance), style.Tint.Green.Draw(chance), style.Tint.Blue.Draw(chance));
        var mean = picture.Average(light => Math.Sqrt(Math.Max(0, (light.X + light.Y + light.Z) / 3)));
        var gain = mean > 0 ? style.Exposure.Draw(chance) / mean : 0;
        for (var pixel = 0; pixel < picture.Length; pixel++)
        {
            var light = picture[pixel] * tint;
            picture[pixel] = new(Respond(light.X, gain), Respond(light.Y, gain), Respond(light.Z, gain));
        }
    }

    /// <summary>Adds the sensor's noise and rounds to bytes.</summary>
    /// <param name="picture">What is shown.</param>
    /// <param name="style">How strong the noise is.</param>
    /// <param name="chance">What it is drawn from.</param>
    /// <param name="image">[3, pixels].</param>
    public static void Write(Vector[] picture, Style style, Random chance, Span<byte> image)
    {
        var deviation = style.Noise.Draw(chance);
        for (var pixel = 0; pixel < picture.Length; pixel++)
        {
            image[pixel] = ToByte(picture[pixel].X + Noise());
            image[pixel + picture.Length] = ToByte(picture[pixel].Y + Noise());
            image[pixel + (2 * picture.Length)] = ToByte(picture[pixel].Z + Noise());
        }

        double Noise() => deviation * Bell(chance);
    }

    /// <summary>The square root stands for the usual gamma of 2.2: every machine rounds it alike.</summary>
    private static double Respond(double light, double gain) => Math.Min(1.2, gain * Math.Sqrt(Math.Max(0, light)));

    /// <summary>Nearly normal: the sum of four even numbers, of mean 0 and deviation 1.</summary>
    private static double Bell(Random chance) =>
        RootOfThree * (chance.NextDouble() + chance.NextDouble() + chance.NextDouble() + chance.NextDouble() - 2);

    private static byte ToByte(double value) => (byte)Math.Round(Math.Clamp(value, 0, 1) * byte.MaxValue);
}
