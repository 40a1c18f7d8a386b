using Plait.Relationships.Transfer;

namespace Plait.Relationships.Tests.Transfer;

public class TransferProgramTests
{
    private static readonly TransferTable Table = new([
        new("depth", ["normals"], 0.4),
        new("depth", ["edges"], 0.2),
        new("depth", ["edges", "jigsaw"], 0.5),
        new("depth", ["random"], 0.9),
        new("depth", ["pixels"], 0.8),
        new("depth", ["jigsaw", "random"], 0.7),
        new("normals", ["depth"], 0.3),
        new("normals", ["edges"], 0.3),
    ]);

    [Fact]
    public void Candidates_leave_out_yardsticks_and_transfers_of_too_many_sources()
    {
        var program = new TransferProgram(Table, new() { Budget = 1 });

        Assert.Equal(["depth", "normals"], program.Targets);
        Assert.Equal(["depth", "edges", "normals"], program.Sources);
        Assert.Equal([0.4, 0.2, 0.3, 0.3], program.Candidates.Select(one => one.Worth));
    }

    [Fact]
    public void A_transfer_whose_sources_cost_more_than_the_budget_is_no_candidate()
    {
        var options = new TransferOptions { Budget = 1, MostSources = null };

        Assert.DoesNotContain(new TransferProgram(Table, options).Candidates, one => one.Transfer.Order > 1);
        Assert.Contains(
            new TransferProgram(Table, options with { Budget = 2 }).Candidates,
            one => one.Transfer.Order > 1
        );
    }

    [Fact]
    public void Targets_and_sources_can_be_restricted()
    {
        var program = new TransferProgram(
            Table,
            new()
            {
                Budget = 1,
                Targets = ["depth"],
                Sources = ["edges", "depth"],
            }
        );

        Assert.Equal(["depth"], program.Targets);
        Assert.Equal(["edges"], program.Sources);
    }

    [Theory]
    [InlineData("Depth", "did you mean 'depth'")]
    [InlineData("something", "its tasks are")]
    public void An_unknown_name_is_refused_with_what_there_is(string name, string hint)
    {
        var one = new Dictionary<string, double> { [name] = 1 };
        TransferOptions[] wrong =
        [
            new() { Budget = 1, Targets = [name] },
            new() { Budget = 1, Sources = [name] },
            new() { Budget = 1, Importances = one },
            new() { Budget = 1, Costs = one },
        ];
        foreach (var options in wrong)
        {
            var failure = Assert.Throws<ArgumentException>(() => new TransferProgram(Table, options));
            Assert.Contains(name, failure.Message, StringComparison.Ordinal);
            Assert.Contains(hint, failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_budget_that_buys_nothing_is_refused(double budget) =>
        Assert.Contains(
            "budget",
            Assert.Throws<ArgumentException>(() => new TransferProgram(Table, new() { Budget = budget })).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_target_that_nothing_within_the_budget_serves_is_named()
    {
        var options = new TransferOptions { Budget = 0.5 };
        var costly = new TransferOptions
        {
            Budget = 1,
            Costs = new Dictionary<string, double> { ["normals"] = 5, ["edges"] = 5 },
        };

        Assert.Contains(
            "'depth'",
            Assert.Throws<ArgumentException>(() => new TransferProgram(Table, options)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'depth'",
            Assert.Throws<ArgumentException>(() => new TransferProgram(Table, costly)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_cost_or_importance_that_is_no_amount_is_refused(double number)
    {
        var one = new Dictionary<string, double> { ["depth"] = number };

        Assert.Throws<ArgumentException>(() => new TransferProgram(Table, new() { Budget = 1, Costs = one }));
        Assert.Throws<ArgumentException>(() => new TransferProgram(Table, new() { Budget = 1, Importances = one }));
    }

    [Fact]
    public void A_name_given_twice_or_a_transfer_of_no_source_is_refused()
    {
        Assert.Throws<ArgumentException>(() =>
            new TransferProgram(Table, new() { Budget = 1, Targets = ["depth", "depth"] })
        );
        Assert.Throws<ArgumentException>(() => new TransferProgram(Table, new() { Budget = 1, MostSources = 0 }));
    }
}
