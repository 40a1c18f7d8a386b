using CsCheck;
using Plait.Relationships.Grouping;

namespace Plait.Relationships.Tests.Grouping;

public sealed class NetworkRelaxationTests
{
    [Fact]
    public void The_bound_holds_and_takes_no_network_that_no_task_gains_from() =>
        Gen.Select(Gen.Int, Gen.Int[1, 4], Gen.Int[1, 30])
            .Sample(
                (seed, tasks, rounds) =>
                {
                    var table = RandomTables.Performances(new Random(seed), tasks, [0.5, 1]);
                    var units = new CostUnits([.. table.Networks.Select(network => network.Cost)], tasks);
                    var best = RandomTables.Best(table, 2).Total;
                    var relaxation = new NetworkRelaxation(table, units.Costs);
                    var prices = relaxation.Start([.. Enumerable.Range(0, table.Networks.Count)]);

                    var bound = relaxation.Raise(prices, units.Budget(2), best, rounds);

                    Assert.InRange(bound, double.NegativeInfinity, best + 1e-9);
                    Assert.All(relaxation.Relaxed, n => Assert.True(relaxation.Gains[n] < 0, $"{n} gains nothing"));
                },
                iter: 100
            );
}
