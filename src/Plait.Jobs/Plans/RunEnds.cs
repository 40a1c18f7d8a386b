using Plait.Jobs.Runs;

namespace Plait.Jobs.Plans;

/// <summary>What is said and put away when a run ends, none of which may hide how it ended.</summary>
public static class RunEnds
{
    /// <summary>Says in the store how a run ended; a store that cannot be told is passed over for the failure that led here.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The run.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="failure">Why it failed; null where it did not.</param>
    public static void Mark(this RunStore store, string id, RunStatus status, Exception? failure = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            store.Update(id, status, error: failure is null ? null : FailureMessage.Of(failure));
        }
        catch (RunStoreException)
        {
            // A run that says running, and whose process is gone, reads as interrupted.
        }
    }

    /// <summary>Deletes the checkpoints that finished runs still have, because their process was killed before it came to that.</summary>
    /// <param name="store">The store.</param>
    /// <param name="warn">Takes what could not be deleted.</param>
    public static void ClearFinished(this RunStore store, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(store);
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
    /// <param name="checkpoints">Their folder.</param>
    /// <param name="warn">Takes why they could not be deleted.</param>
    public static void Delete(string checkpoints, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
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
            warn($"The run is finished, and its checkpoints could not be deleted: {FailureMessage.Of(failure)}");
        }
    }
}
