namespace Plait.Relationships.Embedding;

/// <summary>What an <see cref="ImitationModel"/> reads, writes and is made of.</summary>
/// <param name="Observations">Names of the numbers seen at a step, one or more.</param>
/// <param name="Actions">Names of the numbers done at a step, one or more.</param>
/// <param name="Steps">Steps of a demonstration, 1 or more.</param>
/// <param name="Width">The width of sentences, 1 or more.</param>
/// <param name="Hidden">Hidden widths of both networks, each 1 or more.</param>
public sealed record DemonstrationLayout(
    IReadOnlyList<string> Observations,
    IReadOnlyList<string> Actions,
    int Steps,
    int Width,
    IReadOnlyList<int> Hidden
)
{
    private const int Largest = 1 << 16; // a file that says more would be taken at its word

    /// <summary>Whether a network could be built of it.</summary>
    internal bool IsPossible =>
        Observations is { Count: > 0 and < Largest }
        && Actions is { Count: > 0 and < Largest }
        && Steps is > 0 and < Largest
        && Width is > 0 and < Largest
        && Hidden is { Count: < Largest }
        && Hidden.All(width => width is > 0 and < Largest);
}
