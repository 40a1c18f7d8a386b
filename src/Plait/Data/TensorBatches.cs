using Plait.Numerics;
using Plait.Tasks;

namespace Plait.Data;

/// <summary>The batches of data in memory, in the order of an epoch.</summary>
/// <remarks>
/// An epoch's order depends on the seed, the epoch and the stream alone, so any batch can be read at any time; the cache of the
/// current epoch only saves work. A batch has handles of its own and stays valid when the next epoch takes the cache's place.
/// </remarks>
internal sealed class TensorBatches : BatchSource
{
    private readonly TensorData data;
    private readonly int batchSize;
    private readonly long? shuffleSeed;
    private readonly int[] batches; // a task
    private readonly EpochOrder?[] orders; // a stream: one for all tasks, or one a task
    private readonly Lock door = new();

    public TensorBatches(TensorData data, int batchSize, long? shuffleSeed, bool dropLast)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        this.data = data;
        this.batchSize = batchSize;
        this.shuffleSeed = shuffleSeed;
        batches =
        [
            .. data.Tasks.Select((_, task) => (int)((RowsOf(task) + (dropLast ? 0 : batchSize - 1)) / batchSize)),
        ];
        orders = new EpochOrder?[data.SharesInput ? 1 : data.Tasks.Count];
        if (Array.IndexOf(batches, 0) is >= 0 and var empty)
        {
            throw new ArgumentException(
                $"Task '{data.Tasks[empty].Name}' has {RowsOf(empty)} rows and so no batch of {batchSize}"
                    + (RowsOf(empty) > 0 ? " when the last, smaller one is dropped; make batches smaller." : ".")
            );
        }
    }

    public override TaskSet Tasks => data.Tasks;

    public override bool SharesInput => data.SharesInput;

    public override long RowsOf(int task) => data.RowsOf(task);

    public override int BatchesOf(int task) => batches[task];

    public override MultiTaskBatch Read(TaskSelection tasks, ReadOnlySpan<long> places)
    {
        RequirePlaces(tasks, places);
        lock (door)
        {
            var targets = new TaskTarget[tasks.Count];
            for (var i = 0; i < tasks.Count; i++)
            {
                var task = tasks.Indices[i];
                targets[i] = OrderFor(task, places[task]).TargetOf(task, (int)(places[task] % batches[task]));
            }

            if (SharesInput)
            {
                return MultiTaskBatch.Shared(tasks, Input(tasks.Indices[0], places), targets);
            }

            var inputs = new Tensor[tasks.Count];
            for (var i = 0; i < tasks.Count; i++)
            {
                inputs[i] = Input(tasks.Indices[i], places);
            }

            return MultiTaskBatch.PerTask(tasks, inputs, targets);
        }
    }

    protected override void Dispose(bool disposing)
    {
        lock (door)
        {
            foreach (var order in orders)
            {
                order?.Dispose();
            }

            Array.Clear(orders);
        }

        base.Dispose(disposing);
    }

    private Tensor Input(int task, ReadOnlySpan<long> places) =>
        OrderFor(task, places[task]).InputOf(task, (int)(places[task] % batches[task]));

    private EpochOrder OrderFor(int task, long place)
    {
        var stream = SharesInput ? 0 : task;
        var epoch = shuffleSeed is null ? 0 : place / batches[task];
        if (orders[stream] is { } cached && cached.Epoch == epoch)
        {
            return cached;
        }

        orders[stream]?.Dispose();
        orders[stream] = null;
        long[]? rows = null;
        if (shuffleSeed is { } seed)
        {
            rows = [.. Enumerable.Range(0, (int)RowsOf(task)).Select(row => (long)row)];
            Seeds.Generator(seed, epoch, stream).Shuffle(rows);
        }

        return orders[stream] = new EpochOrder(data, epoch, rows, batchSize);
    }

    private void RequirePlaces(TaskSelection tasks, ReadOnlySpan<long> places)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.Count == 0 || tasks.Tasks.Count != Tasks.Count || places.Length != Tasks.Count)
        {
            throw new ArgumentException(
                $"A batch of these {Tasks.Count} tasks is read for some of them, with a place for each; got {tasks.Count} of {tasks.Tasks.Count} tasks and {places.Length} places."
            );
        }

        var first = places[tasks.Indices[0]];
        foreach (var task in tasks.Indices)
        {
            if (places[task] < 0 || (SharesInput && places[task] != first))
            {
                throw new ArgumentException(
                    $"Task '{Tasks[task].Name}' is at place {places[task]}; places start at 0"
                        + (SharesInput ? $", and tasks that share one input share one place, here {first}." : "."),
                    nameof(places)
                );
            }
        }
    }
}
