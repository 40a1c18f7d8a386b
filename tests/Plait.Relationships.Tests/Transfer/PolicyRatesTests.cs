using CsCheck;
using Plait.Relationships.Transfer;

namespace Plait.Relationships.Tests.Transfer;

public class PolicyRatesTests
{
    private static readonly TransferTable Table = new([
        new("a", ["b"], 0.5),
        new("b", ["c"], 0.5),
        new("c", ["b"], 0.25),
        new("a", ["c"], 0.125),
    ]);

    [Fact]
    public void The_rate_of_a_policy_is_the_mean_over_the_targets_that_are_known()
    {
        var policy = TransferSelection.Solve(new TransferProgram(Table, new() { Budget = 2 }));
        var wins = new TransferTable([new("a", ["b"], 0.75), new("b", ["c"], 0.25), new("c", ["a"], 1)]);

        var rates = PolicyRates.Of(policy, wins);

        Assert.Equal(0.5, rates.Mean);
        Assert.Equal(0.75, rates.Targets["a"]);
        Assert.Equal(["c"], rates.Missing);
    }

    [Fact]
    public void A_target_that_goes_without_has_no_rate()
    {
        var policy = TransferSelection.Solve(new TransferProgram(Table, new() { Budget = 1 }));

        var rates = PolicyRates.Of(policy, Table);

        Assert.Equal(policy.Unserved, rates.Missing);
        Assert.Equal(["b"], rates.Missing);
    }

    [Fact]
    public void Random_policies_fit_the_budget_and_never_beat_the_best() =>
        TransferPrograms.Any.Sample(
            (table, options) =>
            {
                var program = new TransferProgram(table, options);
                var best = TransferSelection.Solve(program);
                foreach (var policy in RandomPolicies.Draw(program, 20, seed: 3))
                {
                    Assert.True(policy.Total <= best.Total + 1e-12);
                    Assert.True(policy.Bound >= best.Total - 1e-12);
                    Assert.True(policy.Cost <= options.Budget);
                    Assert.Equal(TransferPrograms.Cost(policy.Sources, options), policy.Cost, 1e-12);
                }
            },
            iter: 100
        );

    [Fact]
    public void The_seed_decides_the_random_policies()
    {
        var program = new TransferProgram(Table, new() { Budget = 1 });
        string Drawn(long seed) =>
            string.Join(' ', RandomPolicies.Draw(program, 30, seed).Select(policy => policy.Sources[0]));

        Assert.Equal(Drawn(1), Drawn(1));
        Assert.NotEqual(Drawn(1), Drawn(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => RandomPolicies.Draw(program, 0));
    }
}
