using Plait.Benchmarks.Comparison;
using Plait.Benchmarks.Jobs;
using Plait.Training;

namespace Plait.Benchmarks.Tests.Comparison;

/// <summary>A plan's trainings find their rows, whatever was asked for, and whatever became of them.</summary>
public sealed class ComparisonPlanTests
{
    private static readonly ComparedRecipe Hps = ComparedRecipe.Of("hps");

    [Fact]
    public void Recipes_are_told_apart_and_the_baseline_and_what_comes_twice_left_out()
    {
        ComparedRecipe[] recipes =
        [
            Hps,
            ComparedRecipe.Of("single-task"),
            Hps,
            ComparedRecipe.Of("hps", weighting: "adaptive"),
            ComparedRecipe.Of("hps", schedule: "adaptive"),
            ComparedRecipe.Of("single-task", "dwa"),
        ];

        var kept = ComparedRecipe.Distinguish(recipes);

        Assert.Equal([true, false, false, true, true, true], kept.Select(recipe => recipe is not null));
        Assert.Equal(["hps", "single-task + dwa"], new[] { kept[0]!.Name, kept[5]!.Name });
        Assert.Contains("weighting adaptive", kept[3]!.Name, StringComparison.Ordinal);
        Assert.Contains("schedule adaptive", kept[4]!.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_was_kept_with_the_baseline_among_its_recipes_comes_to_a_table()
    {
        var plan = Plan(Hps, ComparedRecipe.Of("single-task"), Hps);

        var table = plan.Table([.. plan.Jobs().Select(job => Result(job, 1))]);

        Assert.Equal(["single-task", "hps"], table.Rows.Select(row => row.Recipe));
    }

    [Fact]
    public void A_training_that_failed_has_a_row_that_says_so()
    {
        var plan = Plan(Hps, ComparedRecipe.Of("mmoe"));
        var jobs = plan.Jobs();

        var table = plan.Table(
            [.. jobs.Select(job => job.Name == "mmoe" ? null : Result(job, 1))],
            [.. jobs.Select(job => job.Name == "mmoe" ? "it burst." : null)]
        );

        Assert.Equal([null, null, "it burst."], table.Rows.Select(row => row.Failure));
        Assert.Equal(["single-task", "hps", "mmoe"], table.Rows.Select(row => row.Recipe));
        Assert.Throws<ArgumentException>(() => plan.Table([null]));
    }

    [Fact]
    public void A_task_whose_own_network_failed_is_named_in_the_baselines_row()
    {
        var plan = Plan(Hps);
        var jobs = plan.Jobs();
        var failed = jobs.Single(job => job.Job.Tasks is ["total-updrs"]);

        var table = plan.Table(
            [.. jobs.Select(job => ReferenceEquals(job, failed) ? null : Result(job, 1))],
            [.. jobs.Select(job => ReferenceEquals(job, failed) ? "it burst." : null)]
        );

        Assert.Equal("total-updrs: it burst.", table.Rows[0].Failure);
        Assert.Null(table.Rows[1].Failure);
        Assert.Equal(1, table.Rows[1].Metrics["motor-updrs"].Mean);
        Assert.True(double.IsNaN(table.Rows[1].DeltaM.Mean));
    }

    private static ComparisonPlan Plan(params ComparedRecipe[] recipes) =>
        new()
        {
            Benchmark = "parkinsons",
            Seeds = [0],
            Recipes = recipes,
            Settings = new RunSpecification(),
        };

    private static JobResult Result(PlannedJob job, double mse) =>
        new(
            (job.Job.Tasks ?? ["motor-updrs", "total-updrs"]).ToDictionary(
                task => task,
                _ => (IReadOnlyDictionary<string, double?>)new Dictionary<string, double?> { ["mse"] = mse }
            ),
            100,
            1,
            0,
            1,
            0
        );
}
