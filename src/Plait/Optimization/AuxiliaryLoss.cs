using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>Changes a task's loss by what else should hold of the step: a teacher's opinion, an adversary's, another task's.</summary>
/// <remarks>
/// The term becomes part of its task's loss before losses are weighed and gradients aggregated, so it takes part in the tasks'
/// conflicts as the loss does. What it learns itself (an adapter, a discriminator) are its <see cref="TrainingComponent.Parameters"/>.
/// </remarks>
[MethodKind(MethodKind.Auxiliary)]
public abstract class AuxiliaryLoss : TrainingComponent
{
    /// <inheritdoc/>
    public sealed override void Begin(TrainingContext training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Begin(training.Network);
    }

    /// <summary>Starts a run: forgets the one before and refuses a network that it cannot serve.</summary>
    /// <param name="network">The network of the run.</param>
    /// <exception cref="NotSupportedException">The network lacks what the term is about.</exception>
    public virtual void Begin(MultiTaskNetwork network) { }

    /// <summary>
    /// Whether the network is to be cut at its shared representation, whose copy for a task
    /// (<see cref="SharedRepresentation.Of"/>) the term then reads.
    /// </summary>
    public virtual bool NeedsRepresentation => false;

    /// <summary>The loss of one task with the term in it.</summary>
    /// <param name="loss">The loss so far, a scalar tied to the network.</param>
    /// <param name="task">The task's place in the set.</param>
    /// <param name="pass">The forward pass that the loss comes from.</param>
    /// <returns>A scalar tied to the network; <paramref name="loss"/> itself for a task that the term is not about.</returns>
    public abstract Tensor Add(Tensor loss, int task, ForwardResult pass);
}

/// <summary>A forward pass of a training step.</summary>
/// <param name="Network">The network.</param>
/// <param name="Batch">What went in.</param>
/// <param name="Outputs">What came out.</param>
/// <param name="Step">Where the run stands.</param>
public sealed record ForwardResult(
    MultiTaskNetwork Network,
    MultiTaskBatch Batch,
    TaskOutputs Outputs,
    StepContext Step
);
