using Plait.Tasks;

namespace Plait.Data;

/// <summary>Reads the next batch in the background while the caller works on this one; the batches are the same.</summary>
/// <remarks>
/// After each request it foresees the same tasks one place on. A request that comes out otherwise is read directly. The inner
/// source is never called by two threads at once. One caller at a time.
/// </remarks>
public sealed class Prefetching : MultiTaskDataLoader
{
    private readonly MultiTaskDataLoader source;
    private readonly Device? device;
    private Foreseen? foreseen;

    /// <summary>Decorates a source.</summary>
    /// <param name="source">Gives the batches; disposed with this one.</param>
    /// <param name="device">Where batches are moved to, in the background too; null leaves them where they are.</param>
    public Prefetching(MultiTaskDataLoader source, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        this.source = source;
        this.device = device;
    }

    /// <inheritdoc/>
    public override RowStreams Streams => source.Streams;

    /// <inheritdoc/>
    public override InputSpec? InputSpecOf(int task) => source.InputSpecOf(task);

    /// <inheritdoc/>
    public override long RowsOf(int task) => source.RowsOf(task);

    /// <inheritdoc/>
    public override int BatchesOf(int task) => source.BatchesOf(task);

    /// <inheritdoc/>
    /// <remarks>An error of the background read comes out here, when its batch is asked for.</remarks>
    public override MultiTaskBatch Read(TaskSelection tasks, ReadOnlySpan<long> places)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var ready = foreseen;
        foreseen = null;
        MultiTaskBatch batch;
        if (ready is not null && ready.Meets(tasks, places))
        {
            batch = ready.Batch.GetAwaiter().GetResult();
        }
        else
        {
            ready?.Abandon();
            batch = Fetch(tasks, places);
        }

        foreseen = Foresee(tasks, places);
        return batch;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreseen?.Abandon();
        foreseen = null;
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private Foreseen Foresee(TaskSelection tasks, ReadOnlySpan<long> places)
    {
        var next = places.ToArray();
        foreach (var task in tasks.Indices)
        {
            next[task]++;
        }

        return new(tasks, next, Task.Run(() => Fetch(tasks, next)));
    }

    private MultiTaskBatch Fetch(TaskSelection tasks, ReadOnlySpan<long> places)
    {
        var batch = source.Read(tasks, places);
        if (device is null)
        {
            return batch;
        }

        var moved = batch.To(device);
        if (!ReferenceEquals(moved, batch))
        {
            batch.Dispose();
        }

        return moved;
    }

    private sealed record Foreseen(TaskSelection Tasks, long[] Places, Task<MultiTaskBatch> Batch)
    {
        public bool Meets(TaskSelection tasks, ReadOnlySpan<long> places)
        {
            if (places.Length != Places.Length || !tasks.Indices.SequenceEqual(Tasks.Indices))
            {
                return false;
            }

            foreach (var task in tasks.Indices)
            {
                if (places[task] != Places[task])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>Waits for a read that nobody wants any more and throws its outcome away, an error too.</summary>
        public void Abandon()
        {
            ((IAsyncResult)Batch).AsyncWaitHandle.WaitOne();
            if (Batch.IsCompletedSuccessfully)
            {
                Batch.Result.Dispose();
            }
            else
            {
                _ = Batch.Exception;
            }
        }
    }
}
