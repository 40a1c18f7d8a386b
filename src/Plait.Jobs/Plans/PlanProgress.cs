namespace Plait.Jobs.Plans;

/// <summary>How far a stage of a plan has come.</summary>
/// <param name="Stage">The trainings of the stage; the same list until the next stage begins.</param>
/// <param name="Shares">The share of each that is done, from 0 to 1; it never falls.</param>
/// <param name="IsOver">Whether no more is done of the stage: all have ended, or it was stopped.</param>
/// <param name="Notice">What a person should know, in one line; comes when the stage is over, or with no stage at all, once for each.</param>
public sealed record PlanProgress(
    IReadOnlyList<PlannedJob> Stage,
    IReadOnlyList<double> Shares,
    bool IsOver = false,
    string? Notice = null
)
{
    /// <summary>The mean share of the trainings of one name; 0 where there is none.</summary>
    /// <param name="name">The name.</param>
    public double ShareOf(string name) =>
        Stage.Zip(Shares).Where(job => job.First.Name == name).Select(job => job.Second).DefaultIfEmpty().Average();
}
