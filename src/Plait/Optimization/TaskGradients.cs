using System.Runtime.CompilerServices;
using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Optimization;

/// <summary>The gradient of each task's weighted loss, computed as far as somebody asks and no further.</summary>
/// <remarks>
/// <para>The cheapest way is taken to what is asked for: a plain sum is one backward pass; a combination whose network is cut at its
/// shared representation is one pass over the heads and one over the trunk; rows are one trunk pass for each task.</para>
/// <para>One instance belongs to one forward pass, since a backward pass frees the graph.</para>
/// </remarks>
public sealed class TaskGradients
{
    private static readonly ConditionalWeakTable<MultiTaskNetwork, FlatParameters> Storages = [];

    private readonly TaskLosses losses;
    private readonly FlatParameters storage;
    private readonly SharedRepresentation? cut;
    private readonly Tensor? weightTensor;
    private readonly double[] weights;
    private Tensor? rows;
    private bool headsDone;

    private TaskGradients(TaskLosses losses, FlatParameters storage, SharedRepresentation? cut, Tensor? objective)
    {
        this.losses = losses;
        this.storage = storage;
        this.cut = cut;
        weights = new double[losses.Count];
        if (objective is null || ReferenceEquals(objective, losses.Values))
        {
            Array.Fill(weights, 1);
        }
        else
        {
            using var total = objective.sum();
            total.backward();
            weightTensor = losses.Values.grad ?? torch.zeros_like(losses.Values);
            Torch.Numbers.Read(weightTensor).CopyTo(weights, 0);
        }
    }

