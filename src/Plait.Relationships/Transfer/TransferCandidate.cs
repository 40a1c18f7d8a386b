namespace Plait.Relationships.Transfer;

/// <summary>A transfer that a policy may use.</summary>
/// <param name="Transfer">The row of the table.</param>
/// <param name="Target">The place of its target in <see cref="TransferProgram.Targets"/>.</param>
/// <param name="Sources">The places of the tasks that it needs supervised in <see cref="TransferProgram.Sources"/>.</param>
/// <param name="Worth">What it adds to the total: its value times the target's importance.</param>
public sealed record TransferCandidate(TaskTransfer Transfer, int Target, IReadOnlyList<int> Sources, double Worth);
