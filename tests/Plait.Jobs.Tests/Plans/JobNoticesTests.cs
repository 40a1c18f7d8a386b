using Plait.Benchmarks.Comparison;
using Plait.Jobs.Plans;

namespace Plait.Jobs.Tests.Plans;

[Collection("torch")]
public sealed class JobNoticesTests
{
    private static readonly ComparisonPlan Plan = new()
    {
        Benchmark = "parkinsons",
        Seeds = [0],
        Recipes = [ComparedRecipe.Of("hps", "uncertainty")],
        Settings = new(),
    };

    private readonly List<string> told = [];
    private readonly JobNotices notices = new();

    [Fact]
    public void Training_that_skipped_steps_is_told_of_once_with_the_first_reason()
    {
        var job = Plan.Jobs()[0];
        notices.Hear(job, "Step 3 was skipped: the loss of 'motor-updrs' is not finite.");
        notices.Hear(job, null);
        notices.Hear(job, "Step 9 was skipped: the loss of 'total-updrs' is not finite.");

        notices.Tell([(job, Result(skipped: 2)), (Plan.Jobs()[1], Result(skipped: 0))], told.Add);

        Assert.Equal(
            "hps + uncertainty, seed 0: 2 steps were skipped, because a loss, a weight or a gradient was not finite; the first: "
                + "Step 3 was skipped: the loss of 'motor-updrs' is not finite.",
            Assert.Single(told)
        );
    }

    [Fact]
    public void Other_notices_are_told_as_they_are_and_those_of_a_failed_training_too()
    {
        var jobs = Plan.Jobs();
        notices.Hear(jobs[0], "The checkpoint is damaged.");
        notices.Hear(jobs[1], "Step 0 was skipped.");

        notices.Tell([(jobs[0], Result(skipped: 0)), (jobs[1], null)], told.Add);

        Assert.Equal(
            [
                "hps + uncertainty, seed 0: The checkpoint is damaged.",
                "single-task (motor-updrs), seed 0: Step 0 was skipped.",
            ],
            told
        );
    }

    [Fact]
    public void Training_that_learned_nothing_of_a_task_is_told_of()
    {
        var lost = Result(skipped: 0) with
        {
            Losses = new Dictionary<string, double> { ["motor-updrs"] = double.NaN, ["total-updrs"] = 1 },
        };

        notices.Tell([(Plan.Jobs()[0], lost)], told.Add);

        Assert.Contains("nothing was learned of motor-updrs, ", Assert.Single(told), StringComparison.Ordinal);
    }

    private static JobResult Result(int skipped, params string[] tasks)
    {
        string[] names = tasks.Length == 0 ? ["motor-updrs", "total-updrs"] : tasks;
        IReadOnlyDictionary<string, double?> metrics = new Dictionary<string, double?>
        {
            ["mse"] = 1,
            ["mae"] = 1,
            ["rmse"] = 1,
            ["r2"] = 0.5,
        };
        return new JobResult(names.ToDictionary(name => name, _ => metrics), 10, 1, 0, 1, skipped);
    }
}
