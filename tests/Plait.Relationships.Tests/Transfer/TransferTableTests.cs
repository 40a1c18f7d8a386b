using Plait.Relationships.Transfer;

namespace Plait.Relationships.Tests.Transfer;

public class TransferTableTests
{
    [Fact]
    public void A_value_is_found_whatever_the_order_of_the_sources()
    {
        var table = new TransferTable([new("t", ["a", "b"], 0.5), new("t", ["self"], 0.9)]);

        Assert.Equal(0.5, table.Value("t", "b", "a"));
        Assert.Equal(0.9, table.Value("t", TransferTable.Own));
        Assert.Null(table.Value("t", "a"));
        Assert.Equal(["a", "b"], table.Sources);
    }

    [Fact]
    public void First_order_transfers_make_a_matrix_with_holes()
    {
        var table = new TransferTable([new("t", ["a"], 0.5), new("u", ["b"], 0.25), new("u", ["a", "b"], 1)]);

        Assert.Equal(
            new[,]
            {
                { 0.5, double.NaN },
                { double.NaN, 0.25 },
            },
            table.FirstOrder(["t", "u"], ["a", "b"])
        );
    }

    [Theory]
    [InlineData("", "a", 1)]
    [InlineData("self", "a", 1)]
    [InlineData("t", "", 1)]
    [InlineData("t", "a+", 1)]
    [InlineData("t", "a+a", 1)]
    [InlineData("t", "a+self", 1)]
    [InlineData("t", "a", -0.1)]
    [InlineData("t", "a", double.NaN)]
    public void What_is_no_transfer_is_refused(string target, string sources, double value) =>
        Assert.Throws<ArgumentException>(() => new TransferTable([new(target, sources.Split('+'), value)]));

    [Fact]
    public void The_same_transfer_twice_is_refused() =>
        Assert.Contains(
            "b+a to t",
            Assert
                .Throws<ArgumentException>(() =>
                    new TransferTable([new("t", ["a", "b"], 0.5), new("t", ["b", "a"], 0.5)])
                )
                .Message,
            StringComparison.Ordinal
        );
}
