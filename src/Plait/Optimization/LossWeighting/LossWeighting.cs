using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Turns the tasks' losses into the terms of one objective (survey section 3.1).</summary>
/// <remarks>
/// A method with fixed or computed weights multiplies; one that learns its weights, or whose objective is no weighted sum at
/// all (a product, a smooth maximum), writes the objective down and leaves the derivative to autograd.
/// </remarks>
[MethodKind(MethodKind.Weighting)]
public abstract class LossWeighting : TrainingComponent
{
    /// <inheritdoc/>
    public sealed override void Begin(TrainingContext training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Begin(training.Network);
    }

    /// <summary>Starts a run: forgets the one before and creates <see cref="TrainingComponent.Parameters"/>.</summary>
    /// <param name="tasks">The tasks of the run.</param>
    /// <param name="device">Where the losses will be.</param>
    public virtual void Begin(TaskSet tasks, Device device) { }

    /// <summary>Starts a run with a network, for methods that have to know it.</summary>
    /// <param name="network">The network of the run, on the device where the losses will be.</param>
    /// <exception cref="NotSupportedException">The network lacks what the method is about.</exception>
    public virtual void Begin(MultiTaskNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Begin(network.Tasks, network.Device);
    }

    /// <summary>Where <see cref="Observe"/> looks at gradients; null where it is not to be called.</summary>
    public virtual GradientLocation? ObservedLocation => null;

    /// <summary>Whether <see cref="Weigh"/> depends on what the losses are; otherwise it may be given NaN for numbers that are not known yet.</summary>
    public virtual bool DependsOnLosses => true;

    /// <summary>Looks at the task gradients of the step before the losses are weighed, for methods that balance gradients.</summary>
    /// <param name="gradients">The gradients of the losses as they are; ask for a look (rows, a Gramian) and for no combination.</param>
    /// <param name="step">Where the run stands.</param>
    public virtual void Observe(TaskGradients gradients, StepContext step) { }

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
}
