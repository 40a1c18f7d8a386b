using Plait.Tabular.Features;
using Plait.Tabular.Models;
using Plait.Tabular.Predictions;
using Plait.Tabular.Tests.Models;

namespace Plait.Tabular.Tests;

/// <summary>Columns that weigh rows, from the header to the report.</summary>
[Collection("torch")]
public sealed class RowWeightTests : IDisposable
{
    private const string Text = "x,w,q,y,sold\n1,1,2,10,yes\n2,0,1,20,no\n3,0.5,4,30,yes\n4,2,0,,no\n";

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_weight_is_no_feature_and_weights_of_a_row_are_multiplied()
    {
        var schema = Schema("w", "y:q");
        var data = TabularData.Read(new StringReader(Text), schema);

        Assert.Equal(["x"], schema.Features.Select(feature => feature.Name));
        Assert.Equal([new WeightColumn("w"), new WeightColumn("q", "y")], schema.Weights);
        Assert.Equal([2.0, 0, 2, 0], data.WeightsOf(0)!);
        Assert.Equal([1.0, 0, 0.5, 2], data.WeightsOf(1)!);
        Assert.Null(TabularData.Read(new StringReader(Text), Schema()).WeightsOf(0));
    }

    [Fact]
    public void A_column_of_the_whole_name_wins_over_a_target()
    {
        const string Colons = "x,y:w,w,y\n1,5,2,1\n2,6,3,2\n";
        TableSchema Infer(string weight) =>
            Tables.Infer(Colons, new TableOptions { Weights = [weight] }, "y:regression");

        Assert.Equal([new WeightColumn("y:w")], Infer("y:w").Weights);
        Assert.Equal([new WeightColumn("w", "y")], Infer("y: w").Weights);
    }

    [Fact]
    public void Targets_have_weights_and_marks()
    {
        using var scope = torch.NewDisposeScope();
        var data = TabularData.Read(new StringReader(Text), Schema("w"));
        var preprocessing = Preprocessing.Fit(data, [0, 1, 2, 3]);

        var targets = preprocessing.TransformTargets(data, [3, 2, 1, 0]);

        Assert.Equal([0f, 0.5f, 0, 1], Tables.Numbers(targets[0].Weights!));
        Assert.Equal((2L, 1.5), (targets[0].PresentCount, targets[0].WeightSum));
        Assert.Equal([2f, 0.5f, 0, 1], Tables.Numbers(targets[1].Weights!));
        // A part of which all rows weigh 0 has no target, and is no error.
        Assert.Equal(0, preprocessing.TransformTargets(data, [1])[1].PresentCount);
    }

    [Theory]
    [InlineData("-1", "'-1' is no weight")]
    [InlineData("heavy", "'heavy' is no weight")]
    [InlineData("", "'' is no weight")]
    [InlineData("NA", "'NA' is no weight")]
    [InlineData("inf", "'inf' is no weight")]
    [InlineData("1e300", "'1e300' is no weight")]
    [InlineData("1e-50", "'1e-50' is no weight")]
    [InlineData("1e38", "'1e38' is no weight")]
    public void A_weight_that_is_none_is_named_with_its_line(string weight, string fragment)
    {
        var text = $"x,w,y\n1,1,2\n2,{weight},3\n3,1,4\n";
        var schema = Tables.Infer(text, new TableOptions { Weights = ["w"] }, "y:regression");

        var error = Tables.Fails(() => TabularData.Read(new StringReader(text), schema, "table.csv"));

        Tables.Says(error, 3, "w", fragment, "0, or from 1e-12 to 1e12", "write 0 to leave the row out");
    }

