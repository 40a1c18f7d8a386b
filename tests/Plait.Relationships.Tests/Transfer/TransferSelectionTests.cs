using CsCheck;
using Plait.Relationships.Transfer;

namespace Plait.Relationships.Tests.Transfer;

public class TransferSelectionTests
{
    [Fact]
    public void No_choice_of_sources_is_better_and_ties_go_to_the_cheapest_the_fewest_and_the_first() =>
        TransferPrograms.Any.Sample(
            (table, options) =>
            {
                var policy = TransferSelection.Solve(new TransferProgram(table, options));
                var (total, sources) = TransferPrograms.Best(table, options);

                Assert.Equal(total, policy.Total, 1e-12);
                Assert.Equal(sources, policy.Sources);
                Assert.True(policy.Optimal);
                Assert.Equal(policy.Total, policy.Bound);
            },
            iter: 300
        );

    [Fact]
    public void The_policy_fits_the_budget_and_adds_up_to_its_total() =>
        TransferPrograms.Any.Sample(
            (table, options) =>
            {
                var policy = TransferSelection.Solve(new TransferProgram(table, options));
                var used = policy.Transfers.SelectMany(pair => pair.Value.IsOwn ? [pair.Key] : pair.Value.Sources);

                Assert.Equal(TransferPrograms.Cost(policy.Sources, options), policy.Cost, 1e-12);
                Assert.True(policy.Cost <= options.Budget);
                Assert.Equal(used.Distinct().Order(StringComparer.Ordinal), policy.Sources);
                Assert.Equal(TransferPrograms.Total(table, options, [.. policy.Sources]), policy.Total, 1e-12);
                Assert.Equal(
                    policy.Transfers.Sum(pair => pair.Value.Value * options.Importances.GetValueOrDefault(pair.Key, 1)),
                    policy.Total,
                    1e-12
                );
                Assert.Equal(
                    table.Targets.Order(StringComparer.Ordinal),
                    policy.Transfers.Keys.Concat(policy.Unserved).Order(StringComparer.Ordinal)
                );
            }
        );

    [Fact]
    public void More_budget_is_never_worse() =>
        Gen.Select(TransferPrograms.Any, Gen.Double[0, 3])
            .Sample(
                (given, more) =>
                {
                    var (table, options) = given;
                    var richer = options with { Budget = options.Budget + more };

                    Assert.True(
                        TransferSelection.Solve(new TransferProgram(table, richer)).Total
                            >= TransferSelection.Solve(new TransferProgram(table, options)).Total - 1e-12
                    );
                }
            );

    [Fact]
    public void A_source_that_is_a_target_does_not_serve_itself_unless_it_may()
    {
        var table = new TransferTable([
            new("a", ["b"], 0.2),
            new("b", ["a"], 0.9),
            new("a", ["a"], 1),
            new("a", ["self"], 0.5),
            new("b", ["self"], 0.6),
        ]);

        var transfers = TransferSelection.Solve(new TransferProgram(table, new() { Budget = 1 }));
        var own = TransferSelection.Solve(new TransferProgram(table, new() { Budget = 1, OwnSupervision = true }));

        Assert.Equal(["a"], transfers.Sources);
        Assert.Equal(["a"], transfers.Unserved);
        Assert.Equal(0.9, transfers.Total);
        Assert.Equal(["a"], own.Sources);
        Assert.Empty(own.Unserved);
        Assert.True(own.Transfers["a"].IsOwn);
        Assert.Equal(1.4, own.Total, 1e-12);
    }

    [Fact]
    public void Two_sources_that_are_worth_something_only_together_are_found()
    {
        var table = new TransferTable([
            new("t", ["a"], 0.30),
            new("t", ["b", "c"], 0.9),
            new("t", ["d"], 0.31),
            new("u", ["a"], 0.29),
            new("u", ["c", "b"], 0.1),
            new("u", ["d"], 0.31),
        ]);

        var pairs = TransferSelection.Solve(new TransferProgram(table, new() { Budget = 2, MostSources = 2 }));
        var singles = TransferSelection.Solve(new TransferProgram(table, new() { Budget = 2 }));

        Assert.Equal(["b", "c"], pairs.Sources);
        Assert.Equal(1, pairs.Total, 1e-12);
        Assert.Equal(["d"], singles.Sources);
    }

    [Fact]
    public void Budgets_that_rounding_touches_are_met_in_full()
    {
        var table = new TransferTable([new("t", ["a"], 0.1), new("u", ["b"], 0.1), new("v", ["c"], 0.1)]);
        var costs = new Dictionary<string, double>
        {
            ["a"] = 0.1,
            ["b"] = 0.1,
            ["c"] = 0.1,
        };

        var policy = TransferSelection.Solve(new TransferProgram(table, new() { Budget = 0.3, Costs = costs }));

        Assert.Equal(["a", "b", "c"], policy.Sources);
    }

    [Fact]
    public void Forty_tasks_take_less_than_ten_seconds()
    {
        var random = new Random(7);
        var names = Enumerable.Range(0, 40).Select(i => $"task {i:00}").ToArray();
        var table = new TransferTable(
            from target in names
            from source in names
            where source != target
            select new TaskTransfer(target, [source], random.NextDouble())
        );
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));

        var policy = TransferSelection.Solve(new TransferProgram(table, new() { Budget = 5 }), limit.Token);

        Assert.Equal(5, policy.Sources.Count);
    }

    [Fact]
    public void Cancelling_ends_the_search()
    {
        var table = new TransferTable([new("t", ["a"], 0.1)]);

        Assert.Throws<OperationCanceledException>(() =>
            TransferSelection.Solve(new TransferProgram(table, new() { Budget = 1 }), new CancellationToken(true))
        );
    }

    [Fact]
    public void Sixty_four_sources_are_searched_and_more_are_refused()
    {
        TransferTable Table(int count) =>
            new(Enumerable.Range(0, count).Select(i => new TaskTransfer("t", [$"source {i:00}"], i)));

        Assert.Equal(
            ["source 63"],
            TransferSelection.Solve(new TransferProgram(Table(64), new() { Budget = 3 })).Sources
        );
        var failure = Assert.Throws<NotSupportedException>(() =>
            TransferSelection.Solve(new TransferProgram(Table(65), new() { Budget = 3 }))
        );
        Assert.Contains("65", failure.Message, StringComparison.Ordinal);
    }
}
