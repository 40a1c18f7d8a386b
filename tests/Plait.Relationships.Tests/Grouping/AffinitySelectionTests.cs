using CsCheck;
using Plait.Relationships.Grouping;

namespace Plait.Relationships.Tests.Grouping;

public sealed class AffinitySelectionTests
{
    [Fact]
    public void A_few_tasks_get_the_best_groups_there_are() =>
        Gen.Select(Gen.Int, Gen.Int[1, 5], Gen.Int[1, 3])
            .Sample(
                (seed, tasks, groups) =>
                {
                    var affinities = RandomTables.Affinities(new Random(seed), tasks);

                    var found = new AffinitySelection { Alone = 0.2 }.Select(affinities, groups);

                    Assert.Equal(RandomTables.Best(affinities, groups, alone: 0.2), found.Total, 1e-9);
                    Assert.True(found.Optimal);
                    RequireSound(affinities, found, groups, alone: 0.2);
                },
                iter: 60
            );

    [Theory]
    [InlineData(6, 2)]
    [InlineData(6, 3)]
    [InlineData(7, 2)]
    public void The_bound_holds_for_all_groups_and_is_near(int tasks, int groups)
    {
        for (var seed = 0; seed < 4; seed++)
        {
            var affinities = RandomTables.Affinities(new Random(seed), tasks);
            var best = RandomTables.Best(affinities, groups);

            var found = Searched(affinities, groups, TimeSpan.FromSeconds(30), out var bound);

            Assert.InRange(found, best - 1e-9, best + 1e-9);
            Assert.InRange(bound, best - 1e-9, best + (0.05 * Math.Abs(best)));
        }
    }

    [Fact]
    public void The_bound_holds_however_little_time_there_is()
    {
        foreach (var milliseconds in new[] { 0, 5, 20, 60 })
        {
            var affinities = RandomTables.Affinities(new Random(milliseconds), 7);

            Searched(affinities, 2, TimeSpan.FromMilliseconds(milliseconds), out var bound);

            Assert.True(bound >= RandomTables.Best(affinities, 2) - 1e-9);
        }
    }

    [Fact]
    public void No_group_of_a_size_is_worth_more_than_its_relaxation() =>
        Gen.Select(Gen.Int, Gen.Int[2, 6])
            .Sample(
                (seed, size) =>
                {
                    var random = new Random(seed);
                    var affinities = RandomTables.Affinities(random, 7);
                    var prices = Enumerable.Range(0, 7).Select(_ => random.NextDouble() - 0.3).ToArray();
                    var relaxation = new SizeRelaxation(new AffinityScore(affinities, 0), size);
                    var served = new bool[7];
                    for (var step = 0; step < 5; step++)
                    {
                        var bound = relaxation.Evaluate(prices);
                        relaxation.Step(served, 0, 1);
                        var worth = Enumerable
                            .Range(0, 1 << 7)
                            .Where(group => System.Numerics.BitOperations.PopCount((uint)group) == size)
                            .Max(group =>
                                RandomTables
                                    .Scores(affinities, group)
                                    .Zip(prices, (score, price) => Math.Max(0, score - price))
                                    .Sum()
                            );
                        Assert.True(worth <= bound + 1e-9, $"{worth} > {bound}");
                    }
                },
                iter: 40
            );

    [Theory]
    [InlineData(16, 4)]
    [InlineData(24, 3)]
    [InlineData(40, 5)]
    public void Families_of_many_tasks_are_found_and_proved_best(int tasks, int families)
    {
        var affinities = RandomTables.Families(new Random(tasks), tasks, families, noise: 0.6);

        var found = new AffinitySelection().Select(affinities, families);

        Assert.True(found.Optimal);
        Assert.Equal(
            1,
            AdjustedRandIndex.Of(
                [.. Enumerable.Range(0, tasks).Select(task => task % families)],
                [.. affinities.Tasks.Select(name => found.Serving[name])]
            )
        );
        RequireSound(affinities, found, families);
    }

    [Fact]
    public void Many_tasks_without_structure_get_groups_and_a_bound_in_time()
    {
        var affinities = RandomTables.Affinities(new Random(1), 40);
        var selection = new AffinitySelection { TimeLimit = TimeSpan.FromSeconds(2) };

        var found = selection.Select(affinities, 4);

        Assert.InRange(found.Bound, found.Total, 40);
        Assert.False(found.Optimal);
        Assert.InRange(found.Gap, 1e-6, 1);
        RequireSound(affinities, found, 4);
    }