    [Theory]
    [InlineData("weigth", "the weight is not in the file")]
    [InlineData("y", "is a target and also a weight")]
    [InlineData("z:w", "what stands before the colon is no target", "did you mean 'y'?")]
    [InlineData("price:w", "what stands before the colon is no target", "the targets are y, sold.")]
    [InlineData("y:z", "the weight of target 'y' is not in the file")]
    public void A_weight_that_names_nothing_is_refused(string weight, params string[] fragments)
    {
        var error = Tables.Fails(() => Schema(weight));

        Assert.All(fragments, fragment => Assert.Contains(fragment, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_weight_that_is_named_twice_is_refused() =>
        Assert.Contains("named twice", Tables.Fails(() => Schema("w", "w")).Message, StringComparison.Ordinal);

    [Fact]
    public void Targets_that_weigh_0_in_all_training_rows_are_refused()
    {
        const string Nothing = "x,w,y\n1,0,2\n2,0,3\n3,1,4\n";
        var data = TabularData.Read(
            new StringReader(Nothing),
            Tables.Infer(Nothing, new TableOptions { Weights = ["w"] }, "y:regression")
        );

        var error = Tables.Fails(() => Preprocessing.Fit(data, [0, 1]));

        Assert.Contains("is missing, or weighs 0, in all 2 training rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_never_change_the_division_of_the_rows()
    {
        var text = Weighted(300);
        var plain = TabularData.Read(new StringReader(text), Infer(text, new TableOptions { Ignore = ["w"] }));
        var weighted = TabularData.Read(new StringReader(text), Infer(text, new TableOptions { Weights = ["w"] }));

        for (var seed = 0; seed < 5; seed++)
        {
            var (one, other) = (TabularSplit.Of(plain, seed: seed), TabularSplit.Of(weighted, seed: seed));
            Assert.Equal(one.Training, other.Training);
            Assert.Equal(one.Validation, other.Validation);
            Assert.Equal(one.Test, other.Test);
        }
    }

    [Fact]
    public void Rows_of_weight_2_standardise_and_guess_as_rows_that_are_there_twice()
    {
        var weighted = Prepare("weighted.csv", Weighted(120), "w");
        var repeated = Prepare("repeated.csv", Repeated(Weighted(120)), null);

        using (weighted)
        using (repeated)
        {
            var (one, other) = (weighted.Preprocessing.Targets[0], repeated.Preprocessing.Targets[0]);
            Assert.Equal(other.Mean, one.Mean, 1e-9);
            Assert.Equal(other.StandardDeviation, one.StandardDeviation, 1e-9);
            Assert.All(
                repeated.GuessingLosses().Zip(weighted.GuessingLosses()),
                pair => Assert.Equal(pair.First, pair.Second, 1e-5)
            );
        }

        TabularTraining Prepare(string name, string text, string? weight) =>
            TabularTraining.Prepare(
                ThreeTargets.Job(folder.Write(name, text)) with
                {
                    Options = weight is null ? new() { Ignore = ["w"] } : new() { Weights = [weight] },
                    ValidationShare = 0,
                    TestShare = 0,
                }
            );
    }

    [Fact]
    public void A_saved_model_judges_by_the_weights_that_a_file_has_and_predicts_without_them()
    {
        var job = ThreeTargets.Job(folder.Write("data.csv", Weighted(200)), folder.File("model")) with
        {
            Options = new() { Weights = ["w", "kind:v"] },
        };
        using (var trained = ThreeTargets.Train(job))
        {
            Assert.Equal(["w", "kind:v"], trained.Test!.Weights);
        }

        using var model = TabularModel.Load(folder.File("model"));
        Assert.Equal(["w", "kind:v"], model.Test!.Weights);
        var text = Weighted(90, seed: 8);
        var weighted = model.Evaluate(folder.Write("weighted.csv", Without(text, "v")));
        var repeated = model.Evaluate(folder.Write("repeated.csv", Without(Without(Repeated(text), "v"), "w")));

        Assert.Equal(["w"], weighted.Weights);
        Assert.Contains(
            "'v', which weighed the training rows of target 'kind'",
            Assert.Single(weighted.Warnings),
            StringComparison.Ordinal
        );
        Assert.Empty(repeated.Weights);
        Assert.Equal(2, repeated.Warnings.Count);
        foreach (var (one, other) in weighted.Targets.Zip(repeated.Targets))
        {
            Assert.All(other.Metrics, pair => Assert.Equal(pair.Value!.Value, one.Metrics[pair.Key]!.Value, 1e-9));
            Assert.NotEqual(other.Rows, one.Rows);
        }

        using var reader = new FeatureReader(
            folder.Write("new.csv", Without(Without(text, "v"), "w")),
            model.Preprocessing
        );
        using var chunk = Assert.Single(reader.Read());
        Assert.Equal(90, chunk.Input.size(0));
    }

    [Fact]
    public void A_job_with_weights_is_the_same_after_json()
    {
        var job = ThreeTargets.Job("data.csv") with
        {
            Options = new()
            {
                Weights = ["w", "kind:v"],
                Balance = true,
                ClassWeights = ["up:yes=5"],
            },
        };

        var again = TabularJob.FromJson(job.ToJson());

        Assert.Equal(job.ToJson(), again.ToJson());
        Assert.Equal(["w", "kind:v"], again.Options.Weights);
        Assert.True(again.Options.Balance);
        Assert.Equal(["up:yes=5"], again.Options.ClassWeights);
    }

    public void Dispose() => folder.Dispose();

    private static TableSchema Schema(params string[] weights) =>
        Tables.Infer(
            Text,
            new TableOptions
            {
                Weights = weights,
                Ignore = weights.Any(w => w.Contains('q', StringComparison.Ordinal)) ? [] : ["q"],
            },
            "y:regression",
            "sold:binary"
        );

    private static TableSchema Infer(string text, TableOptions options) =>
        TableSchema.Infer(new StringReader(text), ThreeTargets.Targets, options, "table.csv");

    /// <summary>The table of three targets with weights 0 to 3 in the column w, and 1 and 2 in v.</summary>
    private static string Weighted(int rows, int seed = 1)
    {
        var lines = ThreeTargets.Csv(rows, seed).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(lines.Select((line, i) => i == 0 ? $"w,v,{line}\n" : $"{i % 4},{(i % 2) + 1},{line}\n"));
    }

    /// <summary>Each row as often as its weight says.</summary>
    private static string Repeated(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(lines.SelectMany((line, i) => Enumerable.Repeat(line + "\n", i == 0 ? 1 : line[0] - '0')));
    }

    /// <summary>The table without its first column, or its second where that is v.</summary>
    private static string Without(string text, string column) =>
        string.Concat(
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line =>
                {
                    var fields = line.Split(',').ToList();
                    fields.RemoveAt(text.Split('\n')[0].Split(',').ToList().IndexOf(column));
                    return string.Join(',', fields) + "\n";
                })
        );
}
