using CsCheck;
using Plait.Relationships.Grouping;

namespace Plait.Relationships.Tests.Grouping;

public sealed class NetworkSelectionTests
{
    private static readonly double[][] Costs =
    [
        [1],
        [0.5, 1],
        [0.3, 0.7, 1.1],
        [0.1, 0.2],
    ];

    private static readonly Gen<(int Seed, int Tasks, int Costs, double Budget)> Cases = Gen.Select(
        Gen.Int,
        Gen.Int[1, 4],
        Gen.Int[0, 3],
        Gen.Double[0.3, 4]
    );

    [Fact]
    public void The_program_over_sets_finds_what_looking_at_all_choices_finds() =>
        Cases.Sample(
            (seed, tasks, costs, budget) =>
            {
                var table = RandomTables.Performances(new Random(seed), tasks, Costs[costs], costs == 2 ? 0.3 : 0.5);
                var best = RandomTables.Best(table, budget);
                if (double.IsInfinity(best.Total))
                {
                    Assert.Throws<ArgumentException>(() => new NetworkSelection().Select(table, budget));
                    return;
                }

                var found = new NetworkSelection().Select(table, budget);

                Assert.Equal(best.Total, found.Total, 1e-9);
                Assert.Equal(best.Cost, found.Cost, 1e-9);
                Assert.True(found.Optimal);
                RequireSound(table, found, budget);
            },
            iter: 200
        );

    [Fact]
    public void Branch_and_bound_finds_what_looking_at_all_choices_finds() =>
        Cases.Sample(
            (seed, tasks, costs, budget) =>
            {
                var table = RandomTables.Performances(new Random(seed), tasks, Costs[costs], costs == 2 ? 0.3 : 0.5);
                var best = RandomTables.Best(table, budget);
                if (double.IsFinite(best.Total))
                {
                    Assert.Equal(best.Total, Searched(table, budget).Total, 1e-9);
                }
            },
            iter: 200
        );

    [Theory]
    [InlineData(8, 2)]
    [InlineData(8, 3.5)]
    [InlineData(7, 5)]
    public void Both_ways_agree_where_there_are_too_many_choices_to_look_at(int tasks, double budget)
    {
        var table = RandomTables.Performances(new Random(tasks), tasks, [0.5, 1], share: 1);

        var found = new NetworkSelection().Select(table, budget);
        var searched = Searched(table, budget);

        Assert.Equal(found.Total, searched.Total, 1e-9);
        RequireSound(table, searched, budget);
    }

    [Fact]
    public void Every_set_of_ten_tasks_is_no_matter_at_any_budget()
    {
        var table = RandomTables.Performances(new Random(10), 10, [1], share: 1);
        var totals = Enumerable.Range(1, 10).Select(budget => new NetworkSelection().Select(table, budget)).ToArray();

        Assert.All(totals, found => Assert.True(found.Optimal));
        Assert.All(totals.Zip(totals.Skip(1)), pair => Assert.True(pair.Second.Total <= pair.First.Total));
        Assert.Equal(
            Enumerable.Range(0, 10).Sum(task => Enumerable.Range(0, 1023).Min(n => table[n, task])),
            new NetworkSelection().Select(table, 100).Total,
            1e-12
        );
    }

    [Fact]
    public void More_tasks_than_the_program_takes_are_searched()
    {
        string[] tasks = [.. Enumerable.Range(0, 20).Select(task => $"t{task}")];
        var random = new Random(3);
        // Pairs of neighbours do best, by far.
        var networks = Enumerable
            .Range(0, 20)
            .SelectMany(i => Enumerable.Range(i, 20 - i).Select(j => (i, j)))
            .Select(pair =>
                pair.i == pair.j
                    ? new CandidateNetwork([tasks[pair.i]], [0.5 + (0.1 * random.NextDouble())])
                    : new CandidateNetwork([tasks[pair.i], tasks[pair.j]], [Loss(pair.i, pair.j), Loss(pair.i, pair.j)])
            );

        var found = new NetworkSelection().Select(new PerformanceTable(tasks, [.. networks]), 10);

        Assert.True(found.Optimal);
        Assert.Equal(
            Enumerable.Range(0, 10).Select(pair => $"t{2 * pair}+t{(2 * pair) + 1}"),
            found.Groups.Select(group => string.Join('+', group.Tasks))
        );

        double Loss(int i, int j) => (i / 2 == j / 2 ? 0.1 : 0.6) + (0.1 * random.NextDouble());
    }

    [Fact]
    public void A_search_that_runs_out_of_time_answers_with_a_bound()
    {
        var table = RandomTables.Performances(new Random(1), 9, [0.5, 1], share: 1);
        var best = new NetworkSelection().Select(table, 3);

        var found = new NetworkSelection { TimeLimit = TimeSpan.FromTicks(1) }.Select(table, 3);

        Assert.False(found.Optimal);
        Assert.InRange(best.Total, found.Bound, found.Total);
        Assert.True(found.Gap > 0);
        RequireSound(table, found, 3);
    }

