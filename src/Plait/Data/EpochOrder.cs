using Plait.Tasks;

namespace Plait.Data;

/// <summary>The tensors of one stream in the order of one epoch, and how many targets each of its batches holds.</summary>
/// <remarks>Tensors of small rows are put in order once, and a batch is a slice of the copy; large rows are gathered batch by batch.</remarks>
internal sealed class EpochOrder : IDisposable
{
    /// <summary>Bytes of a batch from which its rows are gathered for it alone.</summary>
    /// <remarks>
    /// Measured on one core, microseconds a batch by an epoch's copy and by gathering: 2 and 4 (512 bytes), 15 and 16 (94 KiB), 50 and
    /// 41 (512 KiB), 255 and 37 (324 KiB of 36 MB in all): a large copy pays for fresh memory, and holds the data twice.
    /// </remarks>
    private const long GatheredBatch = 128 << 10;

    private readonly TensorData data;
    private readonly long[]? rows; // null: the data's own order
    private readonly int batchSize;
    private readonly Dictionary<Tensor, Tensor> ordered = new(ReferenceEqualityComparer.Instance);
    private readonly long[]?[] presentInBatch;
    private Tensor? index;

    public EpochOrder(TensorData data, long epoch, long[]? rows, int batchSize)
    {
        this.data = data;
        this.rows = rows;
        this.batchSize = batchSize;
        Epoch = epoch;
        presentInBatch = new long[]?[data.Tasks.Count];
    }

    public long Epoch { get; }

    /// <summary>The input of a batch; a handle of its own.</summary>
    public Tensor InputOf(int task, int batch) => Slice(data.InputOf(task), batch);

    /// <summary>The targets of a batch; handles of their own.</summary>
    public TaskTarget TargetOf(int task, int batch)
    {
        var whole = data.TargetOf(task);
        var values = Slice(whole.Values, batch);
        if (whole.Present is null)
        {
            return TaskTarget.Of(values, null, values.numel());
        }

        var counts = presentInBatch[task] ??= CountPresent(data.PresentInRowOf(task)!);
        return TaskTarget.Of(values, Slice(whole.Present, batch), counts[batch]);
    }

    public void Dispose()
    {
        foreach (var tensor in ordered.Values)
        {
            tensor.Dispose();
        }

        ordered.Clear();
        index?.Dispose();
    }

    private Tensor Slice(Tensor whole, int batch)
    {
        var start = (long)batch * batchSize;
        var length = Math.Min(batchSize, whole.size(0) - start);
        if (rows is null)
        {
            return whole.narrow(0, start, length);
        }

        index ??= torch.tensor(rows, device: whole.device).DetachFromDisposeScope();
        if (whole.NumberOfElements / whole.size(0) * whole.ElementSize * batchSize < GatheredBatch)
        {
            return InOrder(whole, index).narrow(0, start, length);
        }

        using var chosen = index.narrow(0, start, length);
        return whole.index_select(0, chosen);
    }

    private Tensor InOrder(Tensor whole, Tensor index)
    {
        if (!ordered.TryGetValue(whole, out var tensor))
        {
            ordered[whole] = tensor = whole.index_select(0, index).DetachFromDisposeScope();
        }

        return tensor;
    }

    private long[] CountPresent(int[] inRow)
    {
        var counts = new long[(inRow.Length + batchSize - 1) / batchSize];
        for (var i = 0; i < inRow.Length; i++)
        {
            counts[i / batchSize] += inRow[rows is null ? i : rows[i]];
        }

        return counts;
    }
}
