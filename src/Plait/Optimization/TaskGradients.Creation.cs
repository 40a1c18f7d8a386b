using Plait.Networks;
using Plait.Tasks;
using TorchSharp.Modules;

namespace Plait.Optimization;

/// <content>The ways to make one.</content>
public abstract partial class TaskGradients
{
    /// <summary>The gradients of some losses by the parameters of a network, whose gradients so far are set to zero.</summary>
    /// <param name="losses">One loss a task; their graph is used up.</param>
    /// <param name="network">The network that the losses come from. Its parameters move to flat storage at the first call.</param>
    /// <param name="outputs">What <see cref="MultiTaskNetwork.Forward(Data.MultiTaskBatch, TaskSelection, bool)"/> returned; needed where the pass was cut.</param>
    /// <param name="objective">What a loss weighting returned for these losses; null weighs each loss 1.</param>
    /// <param name="rowMemory">
    /// Bytes that the rows of a Gramian may take at once. Where they would take more, it is added up over groups of parameters, at
    /// the cost of more backward passes.
    /// </param>
    /// <param name="alsoLearned">
    /// What else the losses depend on and should be learned, such as an adapter of a distillation: receives the gradient of the
    /// weighted losses beside what its gradient holds.
    /// </param>
    /// <param name="another">
    /// Computes, at the cost of a forward and T backward passes, the rows of an independent batch of the same tasks, by a number from 0; needed
    /// by methods that look at several batches.
    /// </param>
    /// <exception cref="ArgumentException">The objective is not made of the losses.</exception>
    /// <exception cref="NonFiniteException">The objective's derivative by a loss is not finite.</exception>
    public static TaskGradients Of(
        TaskLosses losses,
        MultiTaskNetwork network,
        TaskOutputs? outputs = null,
        Tensor? objective = null,
        long rowMemory = long.MaxValue,
        IReadOnlyList<Parameter>? alsoLearned = null,
        Func<int, Tensor>? another = null
    )
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(network);
        var weights = objective is null ? Ones(losses.Count) : ObjectiveWeights.Of(losses, objective);
        var gradients = OfGraph(
            losses,
            network,
            outputs?.Representation,
            alsoLearned ?? [],
            rowMemory,
            another: another
        );
        gradients.Weigh(weights);
        return gradients;
    }

    /// <summary>The gradients of some losses, which are yet to be weighed.</summary>
    /// <param name="losses">One loss a task; their graph is used up.</param>
    /// <param name="network">The network that the losses come from.</param>
    /// <param name="cut">Where the network was cut; null where it was not.</param>
    /// <param name="alsoLearned">What else the losses depend on and should be learned.</param>
    /// <param name="rowMemory">Bytes that the rows of a Gramian may take at once.</param>
    /// <param name="keepsGraph">Whether rows leave the graph for one more pass.</param>
    /// <param name="another">Computes the rows of an independent batch; refuses when null.</param>
    internal static GraphGradients OfGraph(
        TaskLosses losses,
        MultiTaskNetwork network,
        SharedRepresentation? cut,
        IReadOnlyList<Parameter> alsoLearned,
        long rowMemory,
        bool keepsGraph = false,
        Func<int, Tensor>? another = null
    )
    {
        var learned = new LearnedGradients(alsoLearned, losses.Count);
        var source = new BackwardPasses(losses, network.Storage, cut, Ones(losses.Count), learned);
        return new GraphGradients(losses.Tasks, network, source, rowMemory, keepsGraph, another ?? NoOtherBatches);
    }

    /// <summary>The gradients of a step of several parts, which are yet to be weighed.</summary>
    /// <param name="parts">Their shares of the losses.</param>
    /// <param name="network">The network that the losses come from.</param>
    /// <param name="cut">Whether each pass is cut at the shared representation.</param>
    /// <param name="alsoLearned">What else the losses depend on and should be learned.</param>
    /// <param name="rowMemory">Bytes that the rows of a Gramian may take at once.</param>
    /// <param name="another">Computes the rows of an independent batch; refuses when null.</param>
    internal static GraphGradients OfParts(
        IReadOnlyList<IObjectivePart> parts,
        MultiTaskNetwork network,
        bool cut,
        IReadOnlyList<Parameter> alsoLearned,
        long rowMemory,
        Func<int, Tensor>? another = null
    )
    {
        var tasks = parts[0].Tasks;
        var learned = new LearnedGradients(alsoLearned, tasks.Count);
        var source = new AccumulatedPasses(parts, network, cut, Ones(tasks.Count), learned);
        return new GraphGradients(tasks, network, source, rowMemory, keepsGraph: false, another ?? NoOtherBatches);
    }

    /// <summary>Gradients that somebody has computed already.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="rows">[tasks, parameters], float32 or float64; disposed with this instance.</param>
    /// <param name="losses">The losses, for methods that ask for them.</param>
    /// <param name="another">
    /// Gives the rows of an independent batch, by a number from 0; when null, the gradients are exact and stand for every batch.
    /// </param>
    /// <exception cref="ArgumentException">The tensor is not a matrix with one row a task.</exception>
    public static TaskGradients OfRows(
        TaskSet tasks,
        Tensor rows,
        TaskLosses? losses = null,
        Func<int, Tensor>? another = null
    )
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return OfRows(tasks.All, rows, losses, another);
    }

    /// <summary>Gradients of some of the tasks, that somebody has computed already.</summary>
    /// <inheritdoc cref="OfRows(TaskSet, Tensor, TaskLosses?, Func{int, Tensor}?)"/>
    public static TaskGradients OfRows(
        TaskSelection tasks,
        Tensor rows,
        TaskLosses? losses = null,
        Func<int, Tensor>? another = null
    )
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.dim() != 2 || rows.size(0) != tasks.Count)
        {
            throw new ArgumentException(
                $"The gradients of {tasks.Count} tasks are a matrix of as many rows; got {TargetShapes.Text(rows.shape)}.",
                nameof(rows)
            );
        }

        return new GivenGradients(tasks, rows, losses, another);
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];
}
