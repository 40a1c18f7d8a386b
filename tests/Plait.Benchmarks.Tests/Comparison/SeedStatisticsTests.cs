using CsCheck;
using Plait.Benchmarks.Comparison;

namespace Plait.Benchmarks.Tests.Comparison;

public sealed class SeedStatisticsTests
{
    [Theory]
    [InlineData(2, 12.706)]
    [InlineData(3, 4.303)]
    [InlineData(5, 2.776)]
    [InlineData(30, 2.045)]
    public void Interval_is_as_wide_as_the_t_table_says(int seeds, double quantile)
    {
        double[] values = [.. Enumerable.Range(0, seeds).Select(seed => (double)(seed % 2 == 0 ? seed : -seed))];
        var (mean, deviation) = SeedStatistics.Summary(values);

        var interval = SeedStatistics.Interval(values);

        Assert.Equal(mean, interval.Mean);
        Assert.Equal(quantile, (interval.High - mean) * Math.Sqrt(seeds) / deviation, 3);
        Assert.Equal(interval.High - mean, mean - interval.Low, 1e-9);
    }

    [Fact]
    public void Summary_of_a_worked_example()
    {
        // 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26, over n - 1 = 13.
        Assert.Equal(new MetricSummary(5, Math.Sqrt(13)), SeedStatistics.Summary(2, 4, 9));
    }

    [Fact]
    public void Shifted_values_shift_the_interval() =>
        Gen.Select(Gen.Double[-10, 10].Array[2, 6], Gen.Double[-10, 10])
            .Sample(
                (values, shift) =>
                {
                    var before = SeedStatistics.Interval(values);
                    var after = SeedStatistics.Interval([.. values.Select(value => value + shift)]);

                    Assert.Equal(before.Low + shift, after.Low, 1e-9 * (1 + Math.Abs(before.Low)) * 10);
                    Assert.Equal(before.High + shift, after.High, 1e-9 * (1 + Math.Abs(before.High)) * 10);
                }
            );

    [Fact]
    public void One_seed_has_no_spread_and_none_has_nothing()
    {
        Assert.Equal(new Interval(3, 3, 3), SeedStatistics.Interval(3));
        Assert.Equal(new MetricSummary(3, 0), SeedStatistics.Summary(3));
        Assert.Equal(new MetricSummary(double.NaN, double.NaN), SeedStatistics.Summary());
        Assert.Equal(new MetricSummary(double.NaN, double.NaN), SeedStatistics.Summary(double.NaN));
        Assert.Equal(new Interval(double.NaN, double.NaN, double.NaN), SeedStatistics.Interval(1, double.NaN));
    }
}
