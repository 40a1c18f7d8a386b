using Plait.Tasks;

namespace Plait.Data;

/// <summary>The batches of stored data: the rows of each are read when it is asked for.</summary>
internal sealed class StoredBatches : BatchSource
{
    private readonly StoredData data;
    private readonly BatchOrder order;
    private readonly (long Epoch, long[]? Rows)?[] epochs; // a stream: the order that was asked for last

    public StoredBatches(StoredData data, int batchSize, long? shuffleSeed, bool dropLast)
    {
        this.data = data;
        order = new(data.Tasks, data.SharesInput, data.RowsOf, batchSize, shuffleSeed, dropLast);
        epochs = new (long, long[]?)?[order.Streams];
    }

    public override TaskSet Tasks => data.Tasks;

    public override bool SharesInput => data.SharesInput;

    public override long RowsOf(int task) => data.RowsOf(task);

    public override int BatchesOf(int task) => order.BatchesOf(task);

    public override MultiTaskBatch Read(TaskSelection tasks, ReadOnlySpan<long> places)
    {
        order.RequirePlaces(tasks, places);
        using var scope = torch.NewDisposeScope();
        lock (data.Reading)
        {
            var inputs = new Tensor[SharesInput ? 1 : tasks.Count];
            var targets = new TaskTarget[tasks.Count];
            for (var i = 0; i < tasks.Count; i++)
            {
                var task = tasks.Indices[i];
                var rows = RowsAt(task, places[task]);
                if (i < inputs.Length)
                {
                    inputs[i] = Stack(task, rows, data.ReadInput).MoveToOuterDisposeScope();
                }

                var target = TaskTarget.FindMissing(Stack(task, rows, data.ReadTarget));
                data.Tasks[task].Require(target);
                targets[i] = Keep(Marked(task, target));
            }

            return SharesInput
                ? MultiTaskBatch.Shared(tasks, inputs[0], targets)
                : MultiTaskBatch.PerTask(tasks, inputs, targets);
        }
    }

    private ReadOnlySpan<long> RowsAt(int task, long place)
    {
        var stream = order.StreamOf(task);
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

    private static Tensor Stack(int task, ReadOnlySpan<long> rows, Func<int, long, Tensor> read)
    {
        var all = new Tensor[rows.Length];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = read(task, rows[i]);
        }

        return torch.stack(all);
    }

    private TaskTarget Marked(int task, TaskTarget target) =>
        target.Present is null && data.AnyMissing(task) ? target.WithMarks() : target;

    private static TaskTarget Keep(TaskTarget target) => target.MapAll(tensor => tensor.MoveToOuterDisposeScope());
}
