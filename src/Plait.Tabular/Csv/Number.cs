using System.Globalization;

namespace Plait.Tabular.Csv;

/// <summary>Reads numbers: a decimal point, an exponent, no thousands separators, whatever the machine's language.</summary>
internal static class Number
{
    /// <summary>The largest magnitude that is taken: the square of a larger one is beyond double precision.</summary>
    public const double Largest = 1e150;

    /// <summary>What is wrong with a number that comes out infinite.</summary>
    public const string TooLarge = "is infinite or too large (above 1e150)";

    /// <summary>Reads a number; one that is infinite, or larger than <see cref="Largest"/>, comes out infinite.</summary>
    /// <returns>False for anything else, and for NaN.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        var parsed =
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            || TryInfinity(text, out value);
        if (Math.Abs(value) > Largest)
        {
            value = value > 0 ? double.PositiveInfinity : double.NegativeInfinity;
        }

        return parsed && !double.IsNaN(value);
    }

    private static bool TryInfinity(ReadOnlySpan<char> text, out double value)
    {
        var negative = text.StartsWith('-');
        value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return text.TrimStart("+-").Equals("inf", StringComparison.OrdinalIgnoreCase);
    }
}
