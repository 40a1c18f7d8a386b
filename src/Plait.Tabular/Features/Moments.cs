namespace Plait.Tabular.Features;

/// <summary>Mean and population standard deviation of the values that are present in some rows.</summary>
/// <param name="Present">How many values there are.</param>
/// <param name="Mean">Their mean; 0 when there is none.</param>
/// <param name="StandardDeviation">Their population standard deviation; exactly 0 when all are the same.</param>
internal readonly record struct Moments(long Present, double Mean, double StandardDeviation)
{
    /// <summary>Takes the moments in two passes, so that large means do not hide small spreads.</summary>
    public static Moments Of(ReadOnlySpan<float> values, ReadOnlySpan<long> rows)
    {
        var present = 0L;
        var sum = 0.0;
        var smallest = float.PositiveInfinity;
        var largest = float.NegativeInfinity;
        foreach (var row in rows)
        {
            var value = values[(int)row];
            if (!float.IsNaN(value))
            {
                present++;
                sum += value;
                smallest = Math.Min(smallest, value);
                largest = Math.Max(largest, value);
            }
        }

        if (present == 0 || smallest == largest)
        {
            return new Moments(present, present == 0 ? 0 : smallest, 0);
        }

        var mean = sum / present;
        var squares = 0.0;
        foreach (var row in rows)
        {
            var value = values[(int)row];
            squares += float.IsNaN(value) ? 0 : (value - mean) * (value - mean);
        }

        return new Moments(present, mean, Math.Sqrt(squares / present));
    }
}
