using MathNet.Numerics.Distributions;

namespace Plait.Benchmarks.Comparison;

/// <summary>Means and spreads over seeds.</summary>
public static class SeedStatistics
{
    private const double Confidence = 0.95;

    /// <summary>The mean and its 95% interval by Student's t: mean ± t(0.975, n - 1) · s / √n.</summary>
    /// <param name="values">One value a seed; those that are not finite are left out.</param>
    /// <returns>Low and High equal the mean where one value is left; all are NaN where none is.</returns>
    public static Interval Interval(params IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        var (mean, deviation) = Summary(finite);
        if (finite.Length < 2)
        {
            return new(mean, mean, mean);
        }

        var quantile = StudentT.InvCDF(0, 1, finite.Length - 1, (1 + Confidence) / 2);
        var half = quantile * deviation / Math.Sqrt(finite.Length);
        return new(mean, mean - half, mean + half);
    }

    /// <summary>The mean and the sample standard deviation (n - 1 in the denominator).</summary>
    /// <param name="values">One value a seed; those that are not finite are left out.</param>
    public static MetricSummary Summary(params IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0)
        {
            return new(double.NaN, double.NaN);
        }

        var mean = finite.Average();
        var squares = finite.Sum(value => (value - mean) * (value - mean));
        return new(mean, finite.Length == 1 ? 0 : Math.Sqrt(squares / (finite.Length - 1)));
    }
}
