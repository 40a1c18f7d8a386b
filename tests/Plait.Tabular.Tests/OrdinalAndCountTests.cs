using Plait.Networks;
using Plait.Tabular.Models;
using Plait.Tabular.Predictions;
using Plait.Tabular.Tests.Models;
using Plait.Tasks;

namespace Plait.Tabular.Tests;

/// <summary>Targets of levels and of counts, from texts to predictions.</summary>
[Collection("torch")]
public sealed class OrdinalAndCountTests : IDisposable
{
    private const string Table = """
        x,stars,size,visits
        1,10,S,0
        2,2,M,3
        3,1,L,1
        4,2,M,2
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Levels_stand_in_the_order_of_their_numbers_or_in_the_one_that_is_given()
    {
        var schema = Tables.Infer(Table, "stars:ordinal", "size:ordinal=S<M<L<XL", "visits:count");

        Assert.Equal(["ordinal", "ordinal", "count"], schema.Targets.Select(target => target.Kind));
        Assert.Equal(["1", "2", "10"], schema.Targets[0].Classes);
        Assert.Equal(["S", "M", "L", "XL"], schema.Targets[1].Classes);
        Assert.Empty(schema.Targets[2].Classes);
    }

    /// <summary>As pandas writes a column of whole numbers with gaps.</summary>
    [Theory]
    [InlineData("stars:ordinal")]
    [InlineData("stars:ordinal=1<2<3")]
    public void A_level_that_is_a_number_is_known_however_it_is_written(string target)
    {
        var schema = Tables.Infer("x,stars\n1,3.0\n2,1\n3,3\n4,2.00\n5,1.0\n6,2\n", target);
        using var reader = new StringReader("x,stars\n1,1.0\n2,2e0\n3,3\n");

        Assert.Equal(["1", "2", "3"], schema.Targets[0].Classes);
        Assert.Equal([0, 1, 2], TabularData.Read(reader, schema).TargetCodes(0).ToArray());
    }

    [Theory]
    [InlineData("size:ordinal=S")]
    [InlineData("size:ordinal=1<1.0")]
    [InlineData("visits:count=0<1")]
    public void An_order_that_is_none_is_a_wrong_request(string target) =>
        Assert.True(Tables.Fails(() => Tables.Infer(Table, target)).IsRequest);

    [Theory]
    [InlineData(
        "size:ordinal",
        2,
        "'S' is not a number, so the order of the levels is not known",
        "size:ordinal=S<M<L"
    )]
    [InlineData("size:ordinal=S<M", 4, "'L' is no level of the order 'S<M'", "add it there")]
    [InlineData("size:ordinal=S", null, "does not name two or more different levels")]
    [InlineData("size:classification=S<M<L", null, "takes no order of levels", "size:ordinal=S<M<L")]
    [InlineData("size:count", 2, "'S' is not a number, which a count target needs")]
    public void What_is_no_level_or_count_is_refused_with_the_remedy(
        string target,
        int? line,
        params string[] expected
    ) => Tables.Says(Tables.Fails(() => Tables.Infer(Table, target)), line, "size", expected);

    [Theory]
    [InlineData("-1", 3)]
    [InlineData("2.5", 3)]
    public void A_number_that_is_no_count_is_refused_by_its_line(string number, int line)
    {
        var error = Tables.Fails(() => Tables.Infer($"x,visits\n1,0\n2,{number}\n3,1\n", "visits:count"));

        Tables.Says(error, line, "visits", $"{number} is no count", "visits:regression");
    }

    [Theory]
    [InlineData("size:ordinal=S<M<L", "size", "ordinal", "S<M<L")]
    [InlineData("a:b:ordinal= low < high ", "a:b", "ordinal", "low < high")]
    [InlineData("size:ordinal=1:1<1:2", "size", "ordinal", "1:1<1:2")]
    [InlineData("visits:COUNT", "visits", "count", null)]
    public void Kind_and_order_are_read_and_written(string text, string column, string kind, string? order)
    {
        var read = TargetSpecification.Parse(text);

        Assert.Equal((column, kind, order), (read.Column, read.Kind, read.Order));
        Assert.Equal(read, TargetSpecification.Parse(read.ToString()));
    }

    [Fact]
    public void Predictions_are_levels_by_name_and_mean_counts()
    {
        var fitted = Tables.Fit(Table, [0, 1, 2, 3], "size:ordinal=S<M<L", "visits:count").Preprocessing;
        var text = new StringWriter();
        using var scope = torch.NewDisposeScope();
        using var writer = new PredictionWriter(text, fitted, null, classProbabilities: true);
        var outputs = new TaskOutputs(fitted.CreateTasks().All) { [0] = torch.zeros(1, 2), [1] = torch.zeros(1, 1) };

        writer.Write(outputs);
        writer.Complete();

        // P(y > S) = 0.5 is not above a half, so the median is S; visits are as many as in the training rows.
        Assert.Equal(
            """
            size,size_probability_S,size_probability_M,size_probability_L,visits
            S,0.5,0.25,0.25,1.5

