using Plait.Tasks;

namespace Plait.Data;

/// <summary>The tensors of one stream in the order of one epoch, and how many targets each of its batches holds.</summary>
internal sealed class EpochOrder : IDisposable
{
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
        return InOrder(whole).narrow(0, start, Math.Min(batchSize, whole.shape[0] - start));
    }

    private Tensor InOrder(Tensor whole)
    {
        if (rows is null)
        {
            return whole;
        }

        if (!ordered.TryGetValue(whole, out var tensor))
        {
            using var scope = torch.NewDisposeScope();
            index ??= torch.tensor(rows).to(whole.device).DetachFromDisposeScope();
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
