using Plait.Benchmarks.Jobs;

namespace Plait.Reporting.Plots;

/// <summary>Maps as colours, three bytes a pixel, line by line.</summary>
internal static class MapColours
{
    private const byte Unknown = 128;
    private const int Golden = 137; // degrees: hues that far apart are never near one another for the first dozens

    /// <summary>An image, from its darkest number to its brightest.</summary>
    public static byte[] Photograph(KeptMaps maps, int row)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var (y, x) in Pixels(maps))
        {
            for (var channel = 0; channel < maps.Channels; channel++)
            {
                low = Math.Min(low, maps[row, channel, y, x]);
                high = Math.Max(high, maps[row, channel, y, x]);
            }
        }

        return Draw(
            maps,
            (y, x) =>
            {
                var green = Share(maps[row, Math.Min(1, maps.Channels - 1), y, x]);
                var blue = Share(maps[row, Math.Min(2, maps.Channels - 1), y, x]);
                return (Share(maps[row, 0, y, x]), green, blue);
            }
        );

        double Share(float value) => high > low ? (value - low) / (high - low) : 0;
    }

    /// <summary>A target or an answer of a task; what is unknown of the target is grey in both.</summary>
    /// <param name="task">The task.</param>
    /// <param name="maps">Its target or its answer.</param>
    /// <param name="row">The row.</param>
    public static byte[] Of(KeptAnswer task, KeptMaps maps, int row)
    {
        var (low, high) = Range(task, row);
        var colours = Draw(
            maps,
            (y, x) =>
                task.Kind switch
                {
                    AnswerKind.Classes => Class((int)maps[row, 0, y, x]),
                    AnswerKind.Normals => (
                        Half(maps, row, 0, y, x),
                        Half(maps, row, 1, y, x),
                        Half(maps, row, 2, y, x)
                    ),
                    AnswerKind.Probability => Grey(maps[row, 0, y, x]),
                    _ => Heat(high > low ? (maps[row, 0, y, x] - low) / (high - low) : 0),
                }
        );
        foreach (var (y, x) in Pixels(maps))
        {
            if (task.Present[row, 0, y, x] == 0)
            {
                colours.AsSpan(3 * ((y * maps.Width) + x), 3).Fill(Unknown);
            }
        }

        return colours;
    }

    private static (float Low, float High) Range(KeptAnswer task, int row)
    {
        var known = Pixels(task.Target)
            .Where(at => task.Present[row, 0, at.Y, at.X] != 0)
            .Select(at => task.Target[row, 0, at.Y, at.X])
            .DefaultIfEmpty();
        return (known.Min(), known.Max());
    }

    private static byte[] Draw(KeptMaps maps, Func<int, int, (double Red, double Green, double Blue)> colour)
    {
        var bytes = new byte[3 * maps.Height * maps.Width];
        foreach (var (y, x) in Pixels(maps))
        {
            var (red, green, blue) = colour(y, x);
            var at = 3 * ((y * maps.Width) + x);
            (bytes[at], bytes[at + 1], bytes[at + 2]) = (Byte(red), Byte(green), Byte(blue));
        }

        return bytes;
    }

    private static IEnumerable<(int Y, int X)> Pixels(KeptMaps maps) =>
        from y in Enumerable.Range(0, maps.Height)
        from x in Enumerable.Range(0, maps.Width)
        select (y, x);

    /// <summary>Class 0, which is often the background, is black; each other one has a hue of its own.</summary>
    private static (double, double, double) Class(int number)
    {
        if (number == 0)
        {
            return (0, 0, 0);
        }

        var hue = number * Golden % 360 / 60.0;
        var value = number % 2 == 0 ? 0.95 : 0.7;
        return (Part(5), Part(3), Part(1));

        double Part(int shift)
        {
            var place = (shift + hue) % 6;
            return value * (1 - (0.75 * Math.Clamp(Math.Min(place, 4 - place), 0, 1)));
        }
    }

    private static (double, double, double) Grey(double value) => (value, value, value);

    /// <summary>Black over violet and orange to white.</summary>
    private static (double, double, double) Heat(double value)
    {
        value = Math.Clamp(value, 0, 1);
        return (
            Math.Min(1, 1.6 * value),
            value * value,
            (0.6 * Math.Sin(Math.PI * value)) + (value * value * value * 0.8)
        );
    }

    private static double Half(KeptMaps maps, int row, int channel, int y, int x) => (maps[row, channel, y, x] + 1) / 2;

    private static byte Byte(double share) => (byte)Math.Round(255 * Math.Clamp(share, 0, 1));
}
