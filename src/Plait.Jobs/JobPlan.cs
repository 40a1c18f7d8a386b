namespace Plait.Jobs;

/// <summary>Trainings that belong together, described as data: whoever runs them may stop and go on, on any number of processes.</summary>
public interface IJobPlan
{
    /// <summary>The trainings that can run side by side once others are done. The same answer each time it is asked the same.</summary>
    /// <param name="finished">All trainings that were asked for before, in that order.</param>
    /// <returns>None when the plan is done.</returns>
    IReadOnlyList<PlannedJob> Next(IReadOnlyList<FinishedJob> finished);
}

/// <summary>One training of a plan.</summary>
/// <param name="Name">What people call it; several may have one name.</param>
/// <param name="Job">What to do.</param>
public sealed record PlannedJob(string Name, TrainingJob Job);

/// <summary>A training of a plan that is done.</summary>
/// <param name="Planned">The training.</param>
/// <param name="Result">What it came to.</param>
/// <param name="Folder">Where it keeps what it was told to keep.</param>
public sealed record FinishedJob(PlannedJob Planned, JobResult Result, string Folder);

/// <summary>A training of a plan that has ended, well or not.</summary>
/// <param name="Planned">The training.</param>
/// <param name="Result">What it came to; null where it failed.</param>
/// <param name="Failure">Why it failed, in one line; null where it did not.</param>
/// <param name="Folder">Where it keeps what it was told to keep.</param>
public sealed record EndedJob(PlannedJob Planned, JobResult? Result, string? Failure, string Folder);
