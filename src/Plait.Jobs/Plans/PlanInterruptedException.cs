namespace Plait.Jobs.Plans;

/// <summary>A plan was stopped; its trainings have checkpoints, and the run can be resumed.</summary>
/// <param name="run">The id of the run.</param>
/// <param name="cause">What stopped it.</param>
public sealed class PlanInterruptedException(string run, OperationCanceledException cause)
    : OperationCanceledException($"interrupted; go on with: plait resume {run}", cause, cause.CancellationToken)
{
    /// <summary>The id of the run.</summary>
    public string Run { get; } = run;
}
