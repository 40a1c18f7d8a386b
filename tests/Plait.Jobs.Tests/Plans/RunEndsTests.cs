using Plait.Jobs.Plans;
using Plait.Jobs.Runs;

namespace Plait.Jobs.Tests.Plans;

public sealed class RunEndsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_a_kill_left_of_finished_runs_is_cleared_away_and_nothing_else()
    {
        using var store = RunStore.Open(folder["runs"]);
        var comparison = store.Create(RunKind.Comparison, "all", "houses", "{}");
        var finished = store.Create(RunKind.Training, "sum", "houses", "{}", comparison.Id);
        var failed = store.Create(RunKind.Training, "mgda", "houses", "{}", comparison.Id);
        string[] kept = [.. new[] { finished, failed }.Select(run => JobRunner.CheckpointsIn(store.FolderOf(run.Id)))];
        foreach (var checkpoints in kept)
        {
            Directory.CreateDirectory(checkpoints);
            File.WriteAllText(Path.Combine(checkpoints, "checkpoint.safetensors"), "");
        }

        store.Finish(finished.Id, "{}", seconds: 1, parameters: 1);
        store.Update(failed.Id, RunStatus.Failed, error: "no loss");

        store.ClearFinished(Assert.Fail);

        Assert.Equal([false, true], kept.Select(Directory.Exists));
    }
}