    [Fact]
    public void A_search_that_is_cancelled_gives_no_answer()
    {
        var table = RandomTables.Performances(new Random(1), 6, [1], share: 1);

        Assert.Throws<OperationCanceledException>(() =>
            new NetworkSelection().Select(table, 3, new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public void Costs_add_up_without_rounding()
    {
        var table = new PerformanceTable(
            ["a", "b", "c"],
            [
                new CandidateNetwork(["a"], [1], 0.1),
                new CandidateNetwork(["b"], [1], 0.2),
                new CandidateNetwork(["c"], [1], 1.0 / 3),
                new CandidateNetwork(["a", "b", "c"], [9, 9, 9], 0.1),
            ]
        );

        Assert.Equal(3, new NetworkSelection().Select(table, 0.3 + (1.0 / 3)).Total);
    }

    [Fact]
    public void A_network_that_is_best_for_no_task_is_left_out()
    {
        var table = new PerformanceTable(
            ["a", "b"],
            [
                new CandidateNetwork(["a", "b"], [1, 1]),
                new CandidateNetwork(["a"], [2]),
                new CandidateNetwork(["b"], [1], 0.5),
            ]
        );

        var group = Assert.Single(new NetworkSelection().Select(table, 10).Groups);
        Assert.Equal(["a", "b"], group.Tasks);
    }

    [Fact]
    public void The_first_in_the_table_wins_among_equals()
    {
        var table = new PerformanceTable(
            ["a", "b"],
            [
                new CandidateNetwork(["a"], [1]),
                new CandidateNetwork(["b"], [1]),
                new CandidateNetwork(["a", "b"], [1, 1], 2),
            ]
        );

        Assert.Equal(2, new NetworkSelection().Select(table, 2).Groups[0].Cost);
        Assert.Single(new NetworkSelection().Select(table, 2).Groups);
    }

    [Theory]
    [InlineData(0.4, "within the budget 0.4 learn all tasks together; the least budget that does is 1.5")]
    [InlineData(1.4, "the least budget that does is 1.5")]
    [InlineData(0, "A budget is a number above 0; got 0.")]
    [InlineData(double.NaN, "A budget is a number above 0; got NaN.")]
    public void A_budget_that_is_not_enough_says_what_is(double budget, string message)
    {
        var table = new PerformanceTable(
            ["a", "b", "c"],
            [
                new CandidateNetwork(["a", "b"], [1, 1]),
                new CandidateNetwork(["b", "c"], [1, 1]),
                new CandidateNetwork(["c"], [1], 0.5),
                new CandidateNetwork(["a", "b", "c"], [1, 1, 1], 2),
            ]
        );

        var failure = Assert.Throws<ArgumentException>(() => new NetworkSelection().Select(table, budget));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_that_no_network_learns_is_named()
    {
        var table = new PerformanceTable(["a", "b"], [new CandidateNetwork(["a"], [1])]);

        var failure = Assert.Throws<ArgumentException>(() => new NetworkSelection().Select(table, 9));
        Assert.Equal("No network learns 'b'; add networks that do, or leave the task out.", failure.Message);
    }

    [Fact]
    public void Chance_keeps_the_budget_and_does_not_beat_the_best()
    {
        var table = RandomTables.Performances(new Random(5), 5, [0.5, 1], share: 1);
        var best = new NetworkSelection().Select(table, 2.5);

        var draws = Enumerable.Range(0, 30).Select(seed => RandomGrouping.Draw(table, 2.5, seed)).ToArray();

        Assert.All(draws, draw => Assert.True(draw.Total >= best.Total && draw.Cost <= 2.5 && !draw.Optimal));
        Assert.True(draws.Average(draw => draw.Total) > best.Total * 1.1);
        Assert.Equal(draws[3].Total, RandomGrouping.Draw(table, 2.5, 3).Total);
        Assert.Throws<ArgumentException>(() => RandomGrouping.Draw(table, 0.4, 0));
    }

    private static TaskGrouping Searched(PerformanceTable table, double budget)
    {
        var units = new CostUnits([.. table.Networks.Select(network => network.Cost)], table.Tasks.Count);
        var deadline = new Deadline(null, TimeProvider.System, CancellationToken.None);
        var limit = units.Budget(budget);
        var search = new NetworkSearch(table, units.Costs, limit, NetworkSelection.Tolerance(table));
        var start = new CoverSearch(table, units.Costs).Find(limit, deadline);
        var found = search.Find(start.Networks, deadline);
        Assert.True(search.IsComplete);
        return NetworkSelection.Grouping(table, found, bound: null);
    }

    /// <summary>The grouping is one of the table's, keeps the budget, and its numbers are those of the table.</summary>
    private static void RequireSound(PerformanceTable table, TaskGrouping found, double budget)
    {
        Assert.InRange(found.Cost, 0, budget + 1e-9);
        Assert.Equal(found.Total, table.TotalOf(found), 1e-12);
        Assert.Equal(table.Tasks.Order(), found.Serving.Keys.Order());
        Assert.All(found.Serving, pair => Assert.Contains(pair.Key, found.Groups[pair.Value].Tasks));
        Assert.Equal(Enumerable.Range(0, found.Groups.Count), found.Serving.Values.Distinct().Order());
    }
}
