using Microsoft.CodeAnalysis.Text;

namespace Plait.Mutation;

/// <summary>One change of the code.</summary>
/// <param name="File">Path from the repository's root.</param>
/// <param name="Line">From 1.</param>
/// <param name="Span">Of the expression or the statement that changes.</param>
/// <param name="IsStatement">Whether it is a statement.</param>
/// <param name="Before">What stands there.</param>
/// <param name="After">What stands there instead; empty for nothing.</param>
internal sealed record Mutant(string File, int Line, TextSpan Span, bool IsStatement, string Before, string After)
{
    private const int MostCharacters = 80;

    /// <summary>Tells it from the others of a run, from 0.</summary>
    public int Id { get; init; } = -1;

    /// <summary>The change in one line.</summary>
    public string Change => $"{Short(Before)} → {(After.Length == 0 ? "(removed)" : Short(After))}";

    private static string Short(string code)
    {
        var line = string.Join(' ', code.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostCharacters ? line : $"{line[..(MostCharacters - 1)]}…";
    }
}
