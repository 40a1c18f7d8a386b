using Plait.Catalogue;
using Plait.Data;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>Says which tasks the next step is about (survey section 3.3).</summary>
/// <remarks>
/// Where it can be, the choice is a function of the step alone (<see cref="StepContext.Random"/> draws its chance), so that a resumed
/// run goes on as the unbroken one; a schedule that listens to the run keeps its state in the instance and in checkpoints.
/// </remarks>
[MethodKind(MethodKind.Schedule)]
public abstract class TaskSchedule : TrainingComponent
{
    /// <inheritdoc/>
    public sealed override void Begin(TrainingContext training)
    {
        ArgumentNullException.ThrowIfNull(training);
        Begin(training.Sizes);
    }

    /// <summary>Starts a run: forgets the one before.</summary>
    /// <param name="sizes">How much training data there is of each task.</param>
    public virtual void Begin(DataSizes sizes) { }

    /// <summary>How many steps an epoch has: with a step for all tasks, as many as the largest task has batches.</summary>
    /// <param name="sizes">How much training data there is of each task.</param>
    public virtual int StepsPerEpoch(DataSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return sizes.Batches.Max();
    }

    /// <summary>The tasks of the next step, at least one.</summary>
    /// <param name="step">Where the run stands.</param>
    public abstract TaskSelection Next(StepContext step);
}
