using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>The gradient of each task's weighted loss, computed as far as somebody asks and no further.</summary>
/// <remarks>
/// <para>The cheapest way is taken to what is asked for: a combination costs about one backward pass, whatever its factors; rows
/// cost one for each task, through the trunk alone where the network is cut at its shared representation; their Gramian costs
/// what rows cost, and under a limit of memory is added up over groups of parameters instead, top layers first.</para>
/// <para>One instance belongs to one step and gives either rows or one combination, since a backward pass frees the graph;
/// combinations of rows are free, and so are looks at the representation or the last shared layer before either. Private
/// parameters receive their own task's gradient on the way.</para>
/// </remarks>
public abstract partial class TaskGradients : IDisposable
{
    private readonly Dictionary<GradientLocation, double[]> gramians = [];
    private double[] factors = [];

    private protected TaskGradients(TaskSelection tasks) => Tasks = tasks;

    /// <summary>The number of gradients.</summary>
    public int Count => Tasks.Count;

    /// <summary>The tasks whose gradients these are.</summary>
    public TaskSelection Tasks { get; }

    /// <summary>The losses whose gradients these are.</summary>
    /// <exception cref="InvalidOperationException">The gradients were given without losses.</exception>
    public abstract TaskLosses Losses { get; }

    /// <summary>The task gradients by the shared parameters, [tasks, shared parameters]. They live as long as this instance.</summary>
    /// <exception cref="InvalidOperationException">The graph was used up by a combination.</exception>
    public abstract Tensor Rows { get; }

    /// <summary>The weight of each loss in the objective; the gradients are those of weight times loss.</summary>
    public abstract ReadOnlySpan<double> Weights { get; }

    /// <summary>The factors of the last combination; empty when there was none.</summary>
    public ReadOnlySpan<double> Factors => factors;

    /// <summary>Whether the gradients are all there is: they then stand for every batch.</summary>
    public abstract bool AreExact { get; }

    /// <summary>Whether the network was cut at its shared representation.</summary>
    internal abstract bool IsCut { get; }

    /// <summary>These gradients, for methods that need the network that they come from.</summary>
    /// <exception cref="NotSupportedException">The gradients were given, and belong to no network.</exception>
    internal abstract GraphGradients Graph { get; }

    /// <summary>The relative error of the gradients' numbers.</summary>
    private protected abstract double Rounding { get; }

    /// <summary>The task gradients on an independent batch, [tasks, shared parameters]; the caller's to dispose.</summary>
    /// <param name="number">Tells several batches of one step apart, from 0.</param>
    /// <exception cref="InvalidOperationException">Nobody said where other batches come from.</exception>
    public abstract Tensor RowsOfAnotherBatch(int number = 0);

    /// <summary>The task gradients at a place, [tasks, numbers there]; the caller's to dispose but for <see cref="Rows"/>.</summary>
    /// <param name="location">At the parameters, the shared representation or the last shared layer.</param>
    /// <exception cref="InvalidOperationException">The network has no such location, or was not cut there.</exception>
    public abstract Tensor RowsAt(GradientLocation location);

    /// <summary>The gradient of each task by each tensor of the shared representation, for methods that need no matrix of them.</summary>
    /// <returns>[tensors][tasks], each of the shape of the tensor; null where it is zero.</returns>
    /// <exception cref="InvalidOperationException">The network has no such location, or was not cut there.</exception>
    internal abstract Tensor?[][] AtRepresentation();

    /// <summary>The inner products of the task gradients.</summary>
    /// <param name="location">At the parameters, the shared representation or the last shared layer.</param>
    /// <exception cref="NonFiniteException">A gradient is not finite.</exception>
    /// <exception cref="InvalidOperationException">The network has no such location, or was not cut there.</exception>
    public GramianView Gramian(GradientLocation location = GradientLocation.Parameters)
    {
        if (!gramians.TryGetValue(location, out var values))
        {
            using var scope = torch.NewDisposeScope();
            values = gramians[location] = InnerProductsAt(location);
        }

        for (var i = 0; i < Count; i++)
        {
            if (!double.IsFinite(values[i * (Count + 1)]))
            {
                throw new NonFiniteException(Tasks[i].Name, "gradient");
            }
        }

        return new GramianView(values, Tasks.Indices, LossNumbers) { Rounding = Rounding };
    }

    /// <summary>Adds up how far the task gradients at a place agree.</summary>
    internal virtual void Tally(ComplianceTally tally, GradientLocation location) => tally.Add(RowsAt(location));

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
        return Add(factors);
    }

    /// <summary>The update of the shared parameters that a gradient by the shared representation makes.</summary>
    /// <param name="upstream">The gradient by the shared representation, [its numbers], as <see cref="RowsAt"/> has them.</param>
    /// <returns>[shared parameters]; the storage of the gradients itself.</returns>
    /// <exception cref="InvalidOperationException">The network was not cut, or the graph was used up.</exception>
    public abstract Tensor Backpropagate(Tensor upstream);

    /// <summary>Scales the gradients of the tasks' private parameters, for methods whose weights are meant for them too.</summary>
    /// <remarks>Call it after <see cref="Combine"/> or <see cref="Backpropagate"/>, by when they are there.</remarks>
    /// <param name="factors">One factor a task.</param>
    public abstract void ScalePrivate(ReadOnlySpan<double> factors);

    /// <summary>
    /// Replaces the gradients of all parameters: the shared ones' by what an aggregator makes of the task gradients, each
    /// private one's by that of its task's weighted loss. An optimizer's step comes next. Disposes this instance.
    /// </summary>
    /// <param name="aggregator">Turns the task gradients into one update.</param>
    /// <param name="step">Where the run stands; the start of a run when null.</param>
    /// <exception cref="NonFiniteException">A gradient that the aggregator looks at is not finite.</exception>
    /// <exception cref="InvalidOperationException">The gradients were given, so there is no parameter to update.</exception>
    public abstract void Apply(GradientAggregator aggregator, StepContext? step = null);

    /// <summary>Releases the rows.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The losses as numbers; empty where they are not known.</summary>
    private protected virtual ReadOnlySpan<double> LossNumbers => Losses.Numbers;

    /// <summary>What stands in for other batches where nobody said where they come from.</summary>
    private protected static Func<int, Tensor> NoOtherBatches { get; } =
        _ =>
            throw new InvalidOperationException(
                "This method looks at several independent batches a step: train with Trainer, or say how their gradients come about (another) when you make the task gradients."
            );

    /// <summary>The inner products at a place, row by row.</summary>
    private protected abstract double[] InnerProductsAt(GradientLocation location);

    /// <summary>The weighted sum.</summary>
    private protected abstract Tensor Add(ReadOnlySpan<double> factors);

    /// <summary>Forgets inner products, for when the weights have changed.</summary>
    private protected void ForgetGramians() => gramians.Clear();

    /// <summary>Releases the rows.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    private protected abstract void Dispose(bool disposing);

    /// <summary>A weighted sum of rows, a new tensor.</summary>
    private protected static Tensor Sum(Tensor rows, ReadOnlySpan<double> factors)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var vector = torch.tensor(factors.ToArray(), dtype: rows.dtype, device: rows.device);
        return rows.t().mv(vector).MoveToOuterDisposeScope();
    }
}
