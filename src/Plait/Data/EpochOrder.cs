using System.Numerics;
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
    private readonly double[]?[] weightOfBatch;
    private Tensor? index;

    public EpochOrder(TensorData data, long epoch, long[]? rows, int batchSize)
    {
        this.data = data;
        this.rows = rows;
        this.batchSize = batchSize;
        Epoch = epoch;
        presentInBatch = new long[]?[data.Tasks.Count];
        weightOfBatch = new double[]?[data.Tasks.Count];
    }

    public long Epoch { get; }

    /// <summary>The input of a batch, padded as far as its own rows need; handles of its own.</summary>
    public BatchInput InputOf(int task, int batch) =>
        data.BatchInputOf(task).Map(tensor => Slice(tensor, batch)).Trimmed();

    /// <summary>The targets of a batch; handles of their own.</summary>
    public TaskTarget TargetOf(int task, int batch)
    {
        var whole = data.TargetOf(task);
        var counts = data.PresentInRowOf(task) is { } present
            ? presentInBatch[task] ??= Sums<int, long>(present)
            : null;
        var weights = data.WeightOfRows(task) is { } weight
            ? weightOfBatch[task] ??= Sums<double, double>(weight)
            : null;
        var steps = StepsOf(task, batch);
        return whole.Map(
            tensor => steps is { } longest ? Narrow(Slice(tensor, batch), longest) : Slice(tensor, batch),
            counts?[batch],
            weights?[batch]
        );
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

    /// <summary>How many steps the targets of a batch have, which are those of its longest row; null where they have no steps, or all rows are full.</summary>
    private long? StepsOf(int task, int batch)
    {
        if (data.Tasks[task].Answer.Layout != Layout.Step || data.LengthsOf(task) is not { } lengths)
        {
            return null;
        }

        var start = batch * batchSize;
        var end = Math.Min(start + batchSize, lengths.Length);
        var longest = 1L; // as inputs are padded
        for (var i = start; i < end; i++)
        {
            longest = Math.Max(longest, lengths[rows is null ? i : rows[i]]);
        }

        return longest;
    }

    private static Tensor Narrow(Tensor targets, long steps)
    {
        using var wide = targets;
        return wide.narrow(wide.dim() - 1, 0, Math.Min(steps, wide.size(-1)));
    }

    private Tensor InOrder(Tensor whole, Tensor index)
    {
        if (!ordered.TryGetValue(whole, out var tensor))
        {
            ordered[whole] = tensor = whole.index_select(0, index).DetachFromDisposeScope();
        }

        return tensor;
    }

    private TSum[] Sums<TRow, TSum>(TRow[] ofRow)
        where TRow : INumber<TRow>
        where TSum : INumber<TSum>
    {
        var sums = new TSum[(ofRow.Length + batchSize - 1) / batchSize];
        for (var i = 0; i < ofRow.Length; i++)
        {
            sums[i / batchSize] += TSum.CreateChecked(ofRow[rows is null ? i : rows[i]]);
        }

        return sums;
    }
}
