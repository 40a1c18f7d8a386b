namespace Plait.Relationships.Grouping;

/// <summary>One network of a grouping: the tasks that are trained together, and what it costs.</summary>
/// <param name="Tasks">Their names.</param>
/// <param name="Cost">In networks of standard size: 1, or less for a smaller one.</param>
public sealed record TaskGroup(IReadOnlyList<string> Tasks, double Cost = 1);

/// <summary>Which tasks to train together.</summary>
/// <param name="Groups">The networks. A task may be in several: it is served by the one that is best for it.</param>
/// <param name="Serving">For each task, by name, the place in <paramref name="Groups"/> of the network that serves it.</param>
/// <param name="Total">What the selection added up: losses, of which less is better, or affinities, of which more is.</param>
/// <param name="Optimal">Whether nothing better fits the budget, for certain.</param>
/// <param name="Bound">What no grouping within the budget can pass; the total itself where it is optimal.</param>
public sealed record TaskGrouping(
    IReadOnlyList<TaskGroup> Groups,
    IReadOnlyDictionary<string, int> Serving,
    double Total,
    bool Optimal,
    double Bound
)
{
    /// <summary>What all networks cost together.</summary>
    public double Cost => Groups.Sum(group => group.Cost);

    /// <summary>How far the total is from the bound, relative to the bound; 0 where it is optimal.</summary>
    public double Gap => Optimal || Total == Bound ? 0 : Math.Abs(Total - Bound) / Math.Abs(Bound);
}
