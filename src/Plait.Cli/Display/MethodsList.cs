using Plait.Catalogue;

namespace Plait.Cli.Display;

/// <summary>The list of methods for people: by kind, each with its summary, options and source.</summary>
/// <remarks>Written by itself: a table of the terminal library lays out every cell several times, which takes longer than all else that the command does.</remarks>
internal static class MethodsList
{
    private const int Indent = 2;
    private const int Gap = 2; // between a name and what it does
    private const int Narrowest = 20; // columns for the text; on a narrower terminal the lines are left to it

    /// <summary>Writes it.</summary>
    /// <param name="output">Takes the lines.</param>
    /// <param name="entries">The methods, those of a kind together.</param>
    /// <param name="width">The columns of a line.</param>
    public static void Write(TextWriter output, IReadOnlyList<MethodEntry> entries, int width)
    {
        foreach (var kind in entries.GroupBy(entry => entry.Kind))
        {
            output.WriteLine(kind.Key.ToString().ToLowerInvariant());
            var names = kind.Max(entry => entry.Name.Length);
            var room = Math.Max(Narrowest, width - Indent - names - Gap);
            foreach (var entry in kind)
            {
                var name = entry.Name;
                foreach (var line in Lines(entry).SelectMany(line => Broken(line, room)))
                {
                    output.WriteLine($"{new string(' ', Indent)}{name.PadRight(names + Gap)}{line}");
                    name = "";
                }
            }

            output.WriteLine();
        }
    }

    private static IEnumerable<string> Lines(MethodEntry entry)
    {
        yield return entry.Summary;
        if (entry.Options.Any())
        {
            var example = entry.Example == entry.Name ? "" : $" (for three tasks {entry.Example})";
            yield return $"Options: {string.Join(", ", entry.Options)}{example}";
        }

        var source = new[]
        {
            entry.Paper,
            entry.Arxiv.Length > 0 ? $"arXiv {entry.Arxiv}" : "",
            $"survey {entry.Survey}",
        };
        yield return $"({string.Join("; ", source.Where(part => part.Length > 0))})";
    }

    /// <summary>A text in lines of a length, broken at spaces; a longer word stands alone.</summary>
    private static IEnumerable<string> Broken(string text, int room)
    {
        while (text.Length > room)
        {
            var end = text.LastIndexOf(' ', room);
            end = end > 0 ? end : text.IndexOf(' ', StringComparison.Ordinal);
            if (end <= 0)
            {
                break;
            }

            yield return text[..end];
            text = text[(end + 1)..];
        }

        yield return text;
    }
}
