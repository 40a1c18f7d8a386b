using Plait.Data;
using Plait.Optimization;
using Plait.Optimization.Scheduling;
using Plait.Tasks;

namespace Plait.Demonstrations;

/// <summary>Another schedule, with a count of the steps that each task took part in.</summary>
/// <param name="schedule">Chooses.</param>
internal sealed class CountedSteps(TaskSchedule schedule) : TaskSchedule
{
    /// <summary>For each task of the set, the steps of the run so far that it took part in.</summary>
    public long[] Steps { get; private set; } = [];

    /// <inheritdoc/>
    public override void Begin(BatchSource source)
    {
        schedule.Begin(source);
        Steps = new long[source.Tasks.Count];
    }

    /// <inheritdoc/>
    public override int StepsPerEpoch(BatchSource source) => schedule.StepsPerEpoch(source);

    /// <inheritdoc/>
    public override TaskSelection Next(StepContext step)
    {
        var chosen = schedule.Next(step);
        foreach (var task in chosen.Indices)
        {
            Steps[task]++;
        }

        return chosen;
    }

    /// <inheritdoc/>
    public override void EndEpoch(EpochOutcome outcome) => schedule.EndEpoch(outcome);
}
