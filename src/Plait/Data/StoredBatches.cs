using Plait.Tasks;

namespace Plait.Data;

/// <summary>The batches of stored data: the rows of each are read when it is asked for.</summary>
internal sealed class StoredBatches : MultiTaskDataLoader
{
    private readonly StoredData data;
    private readonly BatchOrder order;
    private readonly (long Epoch, long[]? Rows)?[] epochs; // a stream: the order that was asked for last

    public StoredBatches(StoredData data, int batchSize, long? shuffleSeed, bool dropLast)
    {
        this.data = data;
        order = new(data.Streams, data.RowsOf, batchSize, shuffleSeed, dropLast, data.LengthsOf);
        epochs = new (long, long[]?)?[Streams.Count];
    }

    public override RowStreams Streams => data.Streams;

    public override InputSpec? InputSpecOf(int task) => data.InputSpecOf(task);

    public override long RowsOf(int task) => data.RowsOf(task);

    public override int BatchesOf(int task) => order.BatchesOf(task);

    public override MultiTaskBatch Read(TaskSelection tasks, ReadOnlySpan<long> places)
    {
        order.RequirePlaces(tasks, places);
        var at = places.ToArray();
        using var scope = torch.NewDisposeScope();
        lock (data.Reading)
        {
            return Gather(
                tasks,
                task => InputOf(task, RowsAt(task, at[task])),
                task => TargetOf(task, RowsAt(task, at[task]))
            );
        }
    }

    private BatchInput InputOf(int task, ReadOnlySpan<long> rows)
    {
        var read = new BatchInput[rows.Length];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = data.ReadChecked(task, rows[i]);
        }

        return BatchInput.Join(read).Trimmed().Map(tensor => tensor.MoveToOuterDisposeScope());
    }

    private TaskTarget TargetOf(int task, ReadOnlySpan<long> rows)
    {
        var read = new Tensor[rows.Length];
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = data.ReadTarget(task, rows[i]);
        }

        var target = TaskTarget.FromRaw(torch.stack(read));
        Tasks[task].Require(target);
        return Marked(task, target).MapAll(tensor => tensor.MoveToOuterDisposeScope());
    }

    private ReadOnlySpan<long> RowsAt(int task, long place)
    {
        var stream = Streams.Of(task);
        var epoch = order.EpochOf(task, place);
        if (epochs[stream] is not { } cached || cached.Epoch != epoch)
        {
            epochs[stream] = cached = (epoch, order.RowsOf(task, epoch));
        }

        var start = order.BatchOf(task, place) * order.BatchSize;
        var length = (int)Math.Min(order.BatchSize, RowsOf(task) - start);
        return cached.Rows is { } rows
            ? rows.AsSpan(start, length)
            : Enumerable.Range(start, length).Select(row => (long)row).ToArray();
    }

    private TaskTarget Marked(int task, TaskTarget target) =>
        target.Present is null && data.AnyMissing(task) ? target.WithMarks() : target;
}
