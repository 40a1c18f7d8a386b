using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization;

/// <summary>The task gradients of a network, from the graph of its losses.</summary>
internal sealed class GraphGradients : TaskGradients
{
    private readonly GradientSource source;
    private readonly FlatParameters storage;
    private readonly long rowMemory;
    private readonly bool keepsGraph;
    private readonly Lazy<Tensor> rows;
    private readonly Func<int, Tensor> another;
    private bool passed; // somebody has gone through the graph
    private bool usedUp; // and it is gone

    /// <summary>Sets the gradients of the network to zero.</summary>
    /// <param name="tasks">The tasks that have a loss.</param>
    /// <param name="network">The network.</param>
    /// <param name="source">Where they come from.</param>
    /// <param name="rowMemory">Bytes that the rows of a Gramian may take at once.</param>
    /// <param name="keepsGraph">Whether rows leave the graph for one more pass, which costs its memory.</param>
    /// <param name="another">Computes the rows of an independent batch, by a number from 0.</param>
    public GraphGradients(
        TaskSelection tasks,
        MultiTaskNetwork network,
        GradientSource source,
        long rowMemory,
        bool keepsGraph,
        Func<int, Tensor> another
    )
        : base(tasks)
    {
        this.source = source;
        this.rowMemory = rowMemory;
        this.keepsGraph = keepsGraph;
        this.another = another;
        rows = new Lazy<Tensor>(TakeRows, LazyThreadSafetyMode.PublicationOnly); // what was refused once may be asked again
        Network = network;
        storage = network.Storage;
        storage.Attach();
        storage.ZeroGradients();
    }

    /// <summary>The network that the losses come from.</summary>
    public MultiTaskNetwork Network { get; }

    /// <inheritdoc/>
    public override TaskLosses Losses => source.Losses;

    /// <inheritdoc/>
    public override bool AreExact => false;

    /// <inheritdoc/>
    internal override bool IsCut => source.Cut is not null;

    /// <inheritdoc/>
    internal override GraphGradients Graph => this;

    /// <summary>Where the network was cut at its shared representation, with the values there.</summary>
    /// <exception cref="InvalidOperationException">It was not cut, or there are several passes.</exception>
    public SharedRepresentation Representation =>
        source.Cut
        ?? throw new InvalidOperationException(
            "The network was not cut at its shared representation in one pass, so there are no values of it: take the gradients at the parameters."
        );

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Weights => source.Weights;

    /// <inheritdoc/>
    public override Tensor Rows => rows.Value;

    /// <inheritdoc/>
    private protected override double Rounding => Torch.Numbers.Rounding(storage.Values.dtype);

    /// <summary>Weighs the losses, and with them whatever was looked at before.</summary>
    /// <param name="weights">One a task.</param>
    public void Weigh(double[] weights)
    {
        using var scope = torch.NewDisposeScope();
        source.Weigh(weights);
        if (weights.AsSpan().ContainsAnyExcept(1.0))
        {
            if (rows.IsValueCreated)
            {
                Rows.mul_(Column(weights, Rows));
            }

            ForgetGramians();
        }
    }

    /// <inheritdoc/>
    public override Tensor RowsOfAnotherBatch(int number = 0)
    {
        _ = Rows;
        using var scope = torch.NewDisposeScope();
        var sample = source.Apart(() => another(number));
        var weights = Weights.ToArray();
        return (
            weights.AsSpan().ContainsAnyExcept(1.0) ? sample.mul_(Column(weights, sample)) : sample
        ).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor RowsAt(GradientLocation location) =>
        location switch
        {
            GradientLocation.Representation => source.RepresentationRows().detach(),
            GradientLocation.LastSharedLayer => source.RowsOf(Network.LastSharedLayer),
            _ => Rows,
        };

    /// <inheritdoc/>
    public override Tensor Backpropagate(Tensor upstream)
    {
        ArgumentNullException.ThrowIfNull(upstream);
        using var scope = torch.NewDisposeScope();
        UseUp();
        source.FromRepresentation(upstream);
        return storage.SharedGradients;
    }

    /// <inheritdoc/>
    public override void ScalePrivate(ReadOnlySpan<double> factors)
    {
        using var scope = torch.NewDisposeScope();
        for (var i = 0; i < Count; i++)
        {
            source.ScaleOwn(i, factors[i]);
        }
    }

    /// <inheritdoc/>
    public override void Apply(GradientAggregator aggregator, StepContext? step = null)
    {
        ArgumentNullException.ThrowIfNull(aggregator);
        using var owner = this;
        using var scope = torch.NewDisposeScope();
        var update = aggregator.Aggregate(this, step ?? new StepContext { Tasks = Tasks.Tasks });
        if (!passed)
        {
            throw new InvalidOperationException(
                $"{aggregator.GetType().Name} made an update without looking at the task gradients."
            );
        }

        if (!ReferenceEquals(update, storage.SharedGradients))
        {
            storage.SharedGradients.copy_(update);
        }

        source.Settle();
    }

    /// <summary>The rows of gradients that nothing else is asked of: the caller's to dispose.</summary>
    public Tensor HandOverRows()
    {
        UseUp();
        return source.Rows(keepsGraph: false);
    }

    /// <inheritdoc/>
    internal override Tensor?[][] AtRepresentation() => source.AtRepresentation();

    /// <inheritdoc/>
    internal override void Tally(ComplianceTally tally, GradientLocation location)
    {
        if (location == GradientLocation.Representation)
        {
            foreach (var ofTasks in AtRepresentation())
            {
                tally.Add(ofTasks);
            }
        }
        else if (location == GradientLocation.Parameters && IsTooLarge)
        {
            source.VisitRows(rowMemory, tally.Add);
        }
        else
        {
            tally.Add(RowsAt(location));
        }
    }

    /// <inheritdoc/>
    private protected override double[] InnerProductsAt(GradientLocation location) =>
        location == GradientLocation.Representation ? source.RepresentationGramian()
        : location == GradientLocation.Parameters && IsTooLarge ? source.LeanGramian(rowMemory)
        : InnerProducts.Of(RowsAt(location));

    /// <inheritdoc/>
    private protected override Tensor Add(ReadOnlySpan<double> factors)
    {
        if (rows.IsValueCreated)
        {
            return Sum(Rows, factors);
        }

        using var scope = torch.NewDisposeScope();
        UseUp();
        source.Combine(factors);
        return storage.SharedGradients;
    }

    /// <inheritdoc/>
    private protected override void Dispose(bool disposing)
    {
        source.Settle();
        if (rows.IsValueCreated)
        {
            Rows.Dispose();
        }

        source.Dispose();
    }

    /// <summary>Whether rows by the shared parameters are taken in groups of these, for want of memory.</summary>
    private bool IsTooLarge => !rows.IsValueCreated && source.RowBytes > rowMemory;

    private Tensor TakeRows()
    {
        using var scope = torch.NewDisposeScope();
        if (keepsGraph)
        {
            passed = true;
        }
        else
        {
            UseUp();
        }

        return source.Rows(keepsGraph).DetachFromDisposeScope();
    }

    private void UseUp()
    {
        if (usedUp)
        {
            throw new InvalidOperationException(
                "One forward pass gives rows or one combination of the task gradients: ask for Rows first, and combine those."
            );
        }

        usedUp = passed = true;
    }

    private static Tensor Column(double[] numbers, Tensor like) =>
        torch.tensor(numbers, dtype: like.dtype, device: like.device).unsqueeze(1);
}
