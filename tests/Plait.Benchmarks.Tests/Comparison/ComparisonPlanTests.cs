using Plait.Benchmarks.Comparison;
using Plait.Jobs;
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
        Assert.Throws<ArgumentException>(() => plan.Table([Result(jobs[0], 1)]));
    }

    [Fact]
    public void Recipes_that_start_from_trained_networks_find_their_rows_and_wait_where_one_before_them_failed()
    {
        var started = ComparedRecipe.Of("cross-stitch:start=single-task");
        var plan = Plan(Hps, started, ComparedRecipe.Of("mmoe")) with { Seeds = [0, 1] };
        var jobs = plan.Jobs();
        double Of(PlannedJob job) => job.Name.Length + (10 * job.Job.Run.Seed);

        var whole = plan.Table([.. jobs.Select(job => Result(job, Of(job)))]);
        var fresh = jobs.TakeWhile(job => job.Name != started.Name).ToArray();
        var broken = plan.Table(
            [.. fresh.Select(job => job.Name == "mmoe" ? null : Result(job, Of(job)))],
            [.. fresh.Select(job => job.Name == "mmoe" ? "it burst." : null)]
        );

        Assert.Equal(jobs.Count - 2, fresh.Length);
        Assert.All(whole.Rows, row => Assert.Equal(row.Recipe.Length + 5, row.Metrics["motor-updrs"].Mean));
        Assert.Equal(["single-task", "hps", started.Name, "mmoe"], broken.Rows.Select(row => row.Recipe));
        Assert.Equal([true, true, false, false], broken.Rows.Select(row => row.Failure is null));
        Assert.StartsWith("It was not trained", broken.Rows[2].Failure, StringComparison.Ordinal);
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
