using CsCheck;

namespace Plait.Relationships.Tests;

public class DendrogramTests
{
    private static readonly string[] FiveNames = ["a", "b", "c", "d", "e"];

    // The worked example of hierarchical clustering in Johnson and Wichern, Applied Multivariate Statistical Analysis, section 12.3.
    private static readonly double[,] Five =
    {
        { 0, 9, 3, 6, 11 },
        { 9, 0, 7, 5, 10 },
        { 3, 7, 0, 9, 2 },
        { 6, 5, 9, 0, 8 },
        { 11, 10, 2, 8, 0 },
    };

    private static readonly Gen<double[,]> Distances =
        from count in Gen.Int[2, 12]
        from coarse in Gen.Bool
        from values in (coarse ? Gen.Int[0, 4].Select(whole => (double)whole) : Gen.Double[0, 10]).Array[count * count]
        select Symmetric(count, (i, j) => values[(i * count) + j]);

    [Theory]
    [InlineData(Linkage.Single, 2.0, 3.0, 5.0, 6.0)]
    [InlineData(Linkage.Complete, 2.0, 5.0, 9.0, 11.0)]
    [InlineData(Linkage.Average, 2.0, 5.0, 7.0, 49 / 6.0)]
    public void The_textbook_example_joins_at_the_textbook_heights(Linkage linkage, params double[] heights)
    {
        var tree = Dendrogram.Of(FiveNames, Five, linkage);

        Assert.Equal(heights, tree.Merges.Select(merge => merge.Height), (one, two) => Math.Abs(one - two) < 1e-12);
        Assert.Equal((2, 4), (tree.Merges[0].First, tree.Merges[0].Second));
    }

    [Fact]
    public void Single_linkage_of_the_textbook_example_cuts_into_its_two_groups()
    {
        var tree = Dendrogram.Of(FiveNames, Five, Linkage.Single);

        Assert.Equal([0, 1, 0, 1, 0], tree.Cut(2));
        Assert.Equal([0, 1, 0, 2, 0], tree.Cut(3));
        Assert.Equal([0, 2, 4, 1, 3], tree.Leaves);
    }

    [Theory]
    [InlineData(Linkage.Single)]
    [InlineData(Linkage.Complete)]
    [InlineData(Linkage.Average)]
    public void Every_merge_joins_the_nearest_groups_by_the_definition(Linkage linkage) =>
        Distances.Sample(distances =>
        {
            var groups = Enumerable.Range(0, distances.GetLength(0)).Select(i => (int[])[i]).ToList();
            foreach (var merge in Dendrogram.Of(Names(distances), distances, linkage).Merges)
            {
                var nearest = (
                    from a in groups
                    from b in groups
                    where a != b
                    select Between(a, b, distances, linkage)
                ).Min();
                var (first, second) = (
                    Find(merge.First, groups, distances, linkage),
                    Find(merge.Second, groups, distances, linkage)
                );
                Assert.Equal(nearest, Between(first, second, distances, linkage), 1e-9);
                Assert.Equal(nearest, merge.Height, 1e-9);
                Assert.Equal(first.Length + second.Length, merge.Size);
                Assert.True(first.Min() < second.Min());
                groups.Remove(first);
                groups.Remove(second);
                groups.Add([.. first, .. second]);
            }
        });

    [Fact]
    public void Ward_joins_where_the_spread_about_the_centres_grows_least() =>
        Gen.Double[-5, 5]
            .Array[2, 16]
            .Sample(places =>
            {
                var distances = Symmetric(places.Length, (i, j) => Math.Abs(places[i] - places[j]));
                var tree = Dendrogram.Of(Names(distances), distances, Linkage.Ward);
                for (var step = 0; step < tree.Merges.Count; step++)
                {
                    var groups = tree.Cut(places.Length - step)
                        .Select((group, thing) => (group, thing))
                        .GroupBy(pair => pair.group, pair => places[pair.thing])
                        .Select(group => group.ToArray())
                        .ToArray();
                    var least = (
                        from a in groups
                        from b in groups
                        where a != b
                        select Math.Sqrt(2 * (Spread([.. a, .. b]) - Spread(a) - Spread(b)))
                    ).Min();
                    Assert.Equal(least, tree.Merges[step].Height, 1e-6);
                }
            });

