namespace Plait.Relationships.Transfer;

/// <summary>Which tasks to supervise, and what each target is learned from.</summary>
/// <param name="Sources">The tasks to supervise, in alphabetical order; each serves a target.</param>
/// <param name="Transfers">For each target, by name, the transfer that serves it; a target without one is not there.</param>
/// <param name="Unserved">The targets that none of the sources serves; they add nothing to the total.</param>
/// <param name="Cost">What the supervision of the sources costs.</param>
/// <param name="Total">The values of the transfers, each times its target's importance, added up.</param>
/// <param name="Optimal">Whether no policy within the budget has a greater total, for certain.</param>
/// <param name="Bound">What no policy within the budget can pass; the total itself where it is optimal.</param>
public sealed record TransferPolicy(
    IReadOnlyList<string> Sources,
    IReadOnlyDictionary<string, TaskTransfer> Transfers,
    IReadOnlyList<string> Unserved,
    double Cost,
    double Total,
    bool Optimal,
    double Bound
);
