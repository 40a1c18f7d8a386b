using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>Looks at a training from time to time and changes nothing in it.</summary>
/// <remarks>What it has seen so far is its state, which checkpoints keep.</remarks>
[MethodKind(MethodKind.Callback)]
public abstract class TrainingCallback : TrainingComponent
{
    /// <summary>Steps between two looks, 1 or more; the first step is looked at.</summary>
    public virtual int Interval => 1;

    /// <summary>
    /// What the looks came to for each pair of tasks, row by row, the affected task's row; null for one that measures nothing of the kind.
    /// </summary>
    /// <exception cref="InvalidOperationException">A pair was never seen.</exception>
    public virtual IReadOnlyList<double>? PairMeasurements => null;

    /// <inheritdoc/>
    public sealed override void Begin(TrainingContext training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Begin(training.Network.Tasks);
    }

    /// <summary>Prepares for a run.</summary>
    /// <param name="tasks">The tasks of the network.</param>
    public virtual void Begin(TaskSet tasks) { }

    /// <summary>Looks, before the step is taken.</summary>
    /// <remarks>The network is in train mode without dropout: batch normalisation reads the batch, as in the steps. Chance is the same in every
    /// pass of a look. Buffers and torch's random numbers are put back.</remarks>
    /// <param name="training">The training as it stands; its parameters are afterwards as before.</param>
    /// <param name="step">Where the run stands.</param>
    public abstract void Observe(InnerProblem training, StepContext step);
}
