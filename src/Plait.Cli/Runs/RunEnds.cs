using Plait.Benchmarks.Jobs;
using Plait.Reporting.Runs;

namespace Plait.Cli.Runs;

/// <summary>What is said and put away when a run ends, none of which may hide how it ended.</summary>
internal static class RunEnds
{
    /// <summary>Says in the store how a run ended; a store that cannot be told is passed over for the failure that led here.</summary>
    public static void Mark(this RunStore store, string id, RunStatus status, Exception? failure = null)
    {
        try
        {
            store.Update(id, status, error: failure is null ? null : CommandFailure.MessageOf(failure));
        }
        catch (RunStoreException)
        {
            // A run that says running, and whose process is gone, reads as interrupted.
        }
    }

    /// <summary>Deletes the checkpoints that finished runs still have, because their process was killed before it came to that.</summary>
    public static void ClearFinished(this RunStore store, Action<string> warn)
    {
        var finished = store.List(new RunFilter { Status = RunStatus.Finished, IncludeChildren = true });
        foreach (var checkpoints in finished.Select(run => JobRunner.CheckpointsIn(store.PathOf(run.Id))))
        {
            if (Directory.Exists(checkpoints))
            {
                Delete(checkpoints, warn);
            }
        }
    }

    /// <summary>Deletes the checkpoints of a finished run; what cannot be deleted is told of and left.</summary>
    public static void Delete(string checkpoints, Action<string> warn)
    {
        try
        {
            Directory.Delete(checkpoints, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // There were none, or somebody has deleted them.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            warn($"The run is finished, and its checkpoints could not be deleted: {CommandFailure.MessageOf(failure)}");
        }
    }
}
