using Plait.Data;

namespace Plait.Benchmarks.Episodes;

/// <summary>A family of tasks that an agent learns by trial, which differ in a few numbers that the agent never sees.</summary>
public abstract class EpisodicFamily
{
    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in one sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>Numbers seen at a step.</summary>
    public abstract int Observations { get; }

    /// <summary>How many actions there are to choose from.</summary>
    public abstract int Actions { get; }

    /// <summary>Names of the numbers that tell tasks apart; how far two tasks are from one another is their distance.</summary>
    public abstract IReadOnlyList<string> Hidden { get; }

    /// <summary>Draws tasks.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="tasks">How many, 1 or more.</param>
    /// <returns>The numbers that tell them apart, [tasks, hidden].</returns>
    public abstract Tensor Draw(Random random, int tasks);

    /// <summary>Begins tasks.</summary>
    /// <param name="hidden">What <see cref="Draw"/> gave, [tasks, hidden].</param>
    /// <param name="episodes">Episodes of each task, 1 or more.</param>
    public abstract IEpisodicTasks Begin(Tensor hidden, int episodes);

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}