            """,
            text.ToString()
        );
    }

    [Fact]
    public void A_count_that_is_none_is_refused_however_large_it_is() =>
        Assert.Contains("more than a count can be", AnswerKinds.Of("count").FaultOf(1e17), StringComparison.Ordinal);

    [Fact]
    public void A_fresh_network_starts_at_the_mean_of_the_counts_of_the_training_rows()
    {
        using var scope = torch.NewDisposeScope();
        var lines = Enumerable.Range(0, 40).Select(i => $"{i % 7},{1_000_000 + (i * 1000)}");
        var table = $"x,visits\n{string.Join('\n', lines)}\n";

        var target = Tables
            .Fit(table, [.. Enumerable.Range(0, 20).Select(row => (long)row)], "visits:count")
            .Preprocessing.Targets.Single();

        var answer = AnswerKinds.Of("count").Create(new FittedTarget("visits", [], target.Mean));
        Assert.Equal(1_009_500, answer.Decide(torch.zeros(1)).item<float>(), 1f);
    }

    [Fact]
    public void A_model_of_both_is_trained_saved_loaded_and_taught_from()
    {
        var random = new Random(2);
        var rows = Enumerable
            .Range(0, 400)
            .Select(_ => (A: (random.NextDouble() * 4) - 2, B: (random.NextDouble() * 4) - 2))
            .Select(at =>
                FormattableString.Invariant(
                    $"{at.A:0.000},{at.B:0.000},{1 + Math.Clamp((int)Math.Floor(at.A + at.B + 2.5), 0, 4)},{Math.Round(Math.Exp(1 + (0.7 * at.A)))}"
                )
            );
        var table = folder.Write("stars.csv", "a,b,stars,visits\n" + string.Join('\n', rows) + "\n");
        var job = ThreeTargets.Job(table) with { Targets = Tables.Targets("stars:ordinal", "visits:count") };
        job = job with { Run = job.Run with { Epochs = 25, Weighting = "uncertainty" } };
        using var model = ThreeTargets.Train(job);
        model.Save(folder.File("model"));
        using var loaded = TabularModel.Load(folder.File("model"));

        var report = ThreeTargets.Evaluate(loaded, table);

        Assert.Equal(["mae", "accuracy", "quadratic kappa", "log-loss"], report.Targets[0].Metrics.Keys);
        Assert.Equal(["poisson deviance", "mae", "rmse"], report.Targets[1].Metrics.Keys);
        Assert.True(
            report.Targets[0].Metrics["quadratic kappa"] > 0.8,
            $"{report.Targets[0].Metrics["quadratic kappa"]}"
        );
        Assert.True(
            report.Targets[1].Metrics["poisson deviance"] < 0.5,
            $"{report.Targets[1].Metrics["poisson deviance"]}"
        );
        var rowsToAsk = File.ReadAllText(table);
        Assert.Equal(ThreeTargets.Outputs(model, rowsToAsk), ThreeTargets.Outputs(loaded, rowsToAsk));

        using var student = ThreeTargets.Train(
            job with
            {
                Run = job.Run with { Epochs = 1, Teachers = [folder.File("model")], Auxiliaries = ["soft-targets"] },
            }
        );
        Assert.Equal(2, student.Tasks.Count);
    }
}
