using Plait.Tasks;

namespace Plait.Data;

/// <summary>Gives the mini-batches of a data set. A batch is a pure function of its place, so a run can resume anywhere.</summary>
/// <remarks>
/// Each task has an endless stream of batches, epoch after epoch; a place in it is a number from 0. Where the tasks share one
/// input, they share one stream, and all places of a request are the same. Nothing is remembered between calls but caches.
/// </remarks>
public abstract class BatchSource : IDisposable
{
    /// <summary>The tasks whose targets the data holds.</summary>
    public abstract TaskSet Tasks { get; }

    /// <summary>Whether all tasks look at the same rows.</summary>
    public abstract bool SharesInput { get; }

    /// <summary>Rows of the task at this place of the set.</summary>
    public abstract long RowsOf(int task);

    /// <summary>Batches in one pass over the rows of the task at this place of the set.</summary>
    public abstract int BatchesOf(int task);

    /// <summary>How much data there is of each task.</summary>
    public DataSizes Sizes =>
        new(
            Tasks,
            [.. Enumerable.Range(0, Tasks.Count).Select(RowsOf)],
            [.. Enumerable.Range(0, Tasks.Count).Select(BatchesOf)]
        );

    /// <summary>Reads one batch.</summary>
    /// <param name="tasks">The tasks that it is for.</param>
    /// <param name="places">For each task of the set (chosen or not), which batch of its stream; 0 or more.</param>
    /// <returns>A new batch, the caller's to dispose.</returns>
    public abstract MultiTaskBatch Read(TaskSelection tasks, ReadOnlySpan<long> places);

    /// <summary>Releases the data.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the data.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected virtual void Dispose(bool disposing) { }
}
