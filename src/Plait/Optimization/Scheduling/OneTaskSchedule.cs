using Plait.Data;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains one task a step; which one, each law says for itself.</summary>
/// <remarks>A task without a batch is never taken. An epoch has as many steps as there are batches of all tasks together.</remarks>
public abstract class OneTaskSchedule : TaskSchedule
{
    private TaskSelection[] choices = [];
    private long[] rows = [];

    /// <summary>For each task of the set, the rows of its data; 0 for one without a batch.</summary>
    protected IReadOnlyList<long> Rows => rows;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No task has a batch.</exception>
    public override void Begin(DataSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        choices = [.. sizes.Tasks.Select((_, task) => sizes.Tasks.Select(task))];
        rows = [.. sizes.Tasks.Select((_, task) => sizes.Batches[task] == 0 ? 0 : sizes.Rows[task])];
        if (rows.Sum() == 0)
        {
            throw new ArgumentException("The data holds no batch of any task, so no task can be drawn.", nameof(sizes));
        }
    }

    /// <inheritdoc/>
    public override int StepsPerEpoch(DataSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        return sizes.Batches.Sum();
    }

    /// <inheritdoc/>
    public override TaskSelection Next(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return choices.Length > 0
            ? choices[Choose(step)]
            : throw new InvalidOperationException("Call Begin with the sizes of the training data first.");
    }

    /// <summary>The place of the next step's task; one whose <see cref="Rows"/> are above 0.</summary>
    /// <param name="step">Where the run stands.</param>
    protected abstract int Choose(StepContext step);
}
