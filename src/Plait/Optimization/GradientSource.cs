using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization;

/// <summary>Where the task gradients of a network come from: backward passes that leave their results in the flat storage.</summary>
/// <remarks>
/// Private parameters and what the recipe's parts learn receive the gradient of the weighted losses in the passes, whatever
/// those are for, and each once. The losses weigh 1 until <see cref="Weigh"/>; what was gone through before is weighed with it.
/// The tensors that a pass makes die with the caller's dispose scope.
/// </remarks>
internal abstract class GradientSource(FlatParameters storage, double[] weights, LearnedGradients learned) : IDisposable
{
    /// <summary>The losses.</summary>
    public abstract TaskLosses Losses { get; }

    /// <summary>Where the graph is cut; null where it is not, and where there are several.</summary>
    public virtual SharedRepresentation? Cut => null;

    /// <summary>The weight of each loss.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>Whether the weights are known.</summary>
    public bool IsWeighed { get; private set; }

    /// <summary>Bytes of all rows at once.</summary>
    public long RowBytes => BytesOf(0, storage.SharedCount);

    /// <summary>Whether the private parameters (and the copies of the representation, where the graph is cut) have their gradients.</summary>
    protected bool PassedOwn { get; set; }

    /// <summary>The parameters and their gradients.</summary>
    protected FlatParameters Storage => storage;

    /// <summary>The gradients of what the recipe's parts learn.</summary>
    protected LearnedGradients Learned => learned;

    /// <summary>The task gradients by the shared parameters, [tasks, shared parameters], in memory of the storage's.</summary>
    /// <param name="keepsGraph">Whether another pass comes after.</param>
    public abstract Tensor Rows(bool keepsGraph);

    /// <summary>Leaves the sum of the task gradients, each times a factor, in the shared gradients; uses the graph up.</summary>
    public abstract void Combine(ReadOnlySpan<double> factors);

    /// <summary>The task gradients by a run of the shared parameters, [tasks, numbers in the run]; leaves the graph as it is.</summary>
    /// <param name="first">The first parameter's place in the storage.</param>
    /// <param name="count">How many parameters.</param>
    /// <param name="skip">Numbers of the run to leave out at its start.</param>
    /// <param name="most">How many of its numbers to take at most.</param>
    public abstract Tensor RowsOf(int first, int count, long skip = 0, long most = long.MaxValue);

    /// <summary>The inner products of the task gradients by the shared representation; leaves the trunk's graph as it is.</summary>
    /// <exception cref="InvalidOperationException">The network was not cut.</exception>
    public abstract double[] RepresentationGramian();

    /// <summary>The gradient of each task by each tensor of the shared representation, [tensors][tasks]; null where it is zero.</summary>
    /// <exception cref="InvalidOperationException">The network was not cut, or there are several passes.</exception>
    public abstract Tensor?[][] AtRepresentation();

    /// <summary>The task gradients by the shared representation, [tasks, its numbers]; leaves the trunk's graph as it is.</summary>
    /// <exception cref="InvalidOperationException">The network was not cut, or there are several passes.</exception>
    public abstract Tensor RepresentationRows();

    /// <summary>Goes back through the trunk from a gradient by the shared representation; uses the graph up.</summary>
    /// <param name="upstream">[numbers of the representation].</param>
    /// <exception cref="InvalidOperationException">The network was not cut, or there are several passes.</exception>
    public abstract void FromRepresentation(Tensor upstream);

    /// <summary>Says what the losses weigh, once.</summary>
    public virtual void Weigh(ReadOnlySpan<double> newWeights)
    {
        if (IsWeighed)
        {
            throw new InvalidOperationException("The losses are weighed once.");
        }

        newWeights.CopyTo(weights);
        IsWeighed = true;
        for (var i = 0; PassedOwn && i < weights.Length; i++)
        {
            ScaleOwn(i, weights[i]);
        }
    }

    /// <summary>Scales what the private parameters of one task have as their gradient.</summary>
    public void ScaleOwn(int i, double factor)
    {
        var (start, length) = storage.RangeOf(Losses.Tasks.Indices[i]);
        if (length > 0 && factor != 1)
        {
            storage.Gradients.narrow(0, start, length).mul_(factor);
        }
    }

    /// <summary>Runs something whose passes leave nothing in the gradients of this one.</summary>
    public Tensor Apart(Func<Tensor> passes)
    {
        var kept = storage.Gradients.clone();
        var result = learned.Apart(passes);
        storage.Gradients.copy_(kept);
        return result;
    }

    /// <summary>Gives what the recipe's parts learn their gradients, when all passes are over.</summary>
    public void Settle() => learned.Settle(weights);

    /// <summary>Releases what was kept for later passes.</summary>
    public abstract void Dispose();

    /// <summary>The task gradients by some shared parameters that stand one after the other in the storage.</summary>
    /// <exception cref="InvalidOperationException">There is none, or they are not trained.</exception>
    public Tensor RowsOf(IReadOnlyList<Parameter> layer)
    {
        var first = storage
            .Parameters.Take(storage.SharedCount)
            .TakeWhile(one => !layer.Any(own => ReferenceEquals(own, one)));
        return layer.Count > 0 && first.Count() is var place && place < storage.SharedCount
            ? RowsOf(place, layer.Count)
            : throw new InvalidOperationException(
                "This network names no last shared layer that is trained; take the gradients at the parameters instead."
            );
    }

    /// <summary>The inner products of the task gradients, added up over groups of parameters, from the heads down.</summary>
    /// <param name="memory">Bytes that the rows of a group may take.</param>
    public double[] LeanGramian(long memory)
    {
        var sum = new double[weights.Length * weights.Length];
        VisitRows(
            memory,
            rows =>
            {
                var part = InnerProducts.Of(rows);
                for (var i = 0; i < sum.Length; i++)
                {
                    sum[i] += part[i];
                }
            }
        );
        return sum;
    }

    /// <summary>Shows the task gradients by the shared parameters, group after group of these, from the heads down.</summary>
    /// <remarks>A pass for a group ends at its lowest layer, so groups near the heads, where parameters are many, are cheap.</remarks>
    /// <param name="memory">Bytes that the rows of a group may take; a parameter that takes more is gone to several times.</param>
    /// <param name="visit">Sees the rows of a group, [tasks, numbers], which die after it.</param>
    public void VisitRows(long memory, Action<Tensor> visit)
    {
        var most = Math.Max(1, memory / (weights.Length * storage.Values.element_size()));
        for (var (last, first) = (storage.SharedCount, 0); last > 0; last = first)
        {
            first = last - 1;
            while (first > 0 && BytesOf(first - 1, last) <= memory)
            {
                first--;
            }

            for (var skip = 0L; skip < storage.RunOf(first, last - first).Length; skip += most)
            {
                using var scope = torch.NewDisposeScope();
                visit(RowsOf(first, last - first, skip, most));
            }
        }
    }

    private long BytesOf(int first, int last) =>
        storage.RunOf(first, last - first).Length * weights.Length * storage.Values.element_size();
}
