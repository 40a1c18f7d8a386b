using Plait.Data;
using Plait.Optimization;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Torch;

namespace Plait.Demonstrations;

/// <summary>Another schedule, with a count of how often it took each task.</summary>
internal sealed class CountedSchedule(TaskSchedule inner) : TaskSchedule
{
    private readonly List<int[]> steps = []; // an epoch, a task

    /// <summary>The steps so far that a task took part in.</summary>
    public int StepsOf(int task) => steps.Sum(epoch => epoch[task]);

    /// <summary>The share of a task in the steps of some epochs.</summary>
    public double ShareOf(int task, Range? epochs = null)
    {
        var chosen = steps.Take(epochs ?? Range.All).ToList();
        return chosen.Sum(epoch => epoch[task]) / (double)chosen.Sum(epoch => epoch.Sum());
    }

    /// <inheritdoc/>
    public override void Begin(DataSizes sizes) => inner.Begin(sizes);

    /// <inheritdoc/>
    public override int StepsPerEpoch(DataSizes sizes) => inner.StepsPerEpoch(sizes);

    /// <inheritdoc/>
    public override TaskSelection Next(StepContext step)
    {
        var chosen = inner.Next(step);
        while (steps.Count <= step.Epoch)
        {
            steps.Add(new int[step.Tasks.Count]);
        }

        foreach (var task in chosen.Indices)
        {
            steps[step.Epoch][task]++;
        }

        return chosen;
    }

    /// <inheritdoc/>
    public override void EndEpoch(EpochOutcome outcome) => inner.EndEpoch(outcome);

    /// <inheritdoc/>
    public override void Save(StateDictionary state) => inner.Save(state);

    /// <inheritdoc/>
    public override void Load(StateDictionary state) => inner.Load(state);
}