    [Fact]
    public void A_task_is_alone_only_where_nothing_else_is_left_unless_it_is_said_otherwise()
    {
        var affinities = new AffinityMatrix(["a", "b", "c"], [5, -1, -2, -1, 5, -2, -3, -3, 5]);

        var last = new AffinitySelection().Select(affinities, 3);
        var diagonal = new AffinitySelection { Alone = AloneScore.Diagonal }.Select(affinities, 3);
        var zero = new AffinitySelection { Alone = 0 }.Select(affinities, 1);

        Assert.All(last.Groups, group => Assert.True(group.Tasks.Count > 1));
        Assert.Equal(15, diagonal.Total);
        Assert.Equal(["a", "b", "c"], Assert.Single(zero.Groups).Tasks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-9)]
    [InlineData(1e9)]
    public void The_last_resort_follows_the_size_of_the_affinities(double unit)
    {
        // Losses in pairs, of which less is better: with any fixed score for a task alone, some unit makes it the best there is.
        var random = new Random(3);
        var affinities = new AffinityMatrix(
            ["a", "b", "c", "d"],
            [.. Enumerable.Range(0, 16).Select(_ => -unit * (5 + random.NextDouble()))]
        );

        var found = new AffinitySelection().Select(affinities, 3);

        Assert.True(found.Optimal);
        Assert.All(found.Groups, group => Assert.True(group.Tasks.Count > 1));
        Assert.Equal(1, found.Total / RandomTables.Best(affinities, 3), 1e-12);
    }

    [Fact]
    public void A_task_that_is_alone_as_the_last_resort_adds_nothing_to_a_total()
    {
        var affinities = RandomTables.Affinities(new Random(2), 4);

        var rated = new AffinitySelection().Rate(affinities, [0, 0, 1, 2]);

        Assert.Equal(affinities[0, 1] + affinities[1, 0], rated.Total, 1e-12);
        Assert.Equal(0, new AffinitySelection().Select(new AffinityMatrix(["only"], [3]), 1).Total);
        Assert.Throws<ArgumentException>(() => AloneScore.Of(double.NaN));
    }

    [Fact]
    public void Groups_from_elsewhere_are_scored_by_the_same_rule()
    {
        var affinities = RandomTables.Affinities(new Random(2), 5);

        var rated = new AffinitySelection().Rate(affinities, [7, 3, 7, 3, 3]);

        Assert.Equal(
            [
                ["t0", "t2"],
                ["t1", "t3", "t4"],
            ],
            rated.Groups.Select(group => group.Tasks)
        );
        Assert.Equal(
            RandomTables.Scores(affinities, 0b00101).Zip(RandomTables.Scores(affinities, 0b11010), Math.Max).Sum(),
            rated.Total,
            1e-12
        );
        Assert.False(rated.Optimal);
        Assert.Throws<ArgumentException>(() => new AffinitySelection().Rate(affinities, [1, 2]));
    }

    [Fact]
    public void What_cannot_be_grouped_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new AffinitySelection().Select(new AffinityMatrix([], []), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new AffinitySelection().Select(RandomTables.Affinities(new Random(1), 3), 0)
        );
    }

    private static double Searched(AffinityMatrix affinities, int groups, TimeSpan limit, out double bound)
    {
        var score = new AffinityScore(affinities, AloneScore.LastResort);
        var descent = new AffinityDescent(score, groups, seed: 1);
        descent.Find(new Deadline(null, TimeProvider.System, CancellationToken.None));
        var proof = new AffinityBound(score, groups, seed: 1);
        var deadline = new Deadline(limit, TimeProvider.System, CancellationToken.None);
        proof.Prepare(descent.Total, descent.Seen, deadline);
        bound = proof.Prove(descent.Total, deadline);
        return descent.Total;
    }

    /// <summary>The groups hold every task and their numbers are those of the matrix.</summary>
    private static void RequireSound(AffinityMatrix affinities, TaskGrouping found, int groups, double? alone = null)
    {
        Assert.InRange(found.Groups.Count, 1, groups);
        var total = found.Serving.Sum(pair =>
        {
            var task = affinities.Tasks.ToList().IndexOf(pair.Key);
            var others = found.Groups[pair.Value].Tasks.Where(name => name != pair.Key).ToArray();
            Assert.Contains(pair.Key, found.Groups[pair.Value].Tasks);
            return others.Length == 0
                ? alone ?? throw new InvalidOperationException($"{pair.Key} is alone, which was the last resort.")
                : others.Average(name => affinities[task, affinities.Tasks.ToList().IndexOf(name)]);
        });
        Assert.Equal(affinities.Count, found.Serving.Count);
        Assert.Equal(total, found.Total, 1e-9);
    }
}
