namespace Plait.Reporting.Plots;

/// <summary>Maps a range of values to a range of pixels.</summary>
/// <param name="Low">The value at <paramref name="Start"/>.</param>
/// <param name="High">The value at <paramref name="End"/>; above <paramref name="Low"/>.</param>
/// <param name="Start">The pixel of the low end.</param>
/// <param name="End">The pixel of the high end; smaller than the start where the axis points up.</param>
internal sealed record Axis(double Low, double High, double Start, double End)
{
    private const double Margin = 0.06;

    /// <summary>An axis over all finite values, with a little room at both ends.</summary>
    public static Axis Over(IEnumerable<double> values, double start, double end, bool tight = false)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(double.IsFinite))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (low > high)
        {
            (low, high) = (0, 1);
        }

        if (high - low <= 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)) || high == low)
        {
            var half = low == 0 ? 0.5 : Math.Abs(low) * 0.05;
            (low, high) = (low - half, high + half);
        }

        var room = tight ? 0 : (high - low) * Margin;
        return new(low - room, high + room, start, end);
    }

    /// <summary>The pixel of a value.</summary>
    public double At(double value) => Start + (value - Low) / (High - Low) * (End - Start);
}
