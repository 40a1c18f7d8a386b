using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Data;

/// <summary>Which rows each batch of a data set holds: the order of every epoch, from a seed, and how it is cut into batches.</summary>
/// <remarks>An epoch's order depends on the seed, the epoch and the stream alone: one stream for all tasks, or one a task.</remarks>
internal sealed class BatchOrder
{
    private readonly TaskSet tasks;
    private readonly bool sharesInput;
    private readonly long[] rows; // a task
    private readonly int[] batches; // a task
    private readonly long? shuffleSeed;
    private readonly Func<int, long[]?>? lengthsOf; // of a task's rows, where they differ

    public BatchOrder(
        TaskSet tasks,
        bool sharesInput,
        Func<int, long> rowsOf,
        int batchSize,
        long? shuffleSeed,
        bool dropLast,
        Func<int, long[]?>? lengthsOf = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        this.tasks = tasks;
        this.sharesInput = sharesInput;
        this.shuffleSeed = shuffleSeed;
        this.lengthsOf = lengthsOf;
        BatchSize = batchSize;
        rows = [.. tasks.Select((_, task) => rowsOf(task))];
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

    /// <summary>How many streams there are.</summary>
    public int Streams => sharesInput ? 1 : tasks.Count;

    /// <summary>Batches in one pass over the rows of a task.</summary>
    public int BatchesOf(int task) => batches[task];

    /// <summary>The stream of a task.</summary>
    public int StreamOf(int task) => sharesInput ? 0 : task;

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
        var chance = Seeds.Generator(seed, epoch, StreamOf(task));
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
        if (chosen.Count == 0 || chosen.Tasks.Count != tasks.Count || places.Length != tasks.Count)
        {
            throw new ArgumentException(
                $"A batch of these {tasks.Count} tasks is read for some of them, with a place for each; got {chosen.Count} of {chosen.Tasks.Count} tasks and {places.Length} places."
            );
        }

        var first = places[chosen.Indices[0]];
        foreach (var task in chosen.Indices)
        {
            if (places[task] < 0 || (sharesInput && places[task] != first))
            {
                throw new ArgumentException(
                    $"Task '{tasks[task].Name}' is at place {places[task]}; places start at 0"
                        + (sharesInput ? $", and tasks that share one input share one place, here {first}." : "."),
                    nameof(places)
                );
            }
        }
    }
}
