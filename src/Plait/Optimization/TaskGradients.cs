using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization;

/// <summary>The gradient of each task's weighted loss, computed as far as somebody asks and no further.</summary>
/// <remarks>
/// <para>The cheapest way is taken to what is asked for: a combination costs about one backward pass, whatever its factors; rows
/// cost one for each task, through the trunk alone where the network is cut at its shared representation; their Gramian costs
/// what rows cost, and under a limit of memory is added up over groups of parameters instead, top layers first.</para>
/// <para>One instance belongs to one forward pass and gives either rows or one combination, since a backward pass frees the graph;
/// combinations of rows are free, and so are looks at the representation or the last shared layer before either. Private
/// parameters receive their own task's gradient on the way.</para>
/// </remarks>
public sealed partial class TaskGradients : IDisposable
{
    private readonly TaskLosses? losses;
    private readonly TaskSelection tasks;
    private readonly FlatParameters? storage;
    private readonly BackwardPasses? passes;
    private readonly double[] weights;
    private readonly long rowMemory;
    private readonly Dictionary<GradientPlace, double[]> gramians = [];
    private double[]? factors;
    private Tensor? rows;
    private bool graphUsed;

    private TaskGradients(
        TaskLosses losses,
        MultiTaskNetwork network,
        SharedRepresentation? cut,
        Tensor? objective,
        long rowMemory,
        IReadOnlyList<Parameter>? alsoLearned
    )
    {
        this.losses = losses;
        this.rowMemory = rowMemory;
        tasks = losses.Tasks;
        Network = network;
        storage = NetworkStorage.Of(network);
        weights = new double[losses.Count];
        Array.Fill(weights, 1);
        passes = new BackwardPasses(losses, storage, cut, weights, alsoLearned ?? []);
        if (objective is not null)
        {
            Weigh(objective);
        }

        storage.Attach();
        storage.ZeroGradients();
    }

    private TaskGradients(TaskSelection tasks, Tensor? rows, TaskLosses? losses, MultiTaskNetwork? network = null)
    {
        Network = network;
        storage = network is null ? null : NetworkStorage.Of(network);
        this.tasks = tasks;
        this.losses = losses;
        this.rows = rows;
        graphUsed = true;
        weights = new double[tasks.Count];
        Array.Fill(weights, 1);
    }

    /// <summary>The number of gradients.</summary>
    public int Count => tasks.Count;

    /// <summary>The tasks whose gradients these are.</summary>
    public TaskSelection Tasks => tasks;

    /// <summary>The losses whose gradients these are.</summary>
    /// <exception cref="InvalidOperationException">The gradients were given without losses.</exception>
    public TaskLosses Losses =>
        losses ?? throw new InvalidOperationException("This needs the tasks' losses, and only gradients were given.");

    /// <summary>The network that the losses come from; null for gradients that were given.</summary>
    public MultiTaskNetwork? Network { get; }

    /// <summary>Where the network was cut at its shared representation, with the values there; null where it was not.</summary>
    public SharedRepresentation? Representation => passes?.Cut;

    /// <summary>The task gradients by the shared parameters, [tasks, shared parameters]. They live as long as this instance.</summary>
    /// <exception cref="InvalidOperationException">The graph was used up by a combination.</exception>
    public Tensor Rows => rows ??= TakeRows();

    /// <summary>Computes, at the cost of a forward and T backward passes, the rows of an independent batch of the same tasks.</summary>
    /// <remarks>The trainer sets it; in a loop of one's own it is null until set, and methods that need it say so.</remarks>
    public Func<int, Tensor>? Sampler { get; set; }

    /// <summary>The task gradients on an independent batch, [tasks, shared parameters]; the caller's to dispose.</summary>
    /// <param name="number">Tells several batches of one step apart, from 0.</param>
    /// <exception cref="InvalidOperationException">Nobody said where other batches come from.</exception>
    public Tensor RowsOfAnotherBatch(int number = 0)
    {
        if (Sampler is null)
        {
            throw new InvalidOperationException(
                "This method looks at several independent batches a step: train with Trainer, or set TaskGradients.Sampler."
            );
        }

        _ = Rows;
        if (storage is null)
        {
            return Sampler(number);
        }

        using var scope = torch.NewDisposeScope();
        var kept = storage.Gradients.clone();
        var sample = Sampler(number);
        storage.Gradients.copy_(kept);
        return (
            weights.AsSpan().ContainsAnyExcept(1.0) ? sample.mul_(Column(weights, sample)) : sample
        ).MoveToOuterDisposeScope();
    }

    /// <summary>The task gradients at a place, [tasks, numbers there]; the caller's to dispose but for <see cref="Rows"/>.</summary>
    /// <param name="place">At the parameters, the shared representation or the last shared layer.</param>
    /// <exception cref="InvalidOperationException">The network has no such place, or was not cut there.</exception>
    public Tensor RowsAt(GradientPlace place) =>
        passes is null
            ? RequireParameters(place)
            : place switch
            {
                GradientPlace.Representation => passes.RepresentationRows().detach(),
                GradientPlace.LastSharedLayer => passes.RowsOf(Network!.LastSharedLayer),
                _ => Rows,
            };

