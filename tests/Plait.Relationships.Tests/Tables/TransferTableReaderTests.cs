using Plait.Relationships.Tables;
using Plait.Relationships.Transfer;
using Plait.Tabular;

namespace Plait.Relationships.Tests.Tables;

public class TransferTableReaderTests
{
    private const string Header = "target,order,sources,value\n";

    [Fact]
    public void Transfers_are_read_with_columns_in_any_order()
    {
        var table = Read("value;sources;note;order;target\n 0.5 ; a + b ;x; 2 ; t \n1e-3;self;;1;t\n");

        Assert.Equal(2, table.Transfers.Count);
        Assert.Equal(0.5, table.Value("t", "b", "a"));
        Assert.Equal(0.001, table.Value("t", TransferTable.Own));
    }

    [Theory]
    [InlineData("t,1,a,x\n", "line 2, column 'value': 'x' stands where a number is expected")]
    [InlineData("t,1,a,\n", "line 2, column 'value': nothing stands where a number is expected")]
    [InlineData("t,1,a,NaN\n", "line 2, column 'value': 'NaN'")]
    [InlineData("t,1,a,-0.5\n", "line 2, column 'value': The transfer a to t is worth -0.5")]
    [InlineData("t,one,a,0.5\n", "line 2, column 'order': 'one' stands where the number of sources is expected")]
    [InlineData("t,0,a,0.5\n", "line 2, column 'order': '0'")]
    [InlineData("t,2,a,0.5\n", "line 2, column 'order': the order is 2 but 1 source is named")]
    [InlineData("t,1,a+b,0.5\n", "line 2, column 'order': the order is 1 but 2 sources are named")]
    [InlineData("t,1,,0.5\n", "line 2, column 'sources': A source of 't' has no name")]
    [InlineData("t,2,a+a,0.5\n", "line 2, column 'sources': The transfer a+a to t names a source twice")]
    [InlineData("t,2,a+self,0.5\n", "line 2, column 'sources': 'self' is the target's own network")]
    [InlineData(",1,a,0.5\n", "line 2, column 'target': '' cannot be a target")]
    [InlineData("self,1,a,0.5\n", "line 2, column 'target': 'self' cannot be a target")]
    [InlineData(
        "t,2,a+b,0.5\nu,1,a,0.1\nt,2,b+a,0.5\n",
        "line 4, column 'sources': the transfer b+a to t stands on line 2 already"
    )]
    [InlineData("t,1,a\n", "line 2: the row has 3 fields")]
    [InlineData("", "no transfer follows the header")]
    public void A_wrong_line_is_named_with_its_column_and_what_to_do(string lines, string message)
    {
        var failure = Assert.Throws<TableException>(() => Read(Header + lines));

        Assert.StartsWith("transfers.csv", failure.Message, StringComparison.Ordinal);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("target,order,sources,affinity\nt,1,a,0.5\n", "value")]
    [InlineData("task,order,sources,value\nt,1,a,0.5\n", "target")]
    [InlineData("", "empty")]
    public void A_missing_column_is_named(string text, string name) =>
        Assert.Contains(name, Assert.Throws<TableException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains(
            "nowhere.csv",
            Assert.Throws<TableException>(() => TransferTableReader.Read("nowhere.csv")).Message,
            StringComparison.Ordinal
        );

    private static TransferTable Read(string text)
    {
        using var reader = new StringReader(text);
        return TransferTableReader.Read(reader, "transfers.csv");
    }
}
