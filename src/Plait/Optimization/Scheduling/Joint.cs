using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Optimization.Scheduling;

/// <summary>Trains all tasks in every step.</summary>
[Method("joint", Survey = "3.3", Paper = "Caruana 1997, Multitask Learning", Summary = "All tasks in every step.")]
public sealed class Joint : TaskSchedule
{
    /// <inheritdoc/>
    public override TaskSelection Next(StepContext step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Tasks.All;
    }
}
