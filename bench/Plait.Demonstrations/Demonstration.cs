namespace Plait.Demonstrations;

/// <summary>A small experiment that shows what a paper claims of its method, or that it does not show here.</summary>
/// <remarks>
/// One file each. The sizes of the experiment are properties, so that a test can run a reduced form of the same code; their defaults
/// are those of the recorded table.
/// </remarks>
internal abstract class Demonstration
{
    /// <summary>What the command line and the file of results call it, such as <c>stop-and-go</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the paper claims, in a sentence.</summary>
    public abstract string Claim { get; }

    /// <summary>Trains and measures.</summary>
    /// <param name="seed">Decides all chance: the data where they are drawn, the order of the rows, the first weights.</param>
    /// <returns>The same settings and measures for every seed, in the order of the table.</returns>
    public abstract IReadOnlyList<Observation> Run(int seed);
}
