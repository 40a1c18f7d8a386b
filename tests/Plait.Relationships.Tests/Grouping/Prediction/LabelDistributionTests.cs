using CsCheck;
using Plait.Relationships.Grouping.Prediction;

namespace Plait.Relationships.Tests.Grouping.Prediction;

public sealed class LabelDistributionTests
{
    [Fact]
    public void A_worked_example()
    {
        var labels = LabelDistribution.OfLabels(["a", "b", "a", "c", "a", "a", "b", "a"]); // 5, 2, 1: mean 8/3

        var (second, fourth) = (26.0 / 9, (2401.0 + 16 + 625) / 81 / 3); // central moments of 7/3, -2/3, -5/3
        Assert.Equal((8, 3), (labels.Examples, labels.Labels));
        Assert.Equal(-((5 * Math.Log(5.0 / 8)) + (2 * Math.Log(0.25)) + Math.Log(0.125)) / 8, labels.Entropy, 1e-12);
        Assert.Equal((fourth / (second * second)) - 3, labels.Kurtosis, 1e-12);
        Assert.Equal(5.0 / 8, labels.LargestShare);
        Assert.Equal(3.0 / 8, labels.TypesPerToken);
    }

    [Fact]
    public void Even_labels_have_the_most_entropy_and_a_rare_one_more_kurtosis()
    {
        var even = LabelDistribution.OfCounts([20, 20, 20, 20, 20]);
        var skewed = LabelDistribution.OfCounts([96, 1, 1, 1, 1]);

        Assert.Equal(Math.Log(5), even.Entropy, 1e-12);
        Assert.Equal(1, even.Evenness, 1e-12);
        Assert.Equal(0, even.Kurtosis);
        Assert.True(skewed.Entropy < 0.3 * even.Entropy);
        Assert.True(skewed.Kurtosis > 0);
    }

    [Fact]
    public void Order_and_labels_that_never_come_do_not_matter() =>
        Gen.Long[0, 50]
            .Array[1, 8]
            .Where(counts => counts.Sum() > 0)
            .Sample(counts =>
            {
                var one = LabelDistribution.OfCounts(counts);
                var other = LabelDistribution.OfCounts([0, .. counts.Reverse(), 0]);
                Assert.Equal(one.Entropy, other.Entropy, 1e-12);
                Assert.Equal(one.Kurtosis, other.Kurtosis, 1e-9);
                Assert.InRange(one.Entropy, 0, Math.Log(one.Labels) + 1e-12);
            });

    [Fact]
    public void Numbers_fall_into_bins_and_missing_ones_out()
    {
        var numbers = LabelDistribution.OfNumbers([0, 1, double.NaN, 9.9, 10, 5], bins: 2);

        Assert.Equal((5, 2), (numbers.Examples, numbers.Labels));
        Assert.Equal(0.6, numbers.LargestShare); // 9.9, 10 and 5 stand in the upper bin
        Assert.Equal(1, LabelDistribution.OfNumbers([3, 3, 3]).Labels);
    }

    [Fact]
    public void What_is_no_distribution_is_refused()
    {
        Assert.Contains("no label", Assert.Throws<ArgumentException>(() => LabelDistribution.OfCounts([0, 0])).Message);
        Assert.Throws<ArgumentException>(() => LabelDistribution.OfNumbers([double.NaN]));
        Assert.Throws<ArgumentException>(() => LabelDistribution.OfNumbers([1, double.PositiveInfinity]));
    }

    [Fact]
    public void Divergence_is_symmetric_none_for_shares_alike_and_ln_2_where_nothing_is_common()
    {
        Assert.Equal(0, JensenShannon.Of([1, 2, 3], [10, 20, 30]), 1e-12);
        Assert.Equal(Math.Log(2), JensenShannon.Of([1, 0], [0, 5]), 1e-12);
        Assert.Equal(JensenShannon.Of([1, 4, 2], [3, 1, 0]), JensenShannon.Of([3, 1, 0], [1, 4, 2]), 1e-12);
        Assert.Throws<ArgumentException>(() => JensenShannon.Of([0, 0], [1, 2]));
    }
}
