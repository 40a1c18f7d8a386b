namespace Plait.Tabular.Features;

/// <summary>Mean and population standard deviation, by the rows' weights, of the values that are present in some rows.</summary>
/// <param name="Present">How many values there are.</param>
/// <param name="Mean">Their mean; 0 when there is none.</param>
/// <param name="StandardDeviation">Their population standard deviation; exactly 0 when they differ by no more than rounding.</param>
internal readonly record struct Moments(long Present, double Mean, double StandardDeviation)
{
    /// <summary>A deviation of so many times the largest magnitude or less is what rounding to double precision leaves.</summary>
    private const double Rounding = 4.0 / (1L << 52);

    /// <summary>Takes the moments in two passes, so that large means do not hide small spreads, at a scale at which no square overflows or vanishes.</summary>
    /// <param name="values">One a row of the table; NaN is missing.</param>
    /// <param name="rows">Which rows.</param>
    /// <param name="weights">One a row of the table, above 0 in those rows; null when all weigh 1.</param>
    public static Moments Of(
        ReadOnlySpan<double> values,
        ReadOnlySpan<long> rows,
        IReadOnlyList<double>? weights = null
    )
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
        var (mean, _, total) = Sums(values, rows, weights, scale, 0);
        mean /= total;
        var (deviations, squares, _) = Sums(values, rows, weights, scale, mean);
        var left = deviations / total; // what the first pass rounded away
        var spread = Math.Sqrt(Math.Max(0, (squares / total) - (left * left)));
        return new Moments(present, (mean + left) * scale, spread * scale <= Rounding * magnitude ? 0 : spread * scale);
    }

    private static (double Deviations, double Squares, double Weights) Sums(
        ReadOnlySpan<double> values,
        ReadOnlySpan<long> rows,
        IReadOnlyList<double>? weights,
        double scale,
        double mean
    )
    {
        var (deviations, squares, total) = (0.0, 0.0, 0.0);
        foreach (var row in rows)
        {
            var deviation = (values[(int)row] / scale) - mean;
            if (!double.IsNaN(deviation))
            {
                var weight = weights?[(int)row] ?? 1;
                total += weight;
                deviations += weight * deviation;
                squares += weight * deviation * deviation;
            }
        }

        return (deviations, squares, total);
    }
}
