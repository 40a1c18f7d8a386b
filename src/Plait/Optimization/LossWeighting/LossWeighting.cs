using Plait.Catalogue;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Optimization.LossWeighting;

/// <summary>Turns the tasks' losses into the terms of one objective (survey section 3.1).</summary>
/// <remarks>
/// A method with fixed or computed weights multiplies; one that learns its weights, or whose objective is no weighted sum at
/// all (a product, a smooth maximum), writes the objective down and leaves the derivative to autograd.
/// State lives in the instance from <see cref="Begin"/> on and travels through checkpoints by <see cref="Save"/> and
/// <see cref="Load"/>; one instance serves one run at a time.
/// </remarks>
[MethodKind(MethodKind.Weighting)]
public abstract class LossWeighting : IStateful
{
    /// <summary>Starts a run: forgets the one before and creates <see cref="Parameters"/>.</summary>
    /// <param name="tasks">The tasks of the run.</param>
    /// <param name="device">Where the losses will be.</param>
    public virtual void Begin(TaskSet tasks, Device device) { }

    /// <summary>What the recipe's optimizer learns along with the network, without weight decay.</summary>
    public virtual IReadOnlyList<Parameter> Parameters => [];

    /// <summary>The objective of one step, built on <see cref="TaskLosses.Values"/>.</summary>
    /// <param name="losses">Losses of the tasks that have a target in this step.</param>
    /// <param name="step">Where the run stands.</param>
    /// <returns>One or more terms, whose sum is descended. Its derivative by each loss is that task's weight.</returns>
    public abstract Tensor Weigh(TaskLosses losses, StepContext step);

    /// <summary>Called after the parameters moved.</summary>
    /// <param name="before">The losses that the step was taken on.</param>
    /// <param name="recompute">Computes, at the cost of a forward pass, the losses of the same batch as they are now.</param>
    /// <param name="step">Where the run stands.</param>
    public virtual void AfterStep(TaskLosses before, Func<TaskLosses> recompute, StepContext step) { }

    /// <inheritdoc/>
    public virtual void Save(StateDictionary state) { }

    /// <inheritdoc/>
    public virtual void Load(StateDictionary state) { }
}
