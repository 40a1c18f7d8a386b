using CsCheck;
using Plait.Benchmarks.Comparison;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Benchmarks.Tests.Comparison;

public sealed class ComparisonBuilderTests
{
    private static readonly TaskSet Tasks = new(LearningTask.Binary("toxic"), LearningTask.Regression("price"));
    private static readonly ComparedRecipe Baseline = new("single", "single-task", "equal", "sum");
    private static readonly ComparedRecipe Shared = new("shared", "hps", "equal", "pcgrad");

    [Fact]
    public void Recipe_that_equals_the_baseline_has_a_delta_of_zero() =>
        Gen.Select(Gen.Double[0.1, 1], Gen.Double[0.1, 10], Gen.Double[0.1, 10])
            .Array[1, 5]
            .Sample(seeds =>
            {
                var builder = new ComparisonBuilder("made up", Tasks, Baseline.Name);
                for (var seed = 0; seed < seeds.Length; seed++)
                {
                    var (auc, mse, mae) = seeds[seed];
                    builder.Add(Shared, Result(seed, auc, mse, mae));
                    builder.Add(Baseline, Result(seed, auc, mse, mae));
                }

                Assert.All(builder.Build().Rows, row => Assert.Equal(default, row.DeltaM));
            });

    [Fact]
    public void Delta_is_the_mean_over_tasks_of_the_signed_mean_over_metrics_seed_by_seed()
    {
        var builder = new ComparisonBuilder("made up", Tasks, Baseline.Name);
        builder.Add(Baseline, Result(1, auc: 0.5, mse: 2, mae: 1));
        builder.Add(Baseline, Result(2, auc: 0.8, mse: 4, mae: 2));
        builder.Add(Shared, Result(1, auc: 0.6, mse: 1, mae: 1)); // (20 + (50 + 0) / 2) / 2 = 22.5
        builder.Add(Shared, Result(2, auc: 0.6, mse: 4, mae: 3)); // (-25 + (0 - 50) / 2) / 2 = -25

        var row = builder.Build().Rows[1];

        var expected = SeedStatistics.Interval(22.5, -25);
        Assert.Equal(expected.Mean, row.DeltaM.Mean, 1e-9);
        Assert.Equal(expected.Low, row.DeltaM.Low, 1e-9);
        Assert.Equal(expected.High, row.DeltaM.High, 1e-9);
        Assert.Equal(new MetricSummary(2.5, SeedStatistics.Summary(1, 4).Std), row.Metrics["price"]);
        Assert.Equal(SeedStatistics.Interval(0.8, 2.3), builder.MeanMetric(Shared.Name));
    }

    [Fact]
    public void Baseline_comes_first_and_the_others_as_they_came()
    {
        var builder = new ComparisonBuilder("made up", Tasks, Baseline.Name);
        builder.Add(Shared with { Name = "z" }, Result(1));
        builder.Add(Shared with { Name = "a" }, Result(1));
        builder.Add(Baseline, Result(1));

        Assert.Equal(["single", "z", "a"], builder.Build().Rows.Select(row => row.Recipe));
    }

    [Fact]
    public void Metric_that_is_not_defined_is_left_out()
    {
        var builder = new ComparisonBuilder("made up", Tasks, Baseline.Name);
        builder.Add(Baseline, Result(1, auc: double.NaN, mse: 2, mae: 1));
        builder.Add(Shared, Result(1, auc: 0.7, mse: 1, mae: 1));

        var table = builder.Build();

        Assert.Equal(25, table.Rows[1].DeltaM.Mean, 1e-9);
        Assert.True(double.IsNaN(table.Rows[0].Metrics["toxic"].Mean));
    }

    [Fact]
    public void Recipe_that_diverged_where_the_baseline_did_not_is_not_spared()
    {
        var builder = new ComparisonBuilder("made up", Tasks, Baseline.Name);
        builder.Add(Baseline, Result(1));
        builder.Add(Baseline, Result(2));
        builder.Add(Shared, Result(1, auc: 0.9));
        builder.Add(Shared, Result(2, auc: double.NaN));

        var row = builder.Build().Rows[1];

        Assert.True(double.IsNaN(row.DeltaM.Mean));
        Assert.True(double.IsNaN(row.Metrics["toxic"].Mean));
        Assert.Equal(1, row.Metrics["price"].Mean);
    }

    [Fact]
    public void Training_that_failed_costs_its_recipe_that_seed_and_no_other_recipe_anything()
    {
        var builder = new ComparisonBuilder("made up", Tasks, Baseline.Name);
        builder.Add(Baseline, Result(1));
        builder.Add(Baseline, Result(2));
        builder.Add(Shared, Result(1, auc: 0.9));
        builder.Add(Shared, Result(2, auc: 0.8));
        var alone = builder.Build();

        builder.AddFailure(Shared with { Name = "half" }, 1, "it burst.");
        builder.Add(Shared with { Name = "half" }, Result(2, auc: 0.8));
        builder.AddFailure(Shared with { Name = "none" }, 1, "it burst.");
        builder.AddFailure(Shared with { Name = "none" }, 2, "it burst again.");
        var table = ComparisonTable.FromJson(builder.Build().ToJson());

        Assert.Equal([1L, 2L], table.Seeds);
        Assert.Equal([null, null, "seed 1: it burst.", "it burst."], table.Rows.Select(row => row.Failure));
        Assert.Equal(alone.Rows[1].DeltaM, table.Rows[1].DeltaM);
        Assert.Equal(SeedStatistics.Summary(0.8), table.Rows[2].Metrics["toxic"]);
        Assert.True(double.IsNaN(table.Rows[3].DeltaM.Mean));
        Assert.True(double.IsNaN(table.Rows[3].MeanRank));
        Assert.All(table.Rows.Take(3), row => Assert.InRange(row.MeanRank, 1, 3));
    }

