using System.Globalization;

namespace Plait.Tabular.Csv;

/// <summary>Reads numbers: a decimal point, an exponent, no thousands separators, whatever the machine's language.</summary>
internal static class Number
{
    /// <summary>Reads a number; one that is infinite, or too large for 32 bits, comes out infinite.</summary>
    /// <returns>False for anything else, and for NaN.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out float value)
    {
        var parsed =
            float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            || TryInfinity(text, out value);
        return parsed && !float.IsNaN(value);
    }

    private static bool TryInfinity(ReadOnlySpan<char> text, out float value)
    {
        var negative = text.StartsWith('-');
        value = negative ? float.NegativeInfinity : float.PositiveInfinity;
        return text.TrimStart("+-").Equals("inf", StringComparison.OrdinalIgnoreCase);
    }
}
