using System.Globalization;
using System.Text;
using CsCheck;

namespace Plait.Tabular.Tests;

public sealed class TabularDataTests
{
    [Fact]
    public void Values_stand_where_they_were_written()
    {
        var data = Tables.Read(Tables.Flats, "price:regression", "sold:binary", "grade:classification");

        Assert.Equal([50.0, 70, 90, 60, 80, 55], data.FeatureNumbers(0));
        Assert.Equal([2.0, double.NaN, 4, 3, 5, 2], data.FeatureNumbers(1));
        Assert.Equal([2, 1, 2, 0, 1, 2], data.FeatureCodes(2));
        Assert.Equal([100.0, 150, 200, double.NaN, 180, 120], data.TargetNumbers(0));
        Assert.Equal([1, 0, 1, 0, TabularData.Missing, 0], data.TargetCodes(1));
        Assert.Equal([1, 0, 2, 1, 0, TabularData.Missing], data.TargetCodes(2));
    }

    [Fact]
    public void Files_read_alike_however_they_are_stored()
    {
        using var folder = new TemporaryFolder();
        var crlf = Tables.Flats.ReplaceLineEndings("\r\n");
        string[] paths =
        [
            folder.Write("plain.csv", Tables.Flats),
            folder.Write("crlf.csv", crlf + "\r\n\r\n"),
            folder.Write("cr.csv", Tables.Flats.ReplaceLineEndings("\r")),
            folder.Write("bom.csv", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Tables.Flats)]),
            folder.Write("utf16.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(crlf)]),
            folder.Write("semicolons.csv", Tables.Flats.Replace(',', ';')),
            folder.Write("tabs.csv", Tables.Flats.Replace(',', '\t')),
            folder.Write("quotes.csv", Tables.Flats.Replace("Rome", "\"Rome\"", StringComparison.Ordinal)),
            folder.Write("blanks.csv", Tables.Flats.Replace(",", " , ", StringComparison.Ordinal)),
            folder.Write("named-oddly.csv.gz", Tables.Flats),
            folder.WriteGzip("packed.csv.gz", Tables.Flats),
            folder.WriteGzip("packed.csv", crlf),
            folder.Write(
                "joined.csv.gz",
                [
                    .. File.ReadAllBytes(folder.WriteGzip("start.gz", Tables.Flats[..40])),
                    .. File.ReadAllBytes(folder.WriteGzip("end.gz", Tables.Flats[40..])),
                ]
            ),
        ];

        Assert.All(
            paths,
            path =>
            {
                var data = TabularData.Read(path, TableSchema.Infer(path, Tables.FlatsTargets));
                Assert.Equal(["size", "rooms", "city"], data.Schema.Features.Select(feature => feature.Name));
                Assert.Equal([50.0, 70, 90, 60, 80, 55], data.FeatureNumbers(0));
                Assert.Equal([2, 1, 2, 0, 1, 2], data.FeatureCodes(2));
                Assert.Equal(7, data.LineOf(5));
            }
        );
    }

    [Fact]
    public void Lines_are_an_editor_s_with_line_breaks_in_quotes_and_blank_lines()
    {
        var data = Tables.Read("x,name,y\n1,a,0\n2,\"b\r\nb\nb\",1\n\n\n3,a,1\n", "y");

        Assert.Equal([2, 3, 8], Enumerable.Range(0, 3).Select(data.LineOf));
        Assert.Contains("b\r\nb\nb", data.Schema.Features[1].Categories!);
    }

    [Fact]
    public void Delimiters_in_a_quoted_header_do_not_count()
    {
        var schema = Tables.Infer("\"a;b;c;d\",y\n1,0\n2,1\n", "y");

        Assert.Equal("a;b;c;d", schema.Features[0].Name);
    }

    [Fact]
    public void Row_that_begins_with_a_hash_is_a_row()
    {
        Assert.Equal(3, Tables.Read("x,y\n#1,0\n#2,1\n#1,1\n", "y").Rows);
    }

    [Fact]
    public void Columns_of_a_known_schema_are_found_by_name()
    {
        var schema = Tables.Infer(Tables.Flats, "price:regression");

        var data = TabularData.Read(
            new StringReader("further,price,grade,sold,city,rooms,size\nq,1,good,no,Rome,2,50\n"),
            schema
        );

        Assert.Equal([50.0], data.FeatureNumbers(0));
        Assert.Equal([1.0], data.TargetNumbers(0));
    }

    [Fact]
    public void Groups_are_numbered_and_a_missing_one_stands_alone()
    {
        const string Text = "x,who,y\n1,ann,0\n2,bob,1\n3,,1\n4,ann,0\n5,,1\n";
        var schema = Tables.Infer(Text, new TableOptions { GroupBy = "who" }, "y");

        Assert.Equal([0L, 1, 2, 0, 3], TabularData.Read(new StringReader(Text), schema).Groups!);
    }

    [Fact]
    public void Any_text_survives_quoting()
    {
        var text = Gen.OneOf(Gen.String["ab,;\"\n\r \té漢"], Gen.String[Gen.Char.AlphaNumeric, 0, 9])
            .Where(value =>
                !TableOptions.DefaultMissingMarkers.Contains(value.Trim(), StringComparer.OrdinalIgnoreCase)
            );
        Gen.Select(text.Array[2, 30], Gen.Bool)
            .Sample(
                (values, crlf) =>
                {
                    var end = crlf ? "\r\n" : "\n";
                    var csv = string.Concat(
                        values.Select(
                            (value, i) => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{i}{end}"
                        )
                    );
                    var table = $"text,x,y{end}".Replace("x,y", "y", StringComparison.Ordinal) + csv;
                    var schema = new TableSchema
                    {
                        Features = [new("text", [.. values.Select(value => value.Trim()).Distinct()])],
                        Targets = [new("y", "regression", [])],
                        MissingMarkers = TableOptions.DefaultMissingMarkers,
                    };

                    var data = TabularData.Read(new StringReader(table), schema);

                    Assert.Equal(values.Length, data.Rows);
                    var line = 2;
                    for (var row = 0; row < values.Length; row++)
                    {
                        Assert.Equal(values[row].Trim(), schema.Features[0].Categories![data.FeatureCodes(0)[row]]);
                        Assert.Equal(row, data.TargetNumbers(0)[row]);
                        Assert.Equal(line, data.LineOf(row));
                        line += 1 + values[row].ReplaceLineEndings("\n").Count(character => character == '\n');
                    }
                },
                iter: 300
            );
    }

    [Fact]
    public void Any_finite_number_survives()
    {
        Gen.Double.Where(number => Math.Abs(number) <= 1e150)
            .Array[2, 50]
            .Sample(
                numbers =>
                {
                    var rows = numbers.Select(
                        (number, i) => string.Create(CultureInfo.InvariantCulture, $"{number:R},{i % 2}\n")
                    );
                    var schema = new TableSchema
                    {
                        Features = [new("x")],
                        Targets = [new("y", "binary", ["0", "1"])],
                        MissingMarkers = TableOptions.DefaultMissingMarkers,
                    };

                    var data = TabularData.Read(new StringReader("x,y\n" + string.Concat(rows)), schema);

                    Assert.Equal(numbers, data.FeatureNumbers(0).ToArray());
                },
                iter: 200
            );
    }
}
