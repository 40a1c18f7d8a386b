using Plait.Relationships.Grouping;

namespace Plait.Relationships.Tests.Grouping;

public sealed class NetworkSearchTests
{
    [Fact]
    public void A_branch_goes_on_where_the_relaxed_choice_gains_from_no_network()
    {
        // The dear network of each task is best. A branch in which no open network gains at its prices leads there.
        var table = new PerformanceTable(
            ["a", "b"],
            [
                new CandidateNetwork(["a"], [0.88], 0.3),
                new CandidateNetwork(["a"], [0.13], 0.7),
                new CandidateNetwork(["b"], [0.4], 0.3),
                new CandidateNetwork(["b"], [0.14], 0.7),
            ]
        );
        var units = new CostUnits([.. table.Networks.Select(network => network.Cost)], table.Tasks.Count);
        var search = new NetworkSearch(table, units.Costs, units.Budget(1.56), NetworkSelection.Tolerance(table));

        var found = search.Find([2, 0], new Deadline(null, TimeProvider.System, CancellationToken.None));

        Assert.Equal([1, 3], found.Order());
        Assert.True(search.IsComplete);
    }
}