    /// <summary>The gradients of some losses by the parameters of a network.</summary>
    /// <param name="losses">One loss a task; their graph is used up.</param>
    /// <param name="network">The network that the losses come from. Its parameters move to flat storage at the first call.</param>
    /// <param name="outputs">What <see cref="MultiTaskNetwork.Forward"/> returned; needed when the network was cut.</param>
    /// <param name="objective">What a loss weighting returned for these losses; null weighs each loss 1.</param>
    public static TaskGradients Of(
        TaskLosses losses,
        MultiTaskNetwork network,
        TaskOutputs? outputs = null,
        Tensor? objective = null
    )
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(network);
        return new(losses, StorageOf(network), outputs?.Representation, objective);
    }

    /// <summary>The number of gradients.</summary>
    public int Count => losses.Count;

    /// <summary>The losses whose gradients these are.</summary>
    public TaskLosses Losses => losses;

    /// <summary>The weight of each loss in the objective; the gradients are those of weight times loss.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>The task gradients by the shared parameters, [tasks, shared parameters].</summary>
    public Tensor Rows => rows ??= TakeRows();

    /// <summary>The flat storage of a network, made at the first call.</summary>
    public static FlatParameters StorageOf(MultiTaskNetwork network) => Storages.GetValue(network, FlatParameters.Of);

    /// <summary>The inner products of the task gradients.</summary>
    /// <param name="place">At the parameters, or at the shared representation.</param>
    /// <exception cref="NonFiniteException">A gradient is not finite.</exception>
    /// <exception cref="InvalidOperationException">The representation is asked for and the network was not cut.</exception>
    public GramianView Gramian(GradientPlace place = GradientPlace.Parameters)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var vectors = place == GradientPlace.Parameters ? Rows : RepresentationRows();
        var values = Torch.Numbers.Read(vectors.mm(vectors.t()));
        for (var i = 0; i < Count; i++)
        {
            if (!double.IsFinite(values[(i * Count) + i]))
            {
                throw new NonFiniteException(losses.Tasks[i].Name, "gradient");
            }
        }

        return new GramianView(values, losses.Tasks.Indices, losses.Numbers);
    }

    /// <summary>The weighted sum of the task gradients by the shared parameters.</summary>
    /// <param name="factors">One factor a task.</param>
    /// <returns>[shared parameters]; may be the storage of the gradients itself.</returns>
    public Tensor Combine(ReadOnlySpan<double> factors)
    {
        if (factors.Length != Count)
        {
            throw new ArgumentException(
                $"{Count} task gradients need as many factors; got {factors.Length}.",
                nameof(factors)
            );
        }

        if (rows is null && cut is null && !factors.ContainsAnyExcept(1.0))
        {
            BackwardWhole();
            return storage.SharedGradients;
        }

        if (rows is null && cut is not null)
        {
            BackwardTrunk(factors);
            return storage.SharedGradients;
        }

        using var noGrad = torch.no_grad();
        using var vector = torch.tensor(factors.ToArray(), dtype: Rows.dtype, device: Rows.device);
        return torch.mv(Rows.t(), vector);
    }

    /// <summary>
    /// Replaces the gradients of all parameters: the shared ones' by what an aggregator makes of the task gradients, each
    /// private one's by that of its task's weighted loss. An optimizer's step comes next.
    /// </summary>
    /// <param name="aggregator">Turns the task gradients into one update.</param>
    /// <param name="step">Where the run stands; the start of a run when null.</param>
    /// <exception cref="NonFiniteException">A gradient that the aggregator looks at is not finite.</exception>
    public void Apply(GradientAggregator aggregator, StepContext? step = null)
    {
        ArgumentNullException.ThrowIfNull(aggregator);
        using var scope = torch.NewDisposeScope();
        storage.ZeroGradients();
        var update = aggregator.Aggregate(this, step ?? new StepContext { Tasks = losses.Tasks.Tasks });
        if (!headsDone)
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

    private void BackwardWhole()
    {
        torch.autograd.backward([.. losses.Scalars], RootGradients());
        headsDone = true;
    }

    private void BackwardHeads()
    {
        if (!headsDone)
        {
            BackwardWhole();
        }
    }

    private void BackwardTrunk(ReadOnlySpan<double> factors)
    {
        BackwardHeads();
        var seeds = new Tensor[cut!.Values.Count];
        using (torch.no_grad())
        {
            for (var part = 0; part < seeds.Length; part++)
            {
                seeds[part] = torch.zeros_like(cut.Values[part]);
                for (var i = 0; i < Count; i++)
                {
                    if (LeafGradient(i, part) is { } gradient)
                    {
                        seeds[part].add_(gradient, factors[i]);
                    }
                }
            }
        }

        torch.autograd.backward([.. cut.Values], seeds);
    }

    private Tensor TakeRows()
    {
        var taken = torch.empty([Count, storage.SharedLength], storage.Values.dtype, storage.Values.device);
        if (cut is not null)
        {
            BackwardHeads();
        }

        for (var i = 0; i < Count; i++)
        {
            var last = i == Count - 1;
            storage.SharedGradients.zero_();
            if (cut is not null)
            {
                torch.autograd.backward(
                    [.. cut.Values],
                    [.. cut.Values.Select((value, part) => LeafGradient(i, part) ?? torch.zeros_like(value))],
                    retain_graph: !last
                );
            }
            else
            {
                torch.autograd.backward([losses.Scalars[i]], [RootGradients()[i]], retain_graph: !last);
            }

            using var row = taken.select(0, i);
            row.copy_(storage.SharedGradients);
        }

        storage.SharedGradients.zero_();
        headsDone = true;
        return taken;
    }

    private Tensor RepresentationRows()
    {
        if (cut is null)
        {
            throw new InvalidOperationException(
                "This network has no single shared representation to take gradients at, or was not cut there: take them at the parameters instead."
            );
        }

        BackwardHeads();
        return torch.stack([
            .. Enumerable
                .Range(0, Count)
                .Select(i =>
                    torch.cat([
                        .. cut.Values.Select(
                            (value, part) => (LeafGradient(i, part) ?? torch.zeros_like(value)).flatten()
                        ),
                    ])
                ),
        ]);
    }

    private Tensor? LeafGradient(int i, int part) => cut!.Of(losses.Tasks.Indices[i])[part].grad;

    private Tensor[] RootGradients() =>
        weightTensor is null
            ? [.. losses.Scalars.Select(loss => torch.ones_like(loss))]
            : [.. losses.Scalars.Select((loss, i) => weightTensor.select(0, i).view(loss.shape))];
}
