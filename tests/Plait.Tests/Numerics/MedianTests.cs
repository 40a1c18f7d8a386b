using CsCheck;
using Plait.Numerics;

namespace Plait.Tests.Numerics;

public sealed class MedianTests
{
    [Fact]
    public void Median_is_the_middle_of_the_sorted_numbers() =>
        // Few distinct numbers, so that there are ties.
        Gen.Int[-6, 6]
            .Select(number => number / 2.0)
            .Array[1, 60]
            .Sample(numbers =>
            {
                var sorted = numbers.Order().ToArray();
                var expected = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

                Assert.Equal(expected, Median.Of<double>(numbers.ToArray()));
                Assert.Equal(expected, Median.Of<float>(numbers.Select(number => (float)number).ToArray()));
            });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Long_rows_of_any_order_are_no_trouble(int order)
    {
        const int Count = 100_001;
        double[] numbers =
        [
            .. Enumerable
                .Range(0, Count)
                .Select(i =>
                    order switch
                    {
                        0 => i,
                        1 => Count - 1 - i,
                        // Rises to the middle and falls again: the worst for a pivot in the middle.
                        _ => i <= Count / 2 ? 2 * i : (2 * (Count - 1 - i)) + 1,
                    }
                )
                .Select(i => (double)i),
        ];

        Assert.Equal(Count / 2, Median.Of<double>(numbers));
    }

    [Fact]
    public void A_number_of_a_weight_counts_as_often_as_the_weight_says() =>
        Gen.Select(Gen.Int[-6, 6], Gen.Int[1, 4])
            .Array[1, 30]
            .Sample(pairs =>
            {
                double[] repeated = [.. pairs.SelectMany(pair => Enumerable.Repeat((double)pair.Item1, pair.Item2))];
                double[] numbers = [.. pairs.Select(pair => (double)pair.Item1)];
                double[] weights = [.. pairs.Select(pair => (double)pair.Item2)];

                Assert.Equal(Median.Of<double>(repeated), Median.Of<double>(numbers, weights));
            });

    [Fact]
    public void Nothing_and_what_is_no_number_have_no_median()
    {
        Assert.Equal(double.NaN, Median.Of<double>([]));
        Assert.Equal(double.NaN, Median.Of<double>([1, double.NaN, 2]));
        Assert.Equal(double.NaN, Median.Of<double>([], []));
        Assert.Equal(double.NaN, Median.Of<double>([1, double.NaN], [1, 1]));
        Assert.Equal(1, Median.Of<double>([double.PositiveInfinity, 1, double.NegativeInfinity]));
    }
}