    [Fact]
    public void Baseline_that_failed_with_a_seed_takes_nothing_but_the_comparison_with_it()
    {
        var builder = new ComparisonBuilder("made up", Tasks, Baseline.Name);
        builder.AddFailure(Baseline, 1, "it burst.");
        builder.Add(Baseline, Result(2));
        builder.Add(Shared, Result(1, auc: 0.9));
        builder.Add(Shared, Result(2, auc: 0.8));

        var row = builder.Build().Rows[1];

        Assert.Equal(SeedStatistics.Summary(0.9, 0.8), row.Metrics["toxic"]);
        Assert.Equal(row.DeltaM.Low, row.DeltaM.High);
        Assert.True(double.IsFinite(row.DeltaM.Mean));
    }

    [Fact]
    public void Missing_or_doubled_results_are_named()
    {
        var builder = new ComparisonBuilder("made up", Tasks, Baseline.Name);
        Assert.Contains(
            "no result of the baseline 'single'",
            Assert.Throws<InvalidOperationException>(builder.Build).Message,
            StringComparison.Ordinal
        );
        builder.Add(Baseline, Result(1));
        Assert.Contains(
            "seed 1 already",
            Assert.Throws<ArgumentException>(() => builder.Add(Baseline, Result(1))).Message,
            StringComparison.Ordinal
        );
        var other = new SeedResult(
            2,
            new TaskMetrics(
                new TaskSet(LearningTask.Binary("x")),
                [
                    [0.5],
                ]
            ),
            100,
            1.5
        );
        Assert.Contains(
            "'single', seed 2: metrics of x; the comparison is of toxic, price",
            Assert.Throws<ArgumentException>(() => builder.Add(Baseline, other)).Message,
            StringComparison.Ordinal
        );
        builder.Add(Shared, Result(9));
        Assert.Contains(
            "'shared' has a result of seed 9",
            Assert.Throws<InvalidOperationException>(builder.Build).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Json_has_exactly_the_documented_shape()
    {
        var toxic = new TaskSet(LearningTask.Binary("Toxic <A>"));
        var builder = new ComparisonBuilder("made up", toxic, Baseline.Name);
        builder.Add(Baseline, Auc(7, double.NaN));
        builder.Add(Shared, Auc(7, 0.5));

        Assert.Equal(
            """{"benchmark":"made up","seeds":[7],"tasks":[{"name":"Toxic \u003CA\u003E","metric":"auc","higherIsBetter":true}],"rows":["""
                + """{"recipe":"single","network":"single-task","weighting":"equal","aggregator":"sum","deltaM":{"mean":0,"low":0,"high":0},"metrics":{"Toxic \u003CA\u003E":{"mean":null,"std":null}},"parameters":100,"seconds":1.5,"schedule":"joint","regularizers":[],"auxiliaries":[],"deltaMOfPrimaryMetrics":{"mean":0,"low":0,"high":0},"deltaMOverMetrics":{"mean":0,"low":0,"high":0},"meanRank":2,"skippedSteps":0,"failure":null},"""
                + """{"recipe":"shared","network":"hps","weighting":"equal","aggregator":"pcgrad","deltaM":{"mean":null,"low":null,"high":null},"metrics":{"Toxic \u003CA\u003E":{"mean":0.5,"std":0}},"parameters":100,"seconds":1.5,"schedule":"joint","regularizers":[],"auxiliaries":[],"deltaMOfPrimaryMetrics":{"mean":null,"low":null,"high":null},"deltaMOverMetrics":{"mean":null,"low":null,"high":null},"meanRank":1,"skippedSteps":0,"failure":null}]}""",
            builder.Build().ToJson()
        );

        SeedResult Auc(long seed, double auc) =>
            new(
                seed,
                new TaskMetrics(
                    toxic,
                    [
                        [auc],
                    ]
                ),
                100,
                1.5
            );
    }

    [Fact]
    public void Json_reads_back()
    {
        var builder = new ComparisonBuilder("made up", Tasks, Baseline.Name);
        builder.Add(Baseline, Result(1, auc: double.NaN));
        builder.Add(Shared, Result(1));
        var json = builder.Build().ToJson(indented: true);

        Assert.Equal(json, ComparisonTable.FromJson(json).ToJson(indented: true));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"benchmark\": 3}")]
    [InlineData("{\"benchmark\"")]
    public void Json_of_something_else_is_one_clear_line(string json)
    {
        var error = Assert.Throws<FormatException>(() => ComparisonTable.FromJson(json));

        Assert.StartsWith("This JSON is", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static SeedResult Result(long seed, double auc = 0.7, double mse = 1, double mae = 1) =>
        new(
            seed,
            new TaskMetrics(
                Tasks,
                [
                    [auc],
                    [mse, mae],
                ]
            ),
            100,
            1.5
        );
}
