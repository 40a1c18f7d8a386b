using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization;

/// <summary>The backward passes through the graph of one forward pass.</summary>
/// <param name="losses">The losses, whose graph it is.</param>
/// <param name="storage">The parameters and their gradients.</param>
/// <param name="cut">Where the graph is cut; null where it is not.</param>
/// <param name="weights">The weight of each loss.</param>
/// <param name="learned">The gradients of what the recipe's parts learn.</param>
internal sealed partial class BackwardPasses(
    TaskLosses losses,
    FlatParameters storage,
    SharedRepresentation? cut,
    double[] weights,
    LearnedGradients learned
) : GradientSource(storage, weights, learned)
{
    private readonly double[] weights = weights; // the base's, which sets them

    /// <inheritdoc/>
    public override TaskLosses Losses => losses;

    /// <inheritdoc/>
    public override SharedRepresentation? Cut => cut;

    /// <inheritdoc/>
    public override void Combine(ReadOnlySpan<double> factors)
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

    /// <inheritdoc/>
    public override Tensor Rows(bool keepsGraph)
    {
        var rows = Storage.TakeRows(losses.Count);
        AddRows(rows, keepsGraph, onZero: true);
        return rows;
    }

    /// <summary>Adds the task gradients by the shared parameters to rows.</summary>
    /// <param name="rows">[tasks, shared parameters].</param>
    /// <param name="keepsGraph">Whether another pass comes after.</param>
    /// <param name="onZero">Whether to set the rows to zero first.</param>
    public void AddRows(Tensor rows, bool keepsGraph, bool onZero)
    {
        if (cut is not null)
        {
            ThroughHeads();
        }

        try
        {
            for (var i = 0; i < losses.Count; i++)
            {
                Storage.AttachShared(rows.select(0, i), onZero);
                ForOne(i, retain: keepsGraph || i < losses.Count - 1);
                if (cut is null && !PassedOwn && !IsWeighed)
                {
                    Learned.Keep(i);
                }
            }
        }
        finally
        {
            Storage.Attach();
        }

        PassedOwn = true;
        Storage.SharedGradients.zero_().Dispose();
    }

    /// <inheritdoc/>
    public override Tensor RowsOf(int first, int count, long skip, long most)
    {
        if (cut is not null)
        {
            ThroughHeads();
        }

        var (start, length) = Storage.RunOf(first, count);
        var inputs = Storage.Parameters.Skip(first).Take(count).ToArray<Tensor>();
        var run = Storage.Gradients.narrow(0, start, length);
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

    /// <inheritdoc/>
    public override void Weigh(ReadOnlySpan<double> newWeights)
    {
        base.Weigh(newWeights);
        ForgetRepresentation();
        for (var part = 0; PassedOwn && part < (cut?.Values.Count ?? 0); part++)
        {
            for (var i = 0; i < losses.Count; i++)
            {
                LeafGradient(i, part)?.mul_(newWeights[i]);
            }
        }
    }

    /// <summary>One pass for the private parameters, and one that ends at the shared ones when their factors differ.</summary>
    private void ThroughWhole(ReadOnlySpan<double> factors)
    {
        if (Storage.SharedLength == 0 || !factors.ContainsAnyExcept(1.0))
        {
            Backward(weights);
            return;
        }

        var products = new double[losses.Count];
        for (var i = 0; i < losses.Count; i++)
        {
            products[i] = factors[i] * weights[i];
        }

        var shared = Storage.Parameters.Take(Storage.SharedCount).ToArray<Tensor>();
        Tensor[] own = [.. Storage.Parameters.Skip(Storage.SharedCount), .. Learned.Parameters];
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

        PassedOwn = true;
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
        if (PassedOwn)
        {
            return;
        }

        if (IsWeighed || Learned.Parameters.Count == 0)
        {
            Backward(weights);
            return;
        }

        for (var i = 0; i < losses.Count; i++)
        {
            ForOne(i, retain: i < losses.Count - 1, throughHead: true);
            Learned.Keep(i);
        }

        PassedOwn = true;
    }

    private void ForOne(int i, bool retain, Tensor[]? inputs = null, bool throughHead = false)
    {
        var roots = new List<Tensor>();
        var gradients = new List<Tensor>();
        if (cut is null || throughHead)
        {
            AddRoot(i, weights[i], roots, gradients);
        }
        else
        {
            for (var part = 0; part < cut.Values.Count; part++)
            {
                if (LeafGradient(i, part) is { } gradient)
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

    private Tensor? LeafGradient(int i, int part) => cut!.Of(losses.Tasks.Indices[i])[part].grad;
}
