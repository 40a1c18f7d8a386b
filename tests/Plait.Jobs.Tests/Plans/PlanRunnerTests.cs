using Plait.Benchmarks.Comparison;
using Plait.Jobs.Plans;
using Plait.Jobs.Runs;
using Plait.Training;

namespace Plait.Jobs.Tests.Plans;

[Collection("torch")]
public sealed class PlanRunnerTests : IDisposable
{
    private static readonly ComparisonPlan Plan = new()
    {
        Benchmark = "parkinsons",
        Seeds = [0],
        Recipes = [ComparedRecipe.Of("hps"), ComparedRecipe.Of("hps", aggregator: "pcgrad")],
        Settings = new RunSpecification
        {
            Encoder = "mlp:widths=8",
            Epochs = 3,
            BatchSize = 1024,
        },
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_comparison_that_is_stopped_resumes_to_the_table_of_one_that_is_not()
    {
        using var store = RunStore.Open(folder["runs"]);
        var runner = new PlanRunner(store);
        var whole = await runner.StartAsync(Plan, "whole", cancel: Cancel);
        using var stop = new CancellationTokenSource();

        var stopped = await Assert.ThrowsAsync<PlanInterruptedException>(() =>
            runner.StartAsync(Plan, "stopped", new Heard(value => Stop(value, stop)), stop.Token)
        );

        Assert.Equal(RunStatus.Interrupted, store.Find(stopped.Run).Status);
        Assert.InRange(
            store.Children(stopped.Run).Count(run => run.Status == RunStatus.Finished),
            1,
            Plan.Jobs().Count - 1
        );
        var plan = ComparisonPlan.FromJson(store.Find(stopped.Run).Specification);
        var resumed = await runner.ResumeAsync(stopped.Run, plan, cancel: Cancel);
        Assert.Equal(RunStatus.Finished, store.Find(stopped.Run).Status);
        Assert.Equal(Numbers(whole), Numbers(resumed));
    }

    [Fact]
    public async Task Worker_processes_of_a_program_of_ones_own_come_to_the_same_table()
    {
        using var store = RunStore.Open(folder["runs"]);
        var plan = Plan with { Recipes = [Plan.Recipes[0]], Tasks = ["motor-updrs"] };
        var told = new List<PlanProgress>();

        var here = await new PlanRunner(store).StartAsync(plan, "here", cancel: Cancel);
        var workers = await new PlanRunner(store) { Workers = 2, Program = Program.Worker }.StartAsync(
            plan,
            "workers",
            new Heard(told.Add),
            Cancel
        );

        Assert.Equal(Numbers(here), Numbers(workers));
        Assert.Equal([1, 1], told[^1].Shares);
        Assert.True(told[^1].IsOver);
    }

    [Fact]
    public async Task A_listener_s_fault_is_its_own_and_the_run_goes_on_with_its_own_plan_alone()
    {
        using var store = RunStore.Open(folder["runs"]);
        var runner = new PlanRunner(store);
        var plan = Plan with
        {
            Recipes = [Plan.Recipes[0]],
            Tasks = ["motor-updrs"],
            Settings = Plan.Settings with { Epochs = 1 },
        };

        await Assert.ThrowsAsync<NotSupportedException>(() =>
            runner.StartAsync(
                plan,
                "heard",
                new Heard(value =>
                {
                    if (value.Shares.Contains(1))
                    {
                        throw new NotSupportedException("the listener's own");
                    }
                }),
                Cancel
            )
        );

        var run = store.List().Single(run => run.Parent is null);
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.DoesNotContain(RunStatus.Running, store.Children(run.Id).Select(child => child.Status));
        var other = plan with { Settings = plan.Settings with { Epochs = 2 } };
        var refused = await Assert.ThrowsAsync<RunStoreException>(() =>
            runner.ResumeAsync(run.Id, other, cancel: Cancel)
        );
        Assert.Contains("is of another plan", refused.Message, StringComparison.Ordinal);
        await runner.ResumeAsync(run.Id, plan, cancel: Cancel);
        Assert.Equal(RunStatus.Finished, store.Find(run.Id).Status);
    }

    [Fact]
    public async Task A_plan_that_cannot_be_leaves_no_run()
    {
        using var store = RunStore.Open(folder["runs"]);
        ComparisonPlan[] plans =
        [
            Plan with
            {
                Seeds = [],
            },
            Plan with
            {
                Seeds = [0, 0],
            },
            Plan with
            {
                Recipes = [Plan.Recipes[0], Plan.Recipes[1] with { Name = "hps" }],
            },
            Plan with
            {
                Recipes = [Plan.Recipes[0] with { Name = "single-task" }],
            },
            Plan with
            {
                Recipes = [Plan.Recipes[0] with { Name = "" }],
            },
        ];

        foreach (var plan in plans)
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
                new PlanRunner(store).StartAsync(plan, "impossible", cancel: Cancel)
            );
            Assert.Contains(" each once", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(store.List());
    }

    [Fact]
    public async Task Trainings_that_fail_cost_their_rows_alone()
    {
        using var store = RunStore.Open(folder["runs"]);
        var plan = Plan with
        {
            Recipes = [Plan.Recipes[0], ComparedRecipe.Of("hps", regularizers: ["soft-sharing:strength=1e38"])],
            Settings = Plan.Settings with { Epochs = 1 },
        };

        var outcome = await new PlanRunner(store).StartAsync(plan, "compare", cancel: Cancel);

        Assert.StartsWith("1 of 4 trainings failed (hps + soft-sharing strength=1e38)", outcome.Failure);
        Assert.Equal(
            [false, false, true],
            ComparisonTable.FromJson(outcome.Result).Rows.Select(row => row.Failure is not null)
        );
        Assert.Equal(RunStatus.Failed, store.Find(outcome.Run).Status);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Stops in the middle of the second training.</summary>
    private static void Stop(PlanProgress value, CancellationTokenSource stop)
    {
        if (value.Shares[1] > 0.3)
        {
            stop.Cancel();
        }
    }

    /// <summary>The table without how long it took.</summary>
    private static string Numbers(PlanOutcome outcome)
    {
        var table = ComparisonTable.FromJson(outcome.Result);
        return (table with { Rows = [.. table.Rows.Select(row => row with { Seconds = 0 })] }).ToJson();
    }

    private sealed class Heard(Action<PlanProgress> hear) : IProgress<PlanProgress>
    {
        public void Report(PlanProgress value) => hear(value);
    }
}
