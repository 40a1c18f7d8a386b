using MathNet.Numerics.Distributions;

namespace Plait.Benchmarks.Comparison;

/// <summary>Means and spreads over seeds.</summary>
public static class SeedStatistics
{
    private const double Confidence = 0.95;

    /// <summary>The mean and its 95% interval by Student's t: mean ± t(0.975, n - 1) · s / √n.</summary>
    /// <param name="values">One value a seed.</param>
    /// <returns>Low and High equal the mean where there is one value; all are NaN where there is none, or one is NaN.</returns>
    public static Interval Interval(params IReadOnlyCollection<double> values)
    {
        var (mean, deviation) = Summary(values);
        if (values.Count < 2)
        {
            return new(mean, mean, mean);
        }

        var quantile = StudentT.InvCDF(0, 1, values.Count - 1, (1 + Confidence) / 2);
        var half = quantile * deviation / Math.Sqrt(values.Count);
        return new(mean, mean - half, mean + half);
    }

    /// <summary>The mean and the sample standard deviation (n - 1 in the denominator).</summary>
    /// <param name="values">One value a seed.</param>
    /// <returns>The deviation is 0 where there is one value; both are NaN where there is none, or one is NaN.</returns>
    public static MetricSummary Summary(params IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var mean = values.DefaultIfEmpty(double.NaN).Average();
        if (!double.IsFinite(mean))
        {
            return new(mean, double.NaN);
        }

        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new(mean, values.Count == 1 ? 0 : Math.Sqrt(squares / (values.Count - 1)));
    }
}
