using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;

namespace Plait.Optimization.Regularization;

/// <summary>Adds a cost of the parameters themselves to the objective (survey section 3.2).</summary>
/// <remarks>
/// The penalty's gradient is added to all parameters after the task gradients became one update, so that a regularizer takes no
/// part in the tasks' conflicts.
/// </remarks>
[MethodKind(MethodKind.Regularizer)]
public abstract class Regularizer : TrainingComponent
{
    /// <inheritdoc/>
    public sealed override void Begin(TrainingContext training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Begin(training.Network);
    }

    /// <summary>Starts a run: forgets the one before and refuses a network that it cannot serve.</summary>
    /// <param name="network">The network of the run.</param>
    /// <exception cref="NotSupportedException">The network lacks what the penalty is about.</exception>
    public virtual void Begin(MultiTaskNetwork network) { }

    /// <summary>The penalty at the parameters as they are.</summary>
    /// <param name="network">The network of the run.</param>
    /// <param name="step">Where the run stands.</param>
    /// <returns>A scalar of 0 or more, tied to the parameters.</returns>
    public abstract Tensor Penalty(MultiTaskNetwork network, StepContext step);
}
