using System.Globalization;
using CsCheck;
using Plait.Networks;
using Plait.Tabular.Features;
using Plait.Tabular.Predictions;
using Sylvan.Data.Csv;

namespace Plait.Tabular.Tests.Predictions;

public sealed class PredictionWriterTests
{
    private static Preprocessing Fitted =>
        Tables.Fit(Tables.Flats, [0, 1, 2], "price:regression", "sold:binary", "grade:classification").Preprocessing;

    [Fact]
    public void Predictions_are_in_the_targets_units_and_names()
    {
        var text = new StringWriter();
        using var writer = new PredictionWriter(text, Fitted, "key");

        writer.Write(
            Outputs(
                [0, 1],
                [0, -1],
                [
                    [0, 0, 0],
                    [1, 3, 2],
                ]
            ),
            ["a,b", ""]
        );
        writer.Complete();

        // Prices of the training rows: mean 150, population standard deviation sqrt(5000 / 3).
        Assert.Equal(
            """
            key,price,sold,sold_probability,grade,grade_probability_fair,grade_probability_good,grade_probability_poor
            "a,b",150,no,0.5,fair,0.33333334,0.33333334,0.33333334
            "",190.8248290463863,no,0.26894143,good,0.09003057,0.66524094,0.24472848

            """,
            text.ToString()
        );
        Assert.Equal(2, writer.Rows);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("\t=1+1", "\"'\t=1+1\"")]
    [InlineData("\r=1+1", "\"'\r=1+1\"")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("=HYPERLINK(\"x\",1)", "\"'=HYPERLINK(\"\"x\"\",1)\"")]
    [InlineData("a;=1+1", "\"a;=1+1\"")]
    [InlineData("-∞", "'-∞")]
    [InlineData("-Infinity", "'-Infinity")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("+1.5e-3", "+1.5e-3")]
    [InlineData("a=1", "a=1")]
    [InlineData("", "\"\"")]
    public void Formulas_are_quoted_for_spreadsheets_and_numbers_are_not(string key, string written)
    {
        var text = new StringWriter();
        using var writer = new PredictionWriter(text, Fitted, "key", classProbabilities: false, spreadsheetSafe: true);

        writer.Write(
            Outputs(
                [-4],
                [0],
                [
                    [1, 0, 0],
                ]
            ),
            [key]
        );

        var price = Fitted.Targets[0].Restore(-4).ToString(CultureInfo.InvariantCulture); // a number below 0
        Assert.Equal($"key,price,sold,sold_probability,grade\n{written},{price},no,0.5,fair\n", text.ToString());
    }

    [Fact]
    public void Formulas_stay_as_they_are_where_nobody_asked_and_names_of_columns_and_classes_are_quoted_where_somebody_did()
    {
        var (_, fitted) = Tables.Fit("x,=y\n1,=a\n2,-1\n3,=a\n", [0, 1, 2], "=y:classification");

        Assert.Equal("=y,=y_probability_-1,=y_probability_=a\n=a,0.5,0.5\n", Written(spreadsheetSafe: false));
        Assert.Equal("'=y,'=y_probability_-1,'=y_probability_=a\n'=a,0.5,0.5\n", Written(spreadsheetSafe: true));

        string Written(bool spreadsheetSafe)
        {
            var text = new StringWriter();
            using var writer = new PredictionWriter(text, fitted, spreadsheetSafe: spreadsheetSafe);
            using var equal = torch.tensor(new[] { 0f, 1e-9f }).view(1, 2);
            writer.Write(new TaskOutputs(fitted.CreateTasks().All) { [0] = equal });
            return text.ToString();
        }
    }

    [Fact]
    public void Class_probabilities_can_be_left_out()
    {
        var text = new StringWriter();
        using var writer = new PredictionWriter(text, Fitted, classProbabilities: false);

        writer.Write(
            Outputs(
                [0],
                [900],
                [
                    [-900, 900, 0],
                ]
            )
        );
        writer.Complete();

        Assert.Equal("price,sold,sold_probability,grade\n150,yes,1,good\n", text.ToString());
    }

    [Fact]
    public void Batches_follow_one_another()
    {
        var once = new StringWriter();
        var twice = new StringWriter();
        using var one = new PredictionWriter(once, Fitted);
        using var two = new PredictionWriter(twice, Fitted);

        one.Write(
            Outputs(
                [1, 2, 3],
                [1, 2, 3],
                [
                    [1, 0, 0],
                    [0, 1, 0],
                    [0, 0, 1],
                ]
            )
        );
        two.Write(
            Outputs(
                [1, 2],
                [1, 2],
                [
                    [1, 0, 0],
                    [0, 1, 0],
                ]
            )
        );
        two.Write(
            Outputs(
                [3],
                [3],
                [
                    [0, 0, 1],
                ]
            )
        );

        Assert.Equal(once.ToString(), twice.ToString());
    }

    [Fact]
    public void Any_identifier_and_finite_output_reads_back()
    {
        var fitted = Fitted;
        Gen.Select(Gen.String["ab,\"\n\r é漢"], Gen.Float[-1e6f, 1e6f])
            .Array[1, 20]
            .Sample(
                rows =>
                {
                    var text = new StringWriter();
                    using var writer = new PredictionWriter(text, fitted, "key", classProbabilities: false);
                    float[] values = [.. rows.Select(row => row.Item2)];
                    writer.Write(
                        Outputs(values, values, [.. values.Select(value => new[] { value, 0, 0 })]),
                        [.. rows.Select(row => row.Item1)]
                    );

                    using var csv = CsvDataReader.Create(new StringReader(text.ToString()));
                    foreach (var (key, value) in rows)
                    {
                        Assert.True(csv.Read());
                        Assert.Equal(key, csv.GetString(0));
                        Assert.Equal(fitted.Targets[0].Restore(value), csv.GetDouble(1));
                        Assert.InRange(csv.GetFloat(3), 0, 1);
                        Assert.Equal(value > 0 ? "yes" : "no", csv.GetString(2));
                    }

                    Assert.False(csv.Read());
                },
                iter: 100
            );
    }

    [Fact]
    public void Outputs_that_do_not_fit_are_refused()
    {
        using var writer = new PredictionWriter(new StringWriter(), Fitted, "key");

        Assert.Throws<ArgumentException>(() =>
            writer.Write(
                Outputs(
                    [1],
                    [1],
                    [
                        [1, 0],
                    ]
                ),
                ["a"]
            )
        );
        Assert.Throws<ArgumentException>(() =>
            writer.Write(
                Outputs(
                    [1],
                    [1, 2],
                    [
                        [1, 0, 0],
                    ]
                ),
                ["a"]
            )
        );
        Assert.Throws<ArgumentException>(() =>
            writer.Write(
                Outputs(
                    [1],
                    [1],
                    [
                        [1, 0, 0],
                    ]
                )
            )
        );
    }

    private static TaskOutputs Outputs(float[] price, float[] sold, float[][] grade) =>
        new(Fitted.CreateTasks().All)
        {
            [0] = torch.tensor(price).view(-1, 1),
            [1] = torch.tensor(sold).view(-1, 1),
            [2] = torch.tensor(grade.SelectMany(row => row).ToArray()).view(grade.Length, -1),
        };
}
