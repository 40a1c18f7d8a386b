using System.Globalization;

namespace Plait.Reporting.Plots;

/// <summary>Round numbers along an axis.</summary>
/// <param name="Values">Rising, all inside the axis' range.</param>
/// <param name="Step">The distance between two of them.</param>
internal sealed record Ticks(IReadOnlyList<double> Values, double Step)
{
    private static readonly double[] RoundSteps = [1, 2, 2.5, 5, 10];

    /// <summary>About <paramref name="count"/> ticks, a power of ten times 1, 2, 2.5 or 5 apart.</summary>
    public static Ticks Of(double low, double high, int count, bool whole = false)
    {
        var raw = (high - low) / Math.Max(count, 1);
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = RoundSteps.Select(round => round * power).First(step => step >= raw * (1 - 1e-9));
        if (whole)
        {
            step = Math.Max(1, Math.Ceiling(step));
        }

        var first = Math.Ceiling(low / step - 1e-9);
        var values = new List<double>();
        for (var i = first; i * step <= high + step * 1e-9; i++)
        {
            values.Add(i * step);
        }

        return new(values, step);
    }

    /// <summary>A tick's label, with as many decimals as tell it from the next.</summary>
    public string Label(double value)
    {
        value = value == 0 ? 0 : value; // not -0
        if (Step >= 1000 || (Step < 1e-4 && Step > 0))
        {
            return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        }

        var decimals = 0;
        while (decimals < 6 && Math.Abs(Step * Math.Pow(10, decimals) % 1) is > 1e-6 and < 1 - 1e-6)
        {
            decimals++;
        }

        return value.ToString("F" + decimals, CultureInfo.InvariantCulture);
    }
}
