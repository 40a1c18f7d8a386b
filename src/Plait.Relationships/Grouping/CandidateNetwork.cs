namespace Plait.Relationships.Grouping;

/// <summary>A network that could be trained: its tasks, how well each does in it, and what it costs.</summary>
/// <param name="Tasks">Their names, each once.</param>
/// <param name="Losses">One finite number a task, in the order of <paramref name="Tasks"/>; less is better.</param>
/// <param name="Cost">In networks of standard size: 1, or less for a smaller one; above 0.</param>
public sealed record CandidateNetwork(IReadOnlyList<string> Tasks, IReadOnlyList<double> Losses, double Cost = 1)
{
    /// <summary>The tasks' names in one text, for messages.</summary>
    internal string Title => string.Join(", ", Tasks);
}
