using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Data;

/// <summary>Which rows each batch of a data set holds: the order of every epoch, from a seed, and how it is cut into batches.</summary>
/// <remarks>An epoch's order depends on the seed, the epoch and the stream alone.</remarks>
internal sealed class BatchOrder
{
    private readonly RowStreams streams;
    private readonly long[] rows; // a task
    private readonly int[] batches; // a task
    private readonly long? shuffleSeed;
    private readonly Func<int, long[]?>? lengthsOf; // of a task's rows, where they differ

    public BatchOrder(
        RowStreams streams,
        Func<int, long> rowsOf,
        int batchSize,
        long? shuffleSeed,
        bool dropLast,
        Func<int, long[]?>? lengthsOf = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        this.streams = streams;
        this.shuffleSeed = shuffleSeed;
        this.lengthsOf = lengthsOf;
        BatchSize = batchSize;
        var tasks = streams.Tasks;
        rows = [.. tasks.Select((_, task) => rowsOf(task))];
        RequireSameRows();
        batches = [.. rows.Select(count => (int)((count + (dropLast ? 0 : batchSize - 1)) / batchSize))];
        if (Array.IndexOf(batches, 0) is >= 0 and var empty)
        {
            throw new ArgumentException(
                $"Task '{tasks[empty].Name}' has {rows[empty]} rows and so no batch of {batchSize}"
                    + (rows[empty] > 0 ? " when the last, smaller one is dropped; make batches smaller." : ".")
            );
        }
    }

    /// <summary>Rows of a batch that is not the last one.</summary>
    public int BatchSize { get; }

    /// <summary>Batches in one pass over the rows of a task.</summary>
    public int BatchesOf(int task) => batches[task];

    /// <summary>The epoch that a place lies in; always 0 where nothing is shuffled.</summary>
    public long EpochOf(int task, long place) => shuffleSeed is null ? 0 : place / batches[task];

    /// <summary>Which batch of its epoch a place is.</summary>
    public int BatchOf(int task, long place) => (int)(place % batches[task]);

    /// <summary>All rows in the order of an epoch; null for the data's own order.</summary>
    public long[]? RowsOf(int task, long epoch)
    {
        if (shuffleSeed is not { } seed)
        {
            return null;
        }

        long[] order = [.. Enumerable.Range(0, (int)rows[task]).Select(row => (long)row)];
        var chance = Seeds.Generator(seed, epoch, streams.Of(task));
        chance.Shuffle(order);
        if (lengthsOf?.Invoke(task) is { } lengths)
        {
            LengthBuckets.Arrange(order, lengths, BatchSize, chance);
        }

        return order;
    }

    /// <summary>Refuses a request that no batch answers.</summary>
    /// <exception cref="ArgumentException">The tasks or places are not those of this data.</exception>
    public void RequirePlaces(TaskSelection chosen, ReadOnlySpan<long> places)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        var count = streams.Tasks.Count;
        if (chosen.Count == 0 || chosen.Tasks.Count != count || places.Length != count)
        {
            throw new ArgumentException(
                $"A batch of these {count} tasks is read for some of them, with a place for each; got {chosen.Count} of {chosen.Tasks.Count} tasks and {places.Length} places."
            );
        }

        var firstOf = new int?[streams.Count];
        foreach (var task in chosen.Indices)
        {
            if (places[task] < 0)
            {
                throw new ArgumentException(
                    $"Task '{streams.Tasks[task].Name}' is at place {places[task]}; places start at 0.",
                    nameof(places)
                );
            }

            var first = firstOf[streams.Of(task)] ??= task;
            if (places[task] != places[first])
            {
                throw new ArgumentException(
                    $"Task '{streams.Tasks[task].Name}' is at place {places[task]}; tasks that look at the same rows share one place, and '{streams.Tasks[first].Name}' is at {places[first]}.",
                    nameof(places)
                );
            }
        }
    }

    private void RequireSameRows()
    {
        for (var task = 0; task < rows.Length; task++)
        {
            var first = streams.FirstTasks[streams.Of(task)];
            if (rows[task] != rows[first])
            {
                throw new ArgumentException(
                    $"Tasks '{streams.Tasks[first].Name}' and '{streams.Tasks[task].Name}' look at the same rows, and have {rows[first]} and {rows[task]} of them."
                );
            }
        }
    }
}
