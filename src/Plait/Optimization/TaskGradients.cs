using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization;

/// <summary>The gradient of each task's weighted loss, computed as far as somebody asks and no further.</summary>
/// <remarks>
/// <para>The cheapest way is taken to what is asked for: a combination costs about one backward pass, whatever its factors; rows
/// cost one for each task, through the trunk alone where the network is cut at its shared representation.</para>
/// <para>One instance belongs to one forward pass and gives either rows or one combination, since a backward pass frees the graph;
/// combinations of rows are free. Private parameters receive their own task's gradient at the first of either.</para>
/// </remarks>
public sealed class TaskGradients : IDisposable
{
    private readonly TaskLosses losses;
    private readonly FlatParameters storage;
    private readonly BackwardPasses passes;
    private readonly double[] weights;
    private Tensor? rows;
    private bool graphUsed;

    private TaskGradients(TaskLosses losses, FlatParameters storage, SharedRepresentation? cut, Tensor? objective)
    {
        this.losses = losses;
        this.storage = storage;
        weights = new double[losses.Count];
        passes = new BackwardPasses(losses, storage, cut, weights);
        if (objective is null || ReferenceEquals(objective, losses.Values))
        {
            Array.Fill(weights, 1);
        }
        else
        {
            Differentiate(objective);
        }

        storage.Attach();
        storage.ZeroGradients();
    }

    /// <summary>The gradients of some losses by the parameters of a network, whose gradients so far are set to zero.</summary>
    /// <param name="losses">One loss a task; their graph is used up.</param>
    /// <param name="network">The network that the losses come from. Its parameters move to flat storage at the first call.</param>
    /// <param name="outputs">What <see cref="MultiTaskNetwork.Forward"/> returned; needed when the network was cut.</param>
    /// <param name="objective">What a loss weighting returned for these losses; null weighs each loss 1.</param>
    /// <exception cref="ArgumentException">The network was cut and <paramref name="outputs"/> is null, or the objective is not made of the losses.</exception>
    /// <exception cref="NonFiniteException">The objective's derivative by a loss is not finite.</exception>
    public static TaskGradients Of(
        TaskLosses losses,
        MultiTaskNetwork network,
        TaskOutputs? outputs = null,
        Tensor? objective = null
    )
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(network);
        if (outputs is null && network.CutsRepresentation && network.HasSharedRepresentation)
        {
            throw new ArgumentException(
                "The network cuts its shared representation, so its losses do not reach the shared parameters by themselves: give what Forward returned as well.",
                nameof(outputs)
            );
        }

        return new(losses, NetworkStorage.Of(network), outputs?.Representation, objective);
    }

    /// <summary>The number of gradients.</summary>
    public int Count => losses.Count;

    /// <summary>The losses whose gradients these are.</summary>
    public TaskLosses Losses => losses;

    /// <summary>The weight of each loss in the objective; the gradients are those of weight times loss.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>The task gradients by the shared parameters, [tasks, shared parameters]. They live as long as this instance.</summary>
    /// <exception cref="InvalidOperationException">The graph was used up by a combination.</exception>
    public Tensor Rows => rows ??= TakeRows();

    /// <summary>The inner products of the task gradients.</summary>
    /// <param name="place">At the parameters, or at the shared representation.</param>
    /// <exception cref="NonFiniteException">A gradient is not finite.</exception>
    /// <exception cref="InvalidOperationException">The representation is asked for and the network was not cut.</exception>
    public GramianView Gramian(GradientPlace place = GradientPlace.Parameters)
    {
        using var scope = torch.NewDisposeScope();
        var vectors = place == GradientPlace.Parameters ? Rows : passes.RepresentationRows();
        var values = Torch.Numbers.Read(vectors.mm(vectors.t()));
        for (var i = 0; i < Count; i++)
        {
            if (!double.IsFinite(values[i * (Count + 1)]))
            {
                throw new NonFiniteException(losses.Tasks[i].Name, "gradient");
            }
        }

        return new GramianView(values, losses.Tasks.Indices, losses.Numbers);
    }

    /// <summary>The weighted sum of the task gradients by the shared parameters.</summary>
    /// <param name="factors">One factor a task.</param>
    /// <returns>[shared parameters]; may be the storage of the gradients itself.</returns>
    /// <exception cref="ArgumentException">There is not one factor a task.</exception>
    /// <exception cref="InvalidOperationException">The graph was used up by another combination.</exception>
    public Tensor Combine(ReadOnlySpan<double> factors)
    {
        if (factors.Length != Count)
        {
            throw new ArgumentException(
                $"{Count} task gradients need as many factors; got {factors.Length}.",
                nameof(factors)
            );
        }

        using var scope = torch.NewDisposeScope();
        if (rows is not null)
        {
            using var noGrad = torch.no_grad();
            var vector = torch.tensor(factors.ToArray(), dtype: rows.dtype, device: rows.device);
            return rows.t().mv(vector).MoveToOuterDisposeScope();
        }

        UseGraph();
        passes.Combine(factors);
        return storage.SharedGradients;
    }

    /// <summary>
    /// Replaces the gradients of all parameters: the shared ones' by what an aggregator makes of the task gradients, each
    /// private one's by that of its task's weighted loss. An optimizer's step comes next. Disposes this instance.
    /// </summary>
    /// <param name="aggregator">Turns the task gradients into one update.</param>
    /// <param name="step">Where the run stands; the start of a run when null.</param>
    /// <exception cref="NonFiniteException">A gradient that the aggregator looks at is not finite.</exception>
    public void Apply(GradientAggregator aggregator, StepContext? step = null)
    {
        ArgumentNullException.ThrowIfNull(aggregator);
        using var owner = this;
        using var scope = torch.NewDisposeScope();
        var update = aggregator.Aggregate(this, step ?? new StepContext { Tasks = losses.Tasks.Tasks });
        if (!graphUsed)
        {
            throw new InvalidOperationException(
                $"{aggregator.GetType().Name} made an update without looking at the task gradients."
            );
        }

        if (!ReferenceEquals(update, storage.SharedGradients))
        {
            storage.SharedGradients.copy_(update);
        }
    }

    /// <summary>Releases the rows.</summary>
    public void Dispose() => rows?.Dispose();

    private void Differentiate(Tensor objective)
    {
        using var scope = torch.NewDisposeScope();
        var before = losses.Values.grad;
        before?.zero_();
        if (objective.requires_grad)
        {
            objective.sum().backward();
        }

        if (losses.Values.grad is not { } derivative)
        {
            throw new ArgumentException(
                "The objective does not depend on the losses: a loss weighting builds it on TaskLosses.Values.",
                nameof(objective)
            );
        }

        Torch.Numbers.Read(derivative).CopyTo(weights, 0);
        var bad = Array.FindIndex(weights, weight => !double.IsFinite(weight));
        if (bad >= 0)
        {
            throw new NonFiniteException(losses.Tasks[bad].Name, "weight");
        }
    }

    private Tensor TakeRows()
    {
        UseGraph();
        using var scope = torch.NewDisposeScope();
        return passes.Rows().DetachFromDisposeScope();
    }

    private void UseGraph()
    {
        if (graphUsed)
        {
            throw new InvalidOperationException(
                "One forward pass gives rows or one combination of the task gradients: ask for Rows first, and combine those."
            );
        }

        graphUsed = true;
    }
}
