using Plait.Tasks;

namespace Plait.Data;

/// <summary>How much data there is of each task: what a schedule knows of where they come from.</summary>
/// <param name="Tasks">The tasks.</param>
/// <param name="Rows">For each task of the set, its rows.</param>
/// <param name="Batches">For each task of the set, the batches of one pass over its rows.</param>
public sealed record DataSizes(TaskSet Tasks, IReadOnlyList<long> Rows, IReadOnlyList<int> Batches);
