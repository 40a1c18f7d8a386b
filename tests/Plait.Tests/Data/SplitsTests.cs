using CsCheck;
using Plait.Data;

namespace Plait.Tests.Data;

public sealed class SplitsTests
{
    private static readonly double[] Fractions = [0.7, 0.1, 0.2];

    private static readonly Gen<double[]> GenFractions = Gen.Int[1, 20]
        .Array[1, 5]
        .Select(shares => shares.Select(share => (double)share / shares.Sum()).ToArray());

    [Fact]
    public void Random_gives_every_row_to_one_part_in_the_sizes_asked()
    {
        Gen.Select(Gen.Int[200, 2000], GenFractions, Gen.Long)
            .Sample(
                (rows, fractions, seed) =>
                {
                    var parts = Splits.Random(rows, fractions, seed);
                    RequirePartition(parts, rows);
                    Assert.All(
                        parts.Zip(fractions),
                        pair => Assert.True(Math.Abs(pair.First.Length - (rows * pair.Second)) < 1 + 1e-6)
                    );
                },
                iter: 100
            );
    }

    [Fact]
    public void Stratified_keeps_the_proportions_of_every_class_to_within_one_row()
    {
        Gen.Select(Gen.Long[-1, 6].Array[200, 800], GenFractions, Gen.Long)
            .Sample(
                (labels, fractions, seed) =>
                {
                    var parts = Splits.Stratified(labels, fractions, seed);
                    RequirePartition(parts, labels.Length);
                    foreach (var label in labels.Distinct())
                    {
                        var members = labels.Count(other => other == label);
                        for (var part = 0; part < parts.Count; part++)
                        {
                            var here = parts[part].Count(row => labels[row] == label);
                            Assert.True(Math.Abs(here - (members * fractions[part])) < 1 + 1e-6);
                        }
                    }
                },
                iter: 100
            );
    }

    [Fact]
    public void Stratified_parts_come_out_as_large_as_asked_even_with_many_tiny_classes()
    {
        long[] labels = [.. Enumerable.Range(0, 1000).Select(row => (long)(row / 2))];

        var parts = Splits.Stratified(labels, Fractions, seed: 3);

        Assert.InRange(parts[0].Length, 695, 705);
        Assert.InRange(parts[1].Length, 95, 105);
        Assert.InRange(parts[2].Length, 195, 205);
    }

    [Fact]
    public void Grouped_never_divides_a_group()
    {
        Gen.Select(Gen.Int[0, 60].Array[400, 1200], Gen.Long)
            .Sample(
                (groups, seed) =>
                {
                    var parts = Splits.Grouped(groups, Fractions, seed);
                    RequirePartition(parts, groups.Length);
                    var partsOfGroup = parts
                        .SelectMany((rows, part) => rows.Select(row => (Group: groups[row], part)))
                        .Distinct()
                        .CountBy(pair => pair.Group);
                    Assert.All(partsOfGroup, pair => Assert.Equal(1, pair.Value));
                    var largest = groups.CountBy(group => group).Max(pair => pair.Value);
                    Assert.True(parts[0].Length <= (0.7 * groups.Length) + 1);
                    Assert.True(parts[0].Length >= (0.7 * groups.Length) - largest - 1);
                },
                iter: 100
            );
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        int[] groups = [.. Enumerable.Range(0, 300).Select(row => row % 60)];
        long[] labels = [.. Enumerable.Range(0, 300).Select(row => row % 3L)];
        Func<long, IReadOnlyList<long[]>>[] splits =
        [
            seed => Splits.Random(300, Fractions, seed),
            seed => Splits.Stratified(labels, Fractions, seed),
            seed => Splits.Grouped(groups, Fractions, seed),
        ];

        Assert.All(
            splits,
            split =>
            {
                Assert.Equal(split(5), split(5));
                Assert.NotEqual(split(5)[0], split(6)[0]);
            }
        );
    }

    [Fact]
    public void Fractions_that_are_no_shares_of_a_whole_are_refused()
    {
        double[][] wrong =
        [
            [],
            [0.7, 0.2],
            [0.7, 0.5],
            [1.2, -0.2],
            [1, 0],
            [double.NaN, 1],
        ];

        Assert.All(
            wrong,
            fractions =>
            {
                var error = Assert.Throws<ArgumentException>(() => Splits.Random(100, fractions, 0));
                Assert.Contains("sum to 1", error.Message, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void A_part_that_would_be_empty_is_an_error_that_says_which()
    {
        var error = Assert.Throws<ArgumentException>(() => Splits.Grouped(["a", "b", "a"], Fractions, 0));

        Assert.Contains("2 groups of 3 rows", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Splits.Random(2, Fractions, 0));
    }

    private static void RequirePartition(IReadOnlyList<long[]> parts, int rows)
    {
        Assert.Equal(Enumerable.Range(0, rows).Select(row => (long)row), parts.SelectMany(part => part).Order());
        Assert.All(parts, part => Assert.Equal(part.Order(), part));
    }
}
