using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization;

/// <summary>The backward passes that task gradients are made of; each leaves its result in the flat storage of the gradients.</summary>
/// <remarks>
/// Private parameters receive the gradient of their own task's weighted loss in the first pass, whatever it is for, and
/// nothing after. The tensors that a pass makes die with the caller's dispose scope.
/// </remarks>
internal sealed partial class BackwardPasses(
    TaskLosses losses,
    FlatParameters storage,
    SharedRepresentation? cut,
    double[] weights,
    IReadOnlyList<Parameter> alsoLearned
)
{
    private bool ownDone; // the private parameters, and the copies of the representation, have their gradients

    /// <summary>Where the graph is cut; null where it is not.</summary>
    public SharedRepresentation? Cut => cut;

    /// <summary>Leaves the weighted sum of the task gradients in the shared gradients; uses the graph up.</summary>
    public void Combine(ReadOnlySpan<double> factors)
    {
        if (cut is null)
        {
            ThroughWhole(factors);
        }
        else
        {
            ThroughHeads();
            ThroughTrunk(factors);
        }
    }

    /// <summary>The task gradients by the shared parameters, [tasks, shared parameters]; uses the graph up.</summary>
    public Tensor Rows()
    {
        var rows = storage.TakeRows(losses.Count);
        if (cut is not null)
        {
            ThroughHeads();
        }

        try
        {
            for (var i = 0; i < losses.Count; i++)
            {
                storage.AttachShared(rows.select(0, i));
                ForOne(i, retain: i < losses.Count - 1);
            }
        }
        finally
        {
            storage.Attach();
        }

        ownDone = true;
        storage.SharedGradients.zero_().Dispose();
        return rows;
    }

    /// <summary>The task gradients by a run of the shared parameters, [tasks, numbers in the run]; leaves the graph as it is.</summary>
    /// <param name="first">The first parameter's place in the storage.</param>
    /// <param name="count">How many parameters.</param>
    /// <param name="skip">Numbers of the run to leave out at its start.</param>
    /// <param name="most">How many of its numbers to take at most.</param>
    public Tensor RowsOf(int first, int count, long skip = 0, long most = long.MaxValue)
    {
        if (cut is not null)
        {
            ThroughHeads();
        }

        var (start, length) = storage.RunOf(first, count);
        var inputs = storage.Parameters.Skip(first).Take(count).ToArray<Tensor>();
        var run = storage.Gradients.narrow(0, start, length);
        var part = run.narrow(0, skip, Math.Min(most, length - skip));
        var rows = torch.empty([losses.Count, part.size(0)], run.dtype, run.device);
        for (var i = 0; i < losses.Count && count > 0; i++)
        {
            run.zero_().Dispose();
            ForOne(i, retain: true, inputs);
            rows.select(0, i).copy_(part);
        }

        run.zero_().Dispose();
        return rows;
    }

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

    /// <summary>Bytes of all rows at once.</summary>
    public long RowBytes => BytesOf(0, storage.SharedCount);

    /// <summary>The inner products of the task gradients, added up over groups of parameters, from the heads down.</summary>
    /// <remarks>A pass for a group ends at its lowest layer, so groups near the heads, where parameters are many, are cheap.</remarks>
    /// <param name="memory">Bytes that the rows of a group may take; a parameter that takes more is gone to several times.</param>
    public double[] LeanGramian(long memory)
    {
        var sum = new double[losses.Count * losses.Count];
        var most = Math.Max(1, memory / (losses.Count * storage.Values.element_size()));
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
                var part = InnerProducts.Of(RowsOf(first, last - first, skip, most));
                for (var i = 0; i < sum.Length; i++)
                {
                    sum[i] += part[i];
                }
            }
        }

        return sum;
    }

    /// <summary>Weighs anew what was already gone through: each task's own gradients, and those at the representation.</summary>
    public void Reweigh(ReadOnlySpan<double> newWeights)
    {
        Forget();
        for (var i = 0; i < losses.Count; i++)
        {
            var ratio = weights[i] == 0 ? 1 : newWeights[i] / weights[i];
            weights[i] = newWeights[i];
            if (ownDone && ratio != 1)
            {
                ScaleOwn(i, ratio);
                for (var part = 0; part < (cut?.Values.Count ?? 0); part++)
                {
                    LeafGradient(i, part)?.mul_(ratio);
                }
            }
        }
    }

    /// <summary>Scales what the private parameters of one task have as their gradient.</summary>
    public void ScaleOwn(int i, double factor)
    {
        var (start, length) = storage.RangeOf(losses.Tasks.Indices[i]);
        if (length > 0)
        {
            storage.Gradients.narrow(0, start, length).mul_(factor);
        }
    }

    /// <summary>One pass for the private parameters, and one that ends at the shared ones when their factors differ.</summary>
    private void ThroughWhole(ReadOnlySpan<double> factors)
    {
        if (storage.SharedLength == 0 || !factors.ContainsAnyExcept(1.0))
        {
            Backward(weights);
            return;
        }

        var products = new double[losses.Count];
        for (var i = 0; i < losses.Count; i++)
        {
            products[i] = factors[i] * weights[i];
        }

        var shared = storage.Parameters.Take(storage.SharedCount).ToArray<Tensor>();
        Tensor[] own = [.. storage.Parameters.Skip(storage.SharedCount), .. alsoLearned];
        Backward(products, shared, retain: own.Length > 0);
        if (own.Length > 0)
        {
            Backward(weights, own);
        }
    }

    private void Backward(ReadOnlySpan<double> seeds, Tensor[]? inputs = null, bool retain = false)
    {
        var roots = new List<Tensor>(losses.Count);
        var gradients = new List<Tensor>(losses.Count);
        for (var i = 0; i < losses.Count; i++)
        {
            AddRoot(i, seeds[i], roots, gradients);
        }

        if (roots.Count > 0)
        {
            torch.autograd.backward(roots, gradients, retain, inputs: inputs);
        }

        ownDone = true;
    }

    /// <summary>A loss that hangs on no trainable parameter has the gradient zero, which autograd would call an error.</summary>
    private void AddRoot(int i, double seed, List<Tensor> roots, List<Tensor> gradients)
    {
        if (losses.Scalars[i] is { requires_grad: true } loss)
        {
            roots.Add(loss);
            gradients.Add(torch.full_like(loss, seed));
        }
    }

    private void ThroughHeads()
    {
        if (!ownDone)
        {
            Backward(weights);
        }
    }

    private void ForOne(int i, bool retain, Tensor[]? inputs = null)
    {
        var roots = new List<Tensor>();
        var gradients = new List<Tensor>();
        if (cut is null)
        {
            AddRoot(i, weights[i], roots, gradients);
        }
        else
        {
            for (var part = 0; part < cut.Values.Count; part++)
            {
                if (cut.Values[part].requires_grad && LeafGradient(i, part) is { } gradient)
                {
                    roots.Add(cut.Values[part]);
                    gradients.Add(gradient);
                }
            }
        }

        if (roots.Count > 0)
        {
            torch.autograd.backward(roots, gradients, retain, inputs: inputs);
        }
    }

    private long BytesOf(int first, int last) =>
        storage.RunOf(first, last - first).Length * losses.Count * storage.Values.element_size();

    private Tensor? LeafGradient(int i, int part) => cut!.Of(losses.Tasks.Indices[i])[part].grad;
}
