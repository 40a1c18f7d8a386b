namespace Plait.Tabular.Features;

/// <summary>Mean and population standard deviation of the values that are present in some rows.</summary>
/// <param name="Present">How many values there are.</param>
/// <param name="Mean">Their mean; 0 when there is none.</param>
/// <param name="StandardDeviation">Their population standard deviation; exactly 0 when they differ by no more than rounding.</param>
internal readonly record struct Moments(long Present, double Mean, double StandardDeviation)
{
    /// <summary>A deviation of so many times the largest magnitude or less is what rounding to double precision leaves.</summary>
    private const double Rounding = 4.0 / (1L << 52);

    /// <summary>Takes the moments in two passes, so that large means do not hide small spreads, at a scale at which no square overflows or vanishes.</summary>
    public static Moments Of(ReadOnlySpan<double> values, ReadOnlySpan<long> rows)
    {
        var present = 0L;
        var smallest = double.PositiveInfinity;
        var largest = double.NegativeInfinity;
        foreach (var row in rows)
        {
            var value = values[(int)row];
            if (!double.IsNaN(value))
            {
                present++;
                smallest = Math.Min(smallest, value);
                largest = Math.Max(largest, value);
            }
        }

        if (present == 0 || smallest == largest)
        {
            return new Moments(present, present == 0 ? 0 : smallest, 0);
        }

        var magnitude = Math.Max(Math.Abs(smallest), Math.Abs(largest));
        var scale = Math.ScaleB(1, Math.ILogB(magnitude)); // a power of two, so that nothing is rounded
        var (mean, _) = Sums(values, rows, scale, 0);
        mean /= present;
        var (deviations, squares) = Sums(values, rows, scale, mean);
        var left = deviations / present; // what the first pass rounded away
        var spread = Math.Sqrt(Math.Max(0, (squares / present) - (left * left)));
        return new Moments(present, (mean + left) * scale, spread * scale <= Rounding * magnitude ? 0 : spread * scale);
    }

    private static (double Deviations, double Squares) Sums(
        ReadOnlySpan<double> values,
        ReadOnlySpan<long> rows,
        double scale,
        double mean
    )
    {
        var (deviations, squares) = (0.0, 0.0);
        foreach (var row in rows)
        {
            var deviation = (values[(int)row] / scale) - mean;
            if (!double.IsNaN(deviation))
            {
                deviations += deviation;
                squares += deviation * deviation;
            }
        }

        return (deviations, squares);
    }
}
