namespace Plait.Jobs.Plans;

/// <summary>A plan whose trainings have ended.</summary>
/// <param name="Run">The id of its run.</param>
/// <param name="Result">What the trainings came to, as <see cref="IStoredPlan.Conclude"/> writes it.</param>
/// <param name="Failure">Which trainings failed and why, in one line; null where none did.</param>
public sealed record PlanOutcome(string Run, string Result, string? Failure);
