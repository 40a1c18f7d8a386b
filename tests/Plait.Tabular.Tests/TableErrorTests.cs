using System.Text;
using Plait.Torch;

namespace Plait.Tabular.Tests;

public sealed class TableErrorTests
{
    [Fact]
    public void Missing_file()
    {
        var error = Tables.Fails(() => TableSchema.Infer("/nowhere/data.csv", Tables.Targets("y")));

        Assert.StartsWith("/nowhere/data.csv: there is no such file", error.Message, StringComparison.Ordinal);
        Assert.Equal("/nowhere/data.csv", error.File);
    }

    [Fact]
    public void Folder_instead_of_a_file()
    {
        using var folder = new TemporaryFolder();

        var error = Tables.Fails(() => TableSchema.Infer(folder.Path, Tables.Targets("y")));

        Tables.Says(error, null, null, "this is a folder");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\n")]
    [InlineData("\uFEFF")]
    public void Empty_file(string text) => Says(text, null, null, "the file is empty");

    [Fact]
    public void No_header() => Says("1,2.5\n3,4\n", 1, null, "'1,2.5' looks like data", "add a first line");

    [Fact]
    public void Header_without_rows() => Says("x,y\n\n", null, null, "a header but no rows");

    [Fact]
    public void Same_name_twice() => Says("\nx,y, x\n1,2,3\n", 2, "x", "columns 1 and 3 have the same name", "rename");

    [Fact]
    public void Unknown_target_suggests_the_nearest_name() =>
        Says(
            "age,prise,Y\n1,2,3\n",
            null,
            "price",
            "the target is not in the file",
            "did you mean 'prise'?",
            targets: "price"
        );

    [Fact]
    public void Unknown_target_lists_the_columns_when_none_is_near() =>
        Says("age,weight\n1,2\n", null, "price", "the columns are age, weight.", targets: "price");

    [Fact]
    public void Unknown_ignored_and_grouping_and_categorical_columns()
    {
        TableOptions[] options =
        [
            new() { Ignore = ["ag"] },
            new() { GroupBy = "AGE" },
            new() { Categorical = ["agee"] },
        ];

        Assert.All(
            options,
            option =>
                Assert.Contains(
                    "did you mean 'age'?",
                    Tables.Fails(() => Tables.Infer("age,y\n1,0\n2,1\n", option, "y")).Message,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void Target_that_is_also_ignored() =>
        Tables.Says(
            Tables.Fails(() => Tables.Infer("x,y\n1,0\n2,1\n", new TableOptions { Ignore = ["y"] }, "y")),
            null,
            null,
            "'y' is a target and also ignored"
        );

    [Fact]
    public void Target_named_twice() =>
        Tables.Says(
            Tables.Fails(() => Tables.Infer("x,y\n1,0\n2,1\n", "y", "y:binary")),
            null,
            null,
            "'y' is named 2 times"
        );

    [Theory]
    [InlineData("x,y\n1,0\n2\n", 3, "1 field but the header has 2 fields")]
    [InlineData("x,y\r\n1,0\r\n\r\n2,1,5\r\n", 4, "3 fields but the header has 2 fields")]
    [InlineData("x,z,y\n\"a\nb\",1,0\n2,1\n", 4, "2 fields but the header has 3 fields")]
    public void Row_with_too_few_or_too_many_fields(string text, int line, string says) => Says(text, line, null, says);

    [Fact]
    public void Quote_that_is_never_closed() =>
        Says("x,y\n1,0\n\"2,1\n3,0\n", 3, null, "a double quote that is not closed");

    [Fact]
    public void Text_after_a_closing_quote() => Says("x,y\n1,0\n\"2\"a,1\n", 3, null, "text after a closing one");

    [Fact]
    public void Text_that_is_not_UTF8()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("latin.csv", [.. Encoding.ASCII.GetBytes("x,y\n1,0\ncaf"), 0xE9, .. ",1\n"u8]);

        Tables.Says(Tables.Fails(() => TableSchema.Infer(path, Tables.Targets("y"))), 1, null, "not UTF-8");
    }

    [Fact]
    public void Gzip_that_unpacks_to_far_more_than_a_table_would()
    {
        using var folder = new TemporaryFolder();
        var path = folder.WriteGzip("zeros.csv.gz", "x,y\n" + string.Concat(Enumerable.Repeat("0,0\n", 1 << 18)));
        using var text = TableFile.Open(path, new ReadingLimits { Constant = 1 << 18, Ratio = 1 });
        using var rows = CsvRows.Open(text, "zeros.csv.gz", ',');

        var error = Tables.Fails(() =>
        {
            while (rows.Read()) { }
        });

        Assert.StartsWith("zeros.csv.gz: it has ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("set PLAIT_READ_MIB to a larger number.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gzip_that_is_cut_short()
    {
        using var folder = new TemporaryFolder();
        var noise = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i * 7919 % 10007},{i % 2}\n"));
        var whole = File.ReadAllBytes(folder.WriteGzip("a.csv.gz", "x,y\n" + noise));
        var path = folder.Write("b.csv.gz", whole[..(whole.Length / 2)]);

        Tables.Says(
            Tables.Fails(() => TableSchema.Infer(path, Tables.Targets("y"))),
            null,
            null,
            "b.csv.gz: the gzip file is damaged or cut short"
        );
    }

    [Fact]
    public void Target_that_is_the_same_in_every_row() =>
        Says("x,y\n1,5\n2,5.0\n", null, "y", "says '5' in every row", targets: "y:regression");

    [Fact]
    public void Target_that_is_missing_in_every_row() => Says("x,y\n1,\n2,NA\n", null, "y", "missing in every row");

    [Fact]
    public void Text_in_a_regression_target() =>
        Says("x,y\n1,5\n2,lots\n", 3, "y", "'lots' is not a number", "y:classification", targets: "y:regression");

    [Theory]
    [InlineData("Infinity")]
    [InlineData("-inf")]
    [InlineData("1e160")]
    public void Infinite_regression_target(string text) =>
        Says($"x,y\n1,5\n2,{text}\n", 3, "y", $"'{text}' is infinite or too large", targets: "y:regression");

    [Fact]
    public void Infinite_feature() => Says("x,y\n1,0\n-inf,1\n", 3, "x", "'-inf' is infinite", "ignore the column");

    [Fact]
    public void Third_value_of_a_binary_target() =>
        Says("x,y\n1,a\n2,b\n3,a\n4,c\n", 5, "y", "'c' is a third value", "y:classification", targets: "y:binary");

    [Fact]
    public void Too_many_classes()
    {
        var rows = string.Concat(Enumerable.Range(0, 1001).Select(i => $"{i},c{i}\n"));

        Says(
            "x,y\n" + rows,
            null,
            "y",
            "more than 1000 classes; join rare ones, or choose another target.",
            targets: "y:classification"
        );
    }

    [Fact]
    public void Too_many_categories_where_they_were_asked_for() =>
        Tables.Says(
            Tables.Fails(() =>
                Tables.Infer("x,y\n1,0\n2,1\n3,1\n", new TableOptions { Categorical = ["x"], MaxCategories = 2 }, "y")
            ),
            null,
            "x",
            "more than 2 different values"
        );

    [Fact]
    public void No_feature_left() =>
        Says("x,y\n1,0\n1,1\n", null, null, "no column is left to learn from", "'x' says '1'");

    [Fact]
    public void Text_in_a_column_of_numbers_once_the_schema_is_known()
    {
        var schema = Tables.Infer("name,x,y\na,1,0\nb,2,1\na,3,1\n", "y");

        var error = Tables.Fails(() =>
            TabularData.Read(new StringReader("name,x,y\n\"a\n\",1,0\n\"b\nc\",many,1\n"), schema, "new.csv")
        );

        Tables.Says(error, 5, "x", "new.csv, line 5, column 'x': 'many' is not a number", "leave it empty");
    }

    [Fact]
    public void Infinite_number_once_the_schema_is_known()
    {
        var schema = Tables.Infer("x,y\n1,0\n2,1\n", "y");

        var error = Tables.Fails(() => TabularData.Read(new StringReader("x,y\n1e199,0\n"), schema));

        Tables.Says(error, 2, "x", "'1e199' is infinite or too large");
    }

    [Fact]
    public void Class_that_the_schema_does_not_know()
    {
        var schema = Tables.Infer("x,y\n1,a\n2,b\n", "y");

        var error = Tables.Fails(() => TabularData.Read(new StringReader("x,y\n1,a\n2,c\n"), schema));

        Tables.Says(error, 3, "y", "'c' is no class", "a, b");
    }

    [Fact]
    public void Feature_that_a_new_file_lacks()
    {
        var schema = Tables.Infer("age,weight,y\n1,5,0\n2,6,1\n", "y");

        var error = Tables.Fails(() =>
            new TableReader(new StringReader("Age,weight\n1,2\n"), schema, withTargets: false).Dispose()
        );

        Tables.Says(error, null, "age", "the feature is not in the file", "did you mean 'Age'?");
    }

    [Fact]
    public void Identifier_that_a_new_file_lacks()
    {
        var schema = Tables.Infer("age,y\n1,0\n2,1\n", "y");

        var error = Tables.Fails(() => new TableReader(new StringReader("age\n1\n"), schema, false, "key").Dispose());

        Tables.Says(error, null, "key", "the column to copy is not in the file");
    }

    [Theory]
    [InlineData("x,y,z\n1,5,a\n2,5,b\n3,6,c\n", "y:regression", "is the same in all 2 training rows")]
    [InlineData("x,y,z\n1,,a\n2,,b\n3,6,c\n4,7,d\n", "y:regression", "is missing in all 2 training rows")]
    [InlineData("x,y,z\n1,a,a\n2,a,b\n3,b,c\n", "y:binary", "is the same in all 2 training rows")]
    public void Target_that_training_rows_cannot_teach(string text, string target, string says)
    {
        var error = Tables.Fails(() => Tables.Fit(text, [0, 1], target));

        Tables.Says(error, null, "y", says, "another split");
    }

    private static void Says(
        string text,
        int? line,
        string? column,
        string says,
        string also = "",
        string targets = "y"
    )
    {
        var error = Tables.Fails(() => Tables.Infer(text, targets));

        Assert.StartsWith("table.csv", error.Message, StringComparison.Ordinal);
        Tables.Says(error, line, column, says, also);
    }
}
