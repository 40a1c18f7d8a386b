using Plait.Tabular.Models;
using Plait.Tasks;
using Plait.Tasks.Metrics;

namespace Plait.Tabular.Tests.Models;

[Collection("torch")]
public sealed class TableEvaluationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Numbers_equal_those_computed_from_the_outputs()
    {
        using var model = Trained();
        var csv = ThreeTargets.Csv(5000, seed: 20); // more than one piece of the file
        var report = ThreeTargets.Evaluate(
            model,
            folder.Write("labelled.csv", csv),
            new MeanAbsoluteError(),
            new RootMeanSquaredError(),
            new RSquared(),
            new Accuracy(),
            new LogLoss()
        );

        string[][] fields =
        [
            .. csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(',')),
        ];
        var outputs = ThreeTargets.Outputs(model, csv);
        var amounts = fields
            .Select((row, i) => (Text: row[3], Said: model.Preprocessing.Targets[0].Restore(outputs[0][i])))
            .Where(pair => pair.Text.Length > 0)
            .Select(pair =>
                (Truth: double.Parse(pair.Text, System.Globalization.CultureInfo.InvariantCulture), pair.Said)
            )
            .ToArray();
        var mean = amounts.Average(pair => pair.Truth);
        var squares = amounts.Sum(pair => Math.Pow(pair.Truth - pair.Said, 2));
        var ups = fields
            .Select((row, i) => (Text: row[4], Logit: (double)outputs[1][i]))
            .Where(pair => pair.Text.Length > 0)
            .ToArray();
        var kinds = fields.Select(
            (row, i) => row[5] == new[] { "cold", "hot", "mild" }[Largest(outputs[2].AsSpan(3 * i, 3))]
        );

        Assert.Equal(5000, report.Rows);
        Assert.Equal([amounts.Length, ups.Length, 5000L], report.Targets.Select(target => target.Rows));
        Close(amounts.Average(pair => Math.Abs(pair.Truth - pair.Said)), report.Targets[0].Metrics["mae"]);
        Close(Math.Sqrt(squares / amounts.Length), report.Targets[0].Metrics["rmse"]);
        Close(1 - (squares / amounts.Sum(pair => Math.Pow(pair.Truth - mean, 2))), report.Targets[0].Metrics["r2"]);
        Close(
            ups.Average(pair => pair.Logit >= 0 == (pair.Text == "yes") ? 1.0 : 0),
            report.Targets[1].Metrics["accuracy"]
        );
        Close(
            ups.Average(pair => Math.Log(1 + Math.Exp(pair.Text == "yes" ? -pair.Logit : pair.Logit))),
            report.Targets[1].Metrics["log-loss"]
        );
        Close(kinds.Average(right => right ? 1.0 : 0), report.Targets[2].Metrics["accuracy"]);
    }

    [Fact]
    public void Chosen_metrics_go_to_the_targets_that_they_suit_and_targets_without_any_are_left_out()
    {
        using var model = Trained();
        var path = folder.Write("labelled.csv", ThreeTargets.Csv(50));

        var report = ThreeTargets.Evaluate(model, path, new F1(F1Average.Macro), new AreaUnderRoc());

        Assert.Equal(["up", "kind"], report.Targets.Select(target => target.Name));
        Assert.Equal(["macro f1", "auc"], report.Targets[0].Metrics.Keys);
        Assert.Equal(["macro f1"], report.Targets[1].Metrics.Keys);
    }

    [Fact]
    public void Metric_that_suits_no_target_is_refused()
    {
        var job = ThreeTargets.Job(folder.Write("data.csv", ThreeTargets.Csv(60)));
        using var model = ThreeTargets.Train(job with { Targets = Tables.Targets("amount:regression") });

        var error = Assert.Throws<FormatException>(() => ThreeTargets.Evaluate(model, job.Table, new AreaUnderRoc()));

        Assert.Contains(
            "'auc' suits no target of this model, which are amount (regression)",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Metrics_of_maps_suit_no_column()
    {
        using var model = Trained();
        var path = folder.Write("labelled.csv", ThreeTargets.Csv(50));

        Assert.All(
            Metric.Dense,
            metric =>
                Assert.Contains(
                    "suits no target",
                    Assert.Throws<FormatException>(() => ThreeTargets.Evaluate(model, path, metric)).Message,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void Unknown_class_is_counted_and_left_out_of_its_target_alone()
    {
        using var model = Trained();
        const string Known = "a,b,colour,amount,up,kind\n1,1,red,5,yes,hot\n1,2,red,6,no,cold\n";
        var unknown = folder.Write("unknown.csv", Known + "1,1,red,7,yes,tepid\n");
        var absent = folder.Write("absent.csv", Known + "1,1,red,7,yes,\n");

        var report = ThreeTargets.Evaluate(model, unknown);

        Assert.Contains(
            "Target 'kind': 1 row has a class that the model does not know, the first 'tepid' on line 4",
            Assert.Single(report.Warnings),
            StringComparison.Ordinal
        );
        Assert.Equal([3L, 3L, 2L], report.Targets.Select(target => target.Rows));
        var expected = ThreeTargets.Evaluate(model, absent);
        Assert.All(report.Targets.Zip(expected.Targets), pair => Assert.Equal(pair.Second.Metrics, pair.First.Metrics));
    }

    [Fact]
    public void Missing_target_names_the_place()
    {
        using var model = Trained();
        var missing = folder.Write("missing.csv", "a,b,colour,amount,up\n1,1,red,5,yes\n");
        var empty = folder.Write("empty.csv", "a,b,colour,amount,up,kind\n");

        Tables.Says(
            Tables.Fails(() => ThreeTargets.Evaluate(model, missing)),
            null,
            "kind",
            "the target is not in the file"
        );
        Tables.Says(Tables.Fails(() => ThreeTargets.Evaluate(model, empty)), null, null, "a header but no rows");
    }

    [Fact]
    public void Unseen_category_is_warned_of_and_counts_all_the_same()
    {
        using var model = Trained();
        var path = folder.Write("new.csv", "a,b,colour,amount,up,kind\n1,1,green,5,yes,hot\n1,1,red,6,no,cold\n");

        var report = ThreeTargets.Evaluate(model, path);

        Assert.Contains("'green' on line 2", Assert.Single(report.Warnings), StringComparison.Ordinal);
        Assert.Equal(2, report.Targets[0].Rows);
    }

    public void Dispose() => folder.Dispose();

    private TabularModel Trained() =>
        ThreeTargets.Train(ThreeTargets.Job(folder.Write("data.csv", ThreeTargets.Csv(300))));

    private static int Largest(ReadOnlySpan<float> logits) =>
        logits[0] >= logits[1] && logits[0] >= logits[2] ? 0
        : logits[1] >= logits[2] ? 1
        : 2;

    private static void Close(double expected, double? actual) =>
        Assert.InRange(actual!.Value, expected - (1e-5 * Math.Abs(expected)), expected + (1e-5 * Math.Abs(expected)));
}
