using CsCheck;
using Plait.Relationships.Transfer;

namespace Plait.Relationships.Tests.Transfer;

public class ScipTransferSelectionTests
{
    [Fact]
    public void Scip_and_the_exact_search_agree_on_random_programs() =>
        TransferPrograms.Any.Sample(
            (table, options) =>
            {
                var program = new TransferProgram(table, options);
                var exact = TransferSelection.Solve(program);
                var scip = ScipTransferSelection.Solve(program);

                Assert.True(scip.Optimal);
                Assert.Equal(exact.Total, scip.Total, 1e-9);
                Assert.Equal(TransferPrograms.Cost(scip.Sources, options), scip.Cost, 1e-12);
                Assert.True(scip.Cost <= options.Budget);
            },
            iter: 200
        );

    [Fact]
    public void Affinities_far_below_the_tolerances_of_the_solver_count_all_the_same()
    {
        var table = new TransferTable([new("t", ["a"], 3e-12), new("t", ["b"], 4e-12), new("u", ["a"], 2e-12)]);

        var policy = ScipTransferSelection.Solve(new TransferProgram(table, new() { Budget = 1 }));

        Assert.Equal(["a"], policy.Sources);
    }

    [Fact]
    public void More_sources_than_the_exact_search_takes_are_no_trouble()
    {
        var random = new Random(5);
        var table = new TransferTable(
            from target in Enumerable.Range(0, 10)
            from source in Enumerable.Range(0, 100)
            select new TaskTransfer($"target {target}", [$"source {source}"], random.NextDouble())
        );
        var program = new TransferProgram(table, new() { Budget = 12 });

        var policy = ScipTransferSelection.Solve(program);

        // Twelve sources are enough to give each of ten targets its best one.
        Assert.Equal(program.ByTarget.Sum(candidates => candidates[0].Worth), policy.Total, 1e-9);
        Assert.Throws<NotSupportedException>(() => TransferSelection.Solve(program));
    }
}