    /// <summary>The gradient of each task by each tensor of the shared representation, for methods that need no matrix of them.</summary>
    /// <returns>[tensors][tasks], each of the shape of the tensor; null where it is zero.</returns>
    /// <exception cref="InvalidOperationException">The network has no such place, or was not cut there.</exception>
    internal Tensor?[][] AtRepresentation() =>
        passes is null
            ?
            [
                [RequireParameters(GradientPlace.Representation)],
            ]
            : passes.AtRepresentation();

    /// <summary>The inner products of the task gradients.</summary>
    /// <param name="place">At the parameters, the shared representation or the last shared layer.</param>
    /// <exception cref="NonFiniteException">A gradient is not finite.</exception>
    /// <exception cref="InvalidOperationException">The network has no such place, or was not cut there.</exception>
    public GramianView Gramian(GradientPlace place = GradientPlace.Parameters)
    {
        if (!gramians.TryGetValue(place, out var values))
        {
            using var scope = torch.NewDisposeScope();
            values = gramians[place] =
                place == GradientPlace.Representation && passes is not null ? passes.RepresentationGramian()
                : place == GradientPlace.Parameters && rows is null && passes is not null && passes.RowBytes > rowMemory
                    ? passes.LeanGramian(rowMemory)
                : InnerProducts.Of(RowsAt(place));
        }

        for (var i = 0; i < Count; i++)
        {
            if (!double.IsFinite(values[i * (Count + 1)]))
            {
                throw new NonFiniteException(tasks[i].Name, "gradient");
            }
        }

        return new GramianView(values, tasks.Indices, losses is null ? [] : losses.Numbers)
        {
            Rounding = Torch.Numbers.Rounding(rows?.dtype ?? storage!.Values.dtype),
        };
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

        this.factors = factors.ToArray();
        using var scope = torch.NewDisposeScope();
        if (rows is null && passes is null)
        {
            return storage!.SharedGradients;
        }

        if (rows is not null)
        {
            using var noGrad = torch.no_grad();
            var vector = torch.tensor(this.factors, dtype: rows.dtype, device: rows.device);
            return rows.t().mv(vector).MoveToOuterDisposeScope();
        }

        UseGraph().Combine(factors);
        return storage!.SharedGradients;
    }

    /// <summary>The update of the shared parameters that a gradient by the shared representation makes.</summary>
    /// <param name="upstream">The gradient by the shared representation, [its numbers], as <see cref="RowsAt"/> has them.</param>
    /// <returns>[shared parameters]; the storage of the gradients itself.</returns>
    /// <exception cref="InvalidOperationException">The network was not cut, or the graph was used up.</exception>
    public Tensor Backpropagate(Tensor upstream)
    {
        ArgumentNullException.ThrowIfNull(upstream);
        using var scope = torch.NewDisposeScope();
        UseGraph().FromRepresentation(upstream);
        return storage!.SharedGradients;
    }

    /// <summary>Scales the gradients of the tasks' private parameters, for methods whose weights are meant for them too.</summary>
    /// <remarks>Call it after <see cref="Combine"/> or <see cref="Backpropagate"/>, by when they are there.</remarks>
    /// <param name="factors">One factor a task.</param>
    public void ScalePrivate(ReadOnlySpan<double> factors)
    {
        using var scope = torch.NewDisposeScope();
        for (var i = 0; i < Count; i++)
        {
            passes?.ScaleOwn(i, factors[i]);
        }
    }

    /// <summary>
    /// Replaces the gradients of all parameters: the shared ones' by what an aggregator makes of the task gradients, each
    /// private one's by that of its task's weighted loss. An optimizer's step comes next. Disposes this instance.
    /// </summary>
    /// <param name="aggregator">Turns the task gradients into one update.</param>
    /// <param name="step">Where the run stands; the start of a run when null.</param>
    /// <exception cref="NonFiniteException">A gradient that the aggregator looks at is not finite.</exception>
    /// <exception cref="InvalidOperationException">The gradients were given, so there is no parameter to update.</exception>
    public void Apply(GradientAggregator aggregator, StepContext? step = null)
    {
        ArgumentNullException.ThrowIfNull(aggregator);
        if (storage is null)
        {
            throw new InvalidOperationException(
                "These gradients were given and belong to no network: call Aggregate of the method itself."
            );
        }

        using var owner = this;
        using var scope = torch.NewDisposeScope();
        var update = aggregator.Aggregate(this, step ?? new StepContext { Tasks = tasks.Tasks });
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
    public void Dispose()
    {
        rows?.Dispose();
        passes?.Forget();
    }

    private Tensor RequireParameters(GradientPlace place) =>
        place == GradientPlace.Parameters
            ? Rows
            : throw new InvalidOperationException(
                $"These gradients were given and have one place alone: they cannot be taken at '{place}'."
            );

    private Tensor TakeRows()
    {
        using var scope = torch.NewDisposeScope();
        return UseGraph().Rows().DetachFromDisposeScope();
    }

    private BackwardPasses UseGraph()
    {
        if (graphUsed)
        {
            throw new InvalidOperationException(
                "One forward pass gives rows or one combination of the task gradients: ask for Rows first, and combine those."
            );
        }

        graphUsed = true;
        return passes!;
    }
}
