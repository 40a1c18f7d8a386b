using Plait.Networks;
using Plait.Tabular.Models;
using Plait.Tabular.Predictions;

namespace Plait.Tabular.Tests;

/// <summary>Targets of which a row may name several, from texts to predictions.</summary>
[Collection("torch")]
public sealed class MultiLabelTests : IDisposable
{
    private const string Table = """
        x,genres
        1,drama|comedy
        2,none
        3,
        4,comedy | war|comedy
        5,drama
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Labels_stand_by_name_and_a_row_may_have_several_none_or_be_missing()
    {
        var (data, fitted) = Tables.Fit(Table, [0, 1, 2, 3, 4], "genres:multi-label");
        var target = fitted.TransformTargets(data, [0, 1, 2, 3, 4]).Single();

        Assert.Equal(["comedy", "drama", "war"], data.Schema.Targets.Single().Classes);
        Assert.Equal([1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0], Tables.Numbers(target.Values.contiguous()));
        Assert.Equal([5L, 3], target.Values.shape);
        Assert.Equal([1f, 1, 0, 1, 1], Tables.Numbers(target.Present!.select(1, 2).contiguous()));
    }

    [Theory]
    [InlineData("a|b;c", "genres:multi-label", "|", "a", "b;c")]
    [InlineData("a;b", "genres:multi-label", ";", "a", "b")]
    [InlineData("a b", "genres:multi-label", "|", "a b")]
    [InlineData("a|b;c", "genres:multi-label=;", ";", "a|b", "c")]
    [InlineData("\"a, b\"", "genres:multi-label=,", ",", "a", "b")]
    [InlineData("a b", "genres:multi-label=space", " ", "a", "b")]
    public void Labels_stand_apart_by_what_the_column_or_the_user_says(
        string cell,
        string target,
        string separator,
        params string[] labels
    )
    {
        var column = Tables.Infer($"x,genres\n1,{cell}\n2,none\n3,none\n", target).Targets.Single();

        Assert.Equal(separator, column.Separator);
        Assert.Equal(labels, column.Classes);
    }

    [Theory]
    [InlineData("a,b", "genres:multi-label", "'|' and ';' stand in none")]
    [InlineData("a;b", "genres:multi-label=,", "',' stands in none")]
    public void A_separator_that_never_occurs_is_not_passed_over(string cell, string target, string expected)
    {
        var schema = Tables.Infer($"x,genres\n1,\"{cell}\"\n2,none\n3,none\n", target);

        Assert.Contains(expected, Assert.Single(schema.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x,y\n1,a|none\n2,b\n", "y:multi-label", 2, "'none' says that a row has no label", "beside others")]
    [InlineData("x,y\n1,none\n2,|\n", "y:multi-label", null, "no row has a label")]
    [InlineData("x,y\n1,a|b\n2,a|b\n", "y:multi-label", null, "says 'a|b' in every row")]
    [InlineData("x,y\n1,a|b\n2,a\n", "y:multi-label=S<M", null, "'S<M' cannot stand between labels")]
    public void What_names_no_labels_is_refused_with_the_remedy(
        string table,
        string target,
        int? line,
        params string[] expected
    ) => Tables.Says(Tables.Fails(() => Tables.Infer(table, target)), line, "y", expected);

    [Fact]
    public void Labels_are_not_weighed_or_balanced()
    {
        Assert.Contains(
            "a multi-label target, whose rows may have several classes or none",
            Tables
                .Fails(() =>
                    Tables.Infer(Table, new TableOptions { ClassWeights = ["genres:drama=2"] }, "genres:multi-label")
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.True(
            Tables.Fails(() => Tables.Infer(Table, new TableOptions { Balance = true }, "genres:multi-label")).IsRequest
        );
    }

    [Fact]
    public void Training_rows_that_all_have_the_same_labels_are_refused()
    {
        var error = Tables.Fails(() => Tables.Fit("x,y\n1,a|b\n2,b|a\n3,a\n", [0, 1], "y:multi-label"));

        Tables.Says(error, null, "y", "the target is the same in all 2 training rows");
    }

    [Fact]
    public void A_label_that_is_not_known_is_refused_in_training_and_counted_where_a_model_is_judged()
    {
        var schema = Tables.Infer(Table, "genres:multi-label");
        const string Other = "x,genres\n1,drama|noir\n2,noir\n3,war\n";

        var error = Tables.Fails(() => TabularData.Read(new StringReader(Other), schema));
        Tables.Says(
            error,
            2,
            "genres",
            "'noir' is no class of this target",
            "are separated by '|'",
            "comedy, drama, war"
        );

        using var reader = TableReader.ToJudge(folder.Write("other.csv", Other), schema);
        var data = reader.ReadChunk(10)!;
        Assert.Equal([null, null, [2]], data.TargetSets(0));
        Assert.Contains(
            "2 rows have classes that the model does not know, the first 'noir' on line 2",
            reader.Warnings.Single(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Predictions_are_the_labels_more_likely_than_not_or_none()
    {
        var fitted = Tables.Fit(Table, [0, 1, 3, 4], "genres:multi-label").Preprocessing;
        using var scope = torch.NewDisposeScope();
        var outputs = new TaskOutputs(fitted.CreateTasks().All)
        {
            [0] = torch.tensor(new float[] { 1, -1, 2, -1, 0, -3 }).view(2, 3),
        };

        Assert.Equal("genres\ncomedy|war\nnone\n", Written(probabilities: false));
        Assert.StartsWith(
            "genres,genres_probability_comedy,genres_probability_drama,genres_probability_war\ncomedy|war,0.7310586,0.26894143,0.8807971\n",
            Written(probabilities: true),
            StringComparison.Ordinal
        );

        string Written(bool probabilities)
        {
            var text = new StringWriter();
            using var writer = new PredictionWriter(text, fitted, classProbabilities: probabilities);
            writer.Write(outputs);
            writer.Complete();
            return text.ToString();
        }
    }

    [Fact]
    public void A_model_is_trained_saved_loaded_judged_and_taught_from()
    {
        var random = new Random(4);
        var rows = Enumerable
            .Range(0, 400)
            .Select(row =>
            {
                var (a, b) = ((random.NextDouble() * 4) - 2, (random.NextDouble() * 4) - 2);
                string[] labels = [.. new[] { a > 0 ? "warm" : "", b > 0 ? "late" : "" }.Where(label => label != "")];
                var cell =
                    row % 20 == 0 ? ""
                    : labels.Length == 0 ? "none"
                    : string.Join(';', labels);
                return FormattableString.Invariant($"{a:0.000},{b:0.000},{cell},{a - b:0.00},{row % 3}");
            });
        var table = folder.Write("days.csv", "a,b,day,gap,counts\n" + string.Join('\n', rows) + "\n");
        var job = Models.ThreeTargets.Job(table) with
        {
            Targets = Tables.Targets("day:multi-label", "gap:regression"),
            Options = new TableOptions { Weights = ["counts"] },
        };
        job = job with { Run = job.Run with { Epochs = 20, Weighting = "uncertainty" } };
        using var model = Models.ThreeTargets.Train(job);
        model.Save(folder.File("model"));
        using var loaded = TabularModel.Load(folder.File("model"));

        var day = Models.ThreeTargets.Evaluate(loaded, table).Targets[0];

        Assert.Equal(["f1", "f1 by label", "auc by label", "accuracy", "log-loss"], day.Metrics.Keys);
        Assert.True(day.Metrics["f1 by label"] > 0.9, $"{day.Metrics["f1 by label"]}");
        Assert.True(day.Metrics["auc by label"] > 0.95, $"{day.Metrics["auc by label"]}");
        Assert.Equal(Enumerable.Range(0, 400).Count(row => row % 20 != 0 && row % 3 != 0), day.Rows);
        Assert.Equal(";", loaded.Preprocessing.Targets[0].Separator);

        using var student = Models.ThreeTargets.Train(
            job with
            {
                Run = job.Run with { Epochs = 1, Teachers = [folder.File("model")], Auxiliaries = ["soft-targets"] },
            }
        );
        Assert.Equal(2, student.Tasks.Count);
    }
}
