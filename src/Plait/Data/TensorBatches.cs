using Plait.Tasks;

namespace Plait.Data;

/// <summary>The batches of data in memory, in the order of an epoch.</summary>
/// <remarks>
/// Any batch can be read at any time, since a <see cref="BatchOrder"/> says what it holds; the cache of the current epoch only saves
/// work. A batch has handles of its own and stays valid when the next epoch takes the cache's place.
/// </remarks>
internal sealed class TensorBatches : MultiTaskDataLoader
{
    private readonly TensorData data;
    private readonly BatchOrder order;
    private readonly EpochOrder?[] epochs; // a stream
    private readonly Lock door = new();

    public TensorBatches(TensorData data, int batchSize, long? shuffleSeed, bool dropLast)
    {
        this.data = data;
        order = new(data.Streams, data.RowsOf, batchSize, shuffleSeed, dropLast, data.LengthsOf);
        epochs = new EpochOrder?[Streams.Count];
    }

    public override RowStreams Streams => data.Streams;

    public override InputSpec? InputSpecOf(int task) => data.InputSpecOf(task);

    public override long RowsOf(int task) => data.RowsOf(task);

    public override int BatchesOf(int task) => order.BatchesOf(task);

    public override MultiTaskBatch Read(TaskSelection tasks, ReadOnlySpan<long> places)
    {
        order.RequirePlaces(tasks, places);
        var at = places.ToArray();
        lock (door)
        {
            return Gather(
                tasks,
                task => EpochFor(task, at[task]).InputOf(task, order.BatchOf(task, at[task])),
                task => EpochFor(task, at[task]).TargetOf(task, order.BatchOf(task, at[task]))
            );
        }
    }

    protected override void Dispose(bool disposing)
    {
        lock (door)
        {
            foreach (var epoch in epochs)
            {
                epoch?.Dispose();
            }

            Array.Clear(epochs);
        }

        base.Dispose(disposing);
    }

    private EpochOrder EpochFor(int task, long place)
    {
        var stream = Streams.Of(task);
        var epoch = order.EpochOf(task, place);
        if (epochs[stream] is { } cached && cached.Epoch == epoch)
        {
            return cached;
        }

        epochs[stream]?.Dispose();
        epochs[stream] = null;
        return epochs[stream] = new EpochOrder(data, epoch, order.RowsOf(task, epoch), order.BatchSize);
    }
}
