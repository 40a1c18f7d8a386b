using Plait.Tasks;

namespace Plait.Data;

/// <summary>Gives the mini-batches of a data set. A batch is a pure function of its place, so a run can resume anywhere.</summary>
/// <remarks>
/// Each task has an endless stream of batches, epoch after epoch; a place in it is a number from 0. Tasks that look at the same rows
/// share one stream, and are at the same place of it in every request. Nothing is remembered between calls but caches.
/// </remarks>
public abstract class MultiTaskDataLoader : IDisposable
{
    /// <summary>The tasks whose targets the data holds.</summary>
    public TaskSet Tasks => Streams.Tasks;

    /// <summary>Which tasks look at the same rows.</summary>
    public abstract RowStreams Streams { get; }

    /// <summary>What one row is that the task at this place of the set looks at; null where the source does not tell.</summary>
    public virtual InputSpec? InputSpecOf(int task) => null;

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

    /// <summary>Makes a batch: the rows of each stream once, and the targets of each task.</summary>
    /// <param name="tasks">The tasks that it is for.</param>
    /// <param name="inputOf">The rows of a stream, by the first of its tasks that the batch is for; called before its tasks' targets are.</param>
    /// <param name="targetOf">The targets of a task.</param>
    /// <exception cref="ArgumentException">The targets of a task are not as many as the rows that it looks at.</exception>
    protected MultiTaskBatch Gather(TaskSelection tasks, Func<int, BatchInput> inputOf, Func<int, TaskTarget> targetOf)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(inputOf);
        ArgumentNullException.ThrowIfNull(targetOf);
        var ofStream = new BatchInput?[Streams.Count];
        var inputs = new BatchInput[tasks.Count];
        var targets = new TaskTarget[tasks.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            var task = tasks.Indices[i];
            inputs[i] = ofStream[Streams.Of(task)] ??= inputOf(task);
            targets[i] = targetOf(task);
        }

        return MultiTaskBatch.PerTask(tasks, inputs, targets);
    }

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
