using Plait.Catalogue;
using Plait.Data;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains one task a step, in turn.</summary>
[Method(
    "round-robin",
    Survey = "3.3",
    Paper = "Dong et al. 2015, Multi-Task Learning for Multiple Language Translation",
    Summary = "One task a step, in turn."
)]
public sealed class RoundRobin : OneTaskSchedule
{
    private int[] turns = [];

    /// <inheritdoc/>
    public override void Begin(DataSizes sizes)
    {
        base.Begin(sizes);
        turns = [.. Enumerable.Range(0, Rows.Count).Where(task => Rows[task] > 0)];
    }

    /// <inheritdoc/>
    protected override int Choose(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return turns[step.Step % turns.Length];
    }
}
