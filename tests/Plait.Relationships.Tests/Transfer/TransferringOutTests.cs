using Plait.Relationships.Transfer;

namespace Plait.Relationships.Tests.Transfer;

public class TransferringOutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Planted_families_are_found_though_no_task_transfers_to_itself(int seed)
    {
        var random = new Random(seed);
        var families = Enumerable.Range(0, 12).Select(task => task % 3).ToArray();
        var table = new TransferTable(
            from target in Enumerable.Range(0, 12)
            from source in Enumerable.Range(0, 12)
            where source != target
            let near = families[source] == families[target] ? 0.1 : 0.02
            select new TaskTransfer($"task {target}", [$"task {source}"], near * (0.7 + (0.6 * random.NextDouble())))
        );

        var tree = TransferringOut.Tree(table);
        var expected = tree.Names.Select(name => int.Parse(name[5..], null) % 3).ToArray();

        Assert.Equal(1, AdjustedRandIndex.Of(expected, tree.Cut(3)));
    }

    [Fact]
    public void Tasks_that_transfer_to_no_common_target_are_named()
    {
        var table = new TransferTable([new("a", ["b"], 0.5), new("b", ["a"], 0.5)]);

        var failure = Assert.Throws<ArgumentException>(() => TransferringOut.Tree(table));

        Assert.Contains("'a' and 'b'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_that_all_sources_serve_alike_tell_nothing_apart()
    {
        var table = new TransferTable([
            new("t", ["a"], 0.1),
            new("t", ["b"], 0.1),
            new("t", ["c"], 0.1),
            new("u", ["a"], 0.1),
            new("u", ["b"], 0.1),
            new("u", ["c"], 0.3),
        ]);

        var tree = TransferringOut.Tree(table);

        Assert.Equal(["a", "b", "c"], tree.Names);
        Assert.Equal([0, 0, 1], tree.Cut(2));
        Assert.Equal(0, tree.Merges[0].Height);
    }
}
