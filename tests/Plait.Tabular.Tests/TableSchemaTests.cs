namespace Plait.Tabular.Tests;

public sealed class TableSchemaTests
{
    [Fact]
    public void Kinds_are_found_from_the_whole_file()
    {
        var schema = TableSchema.Infer(new StringReader(Tables.Flats), Tables.FlatsTargets);

        Assert.Equal(["size", "rooms", "city"], schema.Features.Select(feature => feature.Name));
        Assert.Equal([true, true, false], schema.Features.Select(feature => feature.IsNumeric));
        Assert.Equal(["Oslo", "Paris", "Rome"], schema.Features[2].Categories!);
        Assert.Equal(["no", "yes"], schema.Targets[1].Classes);
        Assert.Equal(["fair", "good", "poor"], schema.Targets[2].Classes);
        Assert.Equal(6, schema.Rows);
        Assert.Empty(schema.Warnings);
    }

    [Fact]
    public void Text_on_the_last_row_makes_a_column_categorical()
    {
        var rows = string.Concat(Enumerable.Repeat("1,0\n2,1\n1,1\n", 20));

        var schema = Tables.Infer($"code,y\n{rows}unknown,0\n", "y");

        Assert.Equal(["1", "2", "unknown"], schema.Features[0].Categories!);
        Assert.Contains("line 62 says 'unknown'", Assert.Single(schema.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 0 1 0 0", "binary")]
    [InlineData("2.5 0.5 2.5 0.5 0.5", "binary")]
    [InlineData("a b c a b", "classification")]
    [InlineData("1 2 3 1 2 3", "classification")]
    [InlineData("1 2 3 4 5", "regression")]
    [InlineData("1.5 2.5 3.5 1.5 2.5 3.5", "regression")]
    public void Kind_of_a_target_is_inferred(string values, string expected)
    {
        var rows = values.Split(' ').Select((value, i) => $"{i},{value}\n");

        Assert.Equal(expected, Tables.Infer("x,y\n" + string.Concat(rows), "y").Targets[0].Kind);
    }

    [Theory]
    [InlineData("yes", "no", "yes")]
    [InlineData("Yes", "zzz", "Yes")]
    [InlineData("TRUE", "false", "TRUE")]
    [InlineData("positive", "unclear", "positive")]
    [InlineData("1", "2", "1")]
    [InlineData("0", "1", "1")]
    [InlineData("cat", "dog", "dog")]
    [InlineData("10", "9", "10")]
    public void Positive_class_is_the_one_called_so_or_else_the_later(string one, string other, string positive)
    {
        var forwards = Tables.Infer($"x,y\n1,{one}\n2,{other}\n", "y:binary").Targets[0].Classes;
        var backwards = Tables.Infer($"x,y\n1,{other}\n2,{one}\n", "y:binary").Targets[0].Classes;

        Assert.Equal(positive, forwards[1]);
        Assert.Equal(forwards, backwards);
    }

    [Fact]
    public void Classes_that_are_numbers_stand_in_the_order_of_their_values()
    {
        var schema = Tables.Infer("x,y\n1,10\n2,9\n3,-1\n4,2\n", "y:classification");

        Assert.Equal(["-1", "2", "9", "10"], schema.Targets[0].Classes);
    }

    [Fact]
    public void Columns_without_use_are_left_out_and_named()
    {
        var text = "id,empty,same,,partly,x,y\n";
        for (var row = 0; row < 400; row++)
        {
            text += $"r{row},NA,7,{row},{(row % 2 == 0 ? "7" : "")},{row},{row % 2}\n";
        }

        var schema = Tables.Infer(text, "y");

        Assert.Equal(["partly", "x"], schema.Features.Select(feature => feature.Name));
        Assert.Collection(
            schema.Warnings,
            warning => Assert.Equal("Column 4 has no name in the header and is left out.", warning),
            warning =>
                Assert.Contains("'id' is left out: its text differs in every row", warning, StringComparison.Ordinal),
            warning => Assert.Contains("'empty' has no value", warning, StringComparison.Ordinal),
            warning => Assert.Contains("'same' says '7' in every row", warning, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Options_ignore_group_and_make_numbers_categorical()
    {
        var options = new TableOptions
        {
            Ignore = ["note"],
            Categorical = ["zip"],
            GroupBy = "patient",
            MissingMarkers = ["", "-999"],
        };

        var schema = Tables.Infer("note,zip,patient,x,y\na,100,p,1,0\nb,200,p,-999,1\nc,100,q,3,1\n", options, "y");

        Assert.Equal(["zip", "x"], schema.Features.Select(feature => feature.Name));
        Assert.Equal(["100", "200"], schema.Features[0].Categories!);
        Assert.Equal("patient", schema.GroupBy);
    }

    [Fact]
    public void Text_with_too_many_categories_is_left_out()
    {
        var rows = Enumerable.Range(0, 30).Select(i => $"t{i % 15},{i},{i % 2}\n");

        var schema = Tables.Infer("text,x,y\n" + string.Concat(rows), new TableOptions { MaxCategories = 10 }, "y");

        Assert.Equal("x", Assert.Single(schema.Features).Name);
        Assert.Contains("more than 10 different texts", Assert.Single(schema.Warnings), StringComparison.Ordinal);
    }
}