    [Fact]
    public void Heights_never_fall_and_leaves_hold_every_thing_once_with_groups_side_by_side() =>
        Gen.Select(Distances, Gen.Enum<Linkage>())
            .Sample(
                (distances, linkage) =>
                {
                    var tree = Dendrogram.Of(Names(distances), distances, linkage);
                    var count = tree.Names.Count;

                    Assert.Equal(Enumerable.Range(0, count), tree.Leaves.Order());
                    Assert.Equal(
                        tree.Merges.Select(merge => merge.Height).Order(),
                        tree.Merges.Select(merge => merge.Height)
                    );
                    for (var groups = 1; groups <= count; groups++)
                    {
                        var cut = tree.Cut(groups);
                        Assert.Equal(groups, cut.Distinct().Count());
                        var changes = tree
                            .Leaves.Zip(tree.Leaves.Skip(1))
                            .Count(pair => cut[pair.First] != cut[pair.Second]);
                        Assert.Equal(groups - 1, changes);
                    }
                }
            );

    [Theory]
    [InlineData(Linkage.Single)]
    [InlineData(Linkage.Complete)]
    [InlineData(Linkage.Average)]
    [InlineData(Linkage.Ward)]
    public void Equal_distances_join_in_the_order_of_the_things(Linkage linkage)
    {
        var tree = Dendrogram.Of(["a", "b", "c", "d"], Symmetric(4, (_, _) => 1), linkage);

        Assert.Equal((0, 1), (tree.Merges[0].First, tree.Merges[0].Second));
        Assert.Equal([0, 1, 2, 3], tree.Leaves);
    }

    [Fact]
    public void Families_of_tasks_are_found_from_affinities_of_either_direction()
    {
        var affinities = new AffinityMatrix(
            ["a1", "b1", "a2", "b2", "alone"],
            [
                double.NaN,
                0.1,
                0.9,
                0,
                -0.5, //
                0.1,
                double.NaN,
                0.1,
                0.6,
                -0.4, //
                0.7,
                0,
                double.NaN,
                0.1,
                -0.6, //
                0.2,
                0.7,
                0,
                double.NaN,
                -0.5, //
                0,
                0.1,
                0,
                -0.1,
                double.NaN,
            ]
        );

        var tree = Dendrogram.Of(affinities);

        Assert.Equal([0, 1, 0, 1, 2], tree.Cut(3));
        Assert.Equal(0, tree.Merges[0].Height);
        Assert.Equal(0.15, tree.Merges[1].Height, 1e-12);
    }

    [Fact]
    public void One_thing_is_a_tree_without_merges()
    {
        var tree = Dendrogram.Of(["alone"], new double[1, 1]);

        Assert.Empty(tree.Merges);
        Assert.Equal([0], tree.Leaves);
        Assert.Equal([0], tree.Cut(1));
    }

    [Fact]
    public void What_is_no_distance_is_refused_with_the_names_of_the_two()
    {
        double[] wrong = [-1, double.NaN, double.PositiveInfinity];
        foreach (var value in wrong)
        {
            var failure = Assert.Throws<ArgumentException>(() =>
                Dendrogram.Of(["left", "right"], Symmetric(2, (_, _) => value))
            );
            Assert.Contains("'right' and 'left'", failure.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() =>
            Dendrogram.Of(
                ["left", "right"],
                new[,]
                {
                    { 0.0, 1 },
                    { 2, 0 },
                }
            )
        );
        Assert.Throws<ArgumentException>(() => Dendrogram.Of(["left", "right"], new double[2, 3]));
        Assert.Throws<ArgumentException>(() => Dendrogram.Of([], new double[0, 0]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void More_groups_than_things_or_none_are_refused(int groups)
    {
        var tree = Dendrogram.Of(FiveNames, Five);

        Assert.Throws<ArgumentOutOfRangeException>(() => tree.Cut(groups));
    }

    private static string[] Names(double[,] distances) =>
        [.. Enumerable.Range(0, distances.GetLength(0)).Select(i => $"thing {i}")];

    private static double[,] Symmetric(int count, Func<int, int, double> distance)
    {
        var distances = new double[count, count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                distances[i, j] = distances[j, i] = distance(i, j);
            }
        }

        return distances;
    }

    private static int[] Find(int group, List<int[]> groups, double[,] distances, Linkage linkage)
    {
        var members = Dendrogram.Of(Names(distances), distances, linkage).Members(group);
        return groups.Single(one => one.ToHashSet().SetEquals(members));
    }

    private static double Between(int[] a, int[] b, double[,] distances, Linkage linkage)
    {
        var pairs = (from i in a from j in b select distances[i, j]).ToArray();
        return linkage switch
        {
            Linkage.Single => pairs.Min(),
            Linkage.Complete => pairs.Max(),
            _ => pairs.Average(),
        };
    }

    private static double Spread(double[] places) => places.Sum(place => Math.Pow(place - places.Average(), 2));
}
