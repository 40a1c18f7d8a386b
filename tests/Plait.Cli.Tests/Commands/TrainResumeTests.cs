using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Jobs.Runs;
using Plait.Tabular.Models;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class TrainResumeTests : IDisposable
{
    private readonly Workplace workplace = new();

    [Fact]
    public async Task Interrupted_training_goes_on_with_resume_to_the_same_bits()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(200));
        var job = new TabularJob
        {
            Table = table,
            Targets = [new("price", "regression"), new("sold", "binary")],
            Run = TabularJob.DefaultRun with { Epochs = 5, BatchSize = 32, Encoder = "mlp:dropout=0.2" },
            ModelFolder = workplace.File("broken"),
        };
        using (var store = RunStore.Open(workplace.Store))
        {
            new TableRuns(store, new NoDisplay(), _ => { }).Start(
                job with
                {
                    ModelFolder = workplace.File("unbroken"),
                },
                TestContext.Current.CancellationToken
            );
            using var stop = new CancellationTokenSource();
            var failure = Assert.Throws<CommandFailure>(() =>
                new TableRuns(store, new StoppingDisplay(2, stop), _ => { }).Start(job, stop.Token)
            );
            var run = store.Find(RunStore.Last);
            Assert.Equal((130, RunStatus.Interrupted), (failure.ExitCode, run.Status));
            Assert.Equal($"interrupted; go on with: plait resume {run.Id}", failure.Message);
        }

        var answer = (await workplace.RunAsync("resume", "--store", workplace.Store)).Succeeds();

        Assert.Contains(workplace.File("broken"), answer.Output, StringComparison.Ordinal);
        Assert.Equal(Network("unbroken"), Network("broken"));
        using var after = RunStore.Open(workplace.Store);
        Assert.Equal([RunStatus.Finished, RunStatus.Finished], after.List().Select(run => run.Status));
        var (resumed, whole) = (after.List()[0], after.List()[1]);
        Assert.Equal(after.Measurements(whole.Id), after.Measurements(resumed.Id));
    }

    [Fact]
    public void Checkpoints_that_cannot_be_deleted_do_not_fail_a_finished_run()
    {
        using var store = RunStore.Open(workplace.Store);
        var job = new TabularJob
        {
            Table = workplace.Write("houses.csv", Workplace.Houses(60)),
            Targets = [new("price", "regression")],
            Run = TabularJob.DefaultRun with { Epochs = 2 },
            ModelFolder = workplace.File("model"),
        };
        var replaced = new AfterwardsDisplay(() =>
        {
            var checkpoints = Path.Combine(store.FolderOf(store.Find(RunStore.Last).Id), "checkpoints");
            Directory.Delete(checkpoints, recursive: true);
            File.WriteAllText(checkpoints, "no folder"); // which not even the superuser can delete as one
        });

        var outcome = new TableRuns(store, replaced, _ => { }).Start(job, TestContext.Current.CancellationToken);

        Assert.Equal(RunStatus.Finished, store.Find(outcome.Run).Status);
    }

    [Fact]
    public async Task A_finished_run_is_shown_again_by_resume()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(60));
        var trained = (await workplace.TrainAsync(table, "model", "--ignore", "id", "--json")).Succeeds();

        var resumed = (await workplace.RunAsync("resume", "--json", "--store", workplace.Store)).Succeeds();

        Assert.Equal(trained.Output, resumed.Output);
        Assert.Contains("is finished, so nothing is trained", Assert.Single(resumed.Errors), StringComparison.Ordinal);
    }

    public void Dispose() => workplace.Dispose();

    private byte[] Network(string model) =>
        File.ReadAllBytes(Path.Combine(workplace.File(model), "network.safetensors"));
}
