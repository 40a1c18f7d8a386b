using Plait.Jobs;

namespace Plait.Reporting.Plots;

/// <summary>Maps as colours, three bytes a pixel, line by line.</summary>
internal static class MapColours
{
    private const byte Unknown = 128;

    /// <summary>An image, from its darkest number to its brightest.</summary>
    public static byte[] Photograph(SavedMaps maps, int row)
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
    public static byte[] Of(SavedAnswer task, SavedMaps maps, int row)
    {
        var (low, high) = Range(task, row);
        var numbers = new float[maps.Channels];
        var colours = Draw(
            maps,
            (y, x) =>
            {
                for (var channel = 0; channel < numbers.Length; channel++)
                {
                    numbers[channel] = maps[row, channel, y, x];
                }

                return task.Colours.Of(numbers, low, high);
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

    private static (float Low, float High) Range(SavedAnswer task, int row)
    {
        var known = Pixels(task.Target)
            .Where(at => task.Present[row, 0, at.Y, at.X] != 0)
            .Select(at => task.Target[row, 0, at.Y, at.X])
            .DefaultIfEmpty();
        return (known.Min(), known.Max());
    }

    private static byte[] Draw(SavedMaps maps, Func<int, int, (double Red, double Green, double Blue)> colour)
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

    private static IEnumerable<(int Y, int X)> Pixels(SavedMaps maps) =>
        from y in Enumerable.Range(0, maps.Height)
        from x in Enumerable.Range(0, maps.Width)
        select (y, x);

    private static byte Byte(double share) => (byte)Math.Round(255 * Math.Clamp(share, 0, 1));
}
