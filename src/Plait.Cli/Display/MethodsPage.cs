using System.Reflection;
using System.Text;
using Plait.Catalogue;
using Plait.Optimization;

namespace Plait.Cli.Display;

/// <summary>The methods of the catalogue as a page of Markdown, with a table for each kind.</summary>
internal static class MethodsPage
{
    private const string Head = """
        # Methods

        Every method of the library, as `plait methods` lists them. A specification is a name, or `name:option=value,option=value`;
        options stand with their defaults, `...` is the method's own choice. What the options mean, and which method to take
        when, say the pages of the [documentation](index.md). Sections are those of Crawshaw 2020
        ([arXiv 2009.09796](https://arxiv.org/abs/2009.09796)).

        This page is generated: `plait methods --markdown > docs/methods.md`.

        """;

    private static readonly (UpdateProperties Property, string Name, string Meaning)[] Properties =
    [
        (UpdateProperties.NonConflicting, "non-conflicting", "no task's loss rises along the update, to first order"),
        (UpdateProperties.Symmetric, "symmetric", "tasks in another order have the same update"),
        (
            UpdateProperties.Homogeneous,
            "homogeneous",
            "losses and gradients that are all c times as large make an update c times as long"
        ),
        (
            UpdateProperties.ScaleInvariant,
            "scale-invariant",
            "the unit of one task's loss does not matter for the direction of the update"
        ),
        (UpdateProperties.IdentityForOne, "identity for one", "the update of a single task is its gradient"),
    ];

    /// <summary>Writes the page.</summary>
    /// <param name="entries">The methods, kind by kind.</param>
    public static string Write(IEnumerable<MethodEntry> entries)
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var kind in entries.GroupBy(entry => entry.Kind))
        {
            page.Append('\n').Append("## ").Append(kind.Key.ToString().ToLowerInvariant()).Append("\n\n");
            if (kind.Key == MethodKind.Aggregator)
            {
                AppendMeanings(page);
            }

            AppendRow(page, ["name", "what it does", "options", "paper", "section"]);
            AppendRow(page, ["---", "---", "---", "---", "---"]);
            foreach (var entry in kind)
            {
                AppendRow(page, [$"`{entry.Name}`", Summary(entry), Options(entry), Source(entry), entry.Survey]);
            }
        }

        return page.ToString();
    }

    private static void AppendMeanings(StringBuilder page)
    {
        page.Append(
            "What holds of the updates, with the default options and gradients by the parameters, stands in italics:\n\n"
        );
        foreach (var (_, name, meaning) in Properties)
        {
            page.Append("- *").Append(name).Append("*: ").Append(meaning).Append(".\n");
        }

        page.Append('\n');
    }

    private static void AppendRow(StringBuilder page, string[] cells)
    {
        foreach (var cell in cells)
        {
            page.Append(cell.Length > 0 ? "| " : "|")
                .Append(cell.Replace("|", "\\|", StringComparison.Ordinal))
                .Append(' ');
        }

        page.Append("|\n");
    }

    private static string Summary(MethodEntry entry)
    {
        var claimed = entry.Type.GetCustomAttribute<UpdatesAttribute>()?.Properties ?? UpdateProperties.None;
        string[] names = [.. Properties.Where(one => claimed.HasFlag(one.Property)).Select(one => one.Name)];
        return names.Length == 0 ? entry.Summary : $"{entry.Summary} *{Capitalised(string.Join(", ", names))}.*";
    }

    private static string Options(MethodEntry entry)
    {
        var options = string.Join(", ", entry.Options.Select(option => $"`{option}`"));
        return entry.Example == entry.Name ? options : $"{options}; for three tasks `{entry.Example}`";
    }

    private static string Source(MethodEntry entry) =>
        entry.Arxiv.Length == 0
            ? entry.Paper
            : $"{entry.Paper}, [arXiv {entry.Arxiv}](https://arxiv.org/abs/{entry.Arxiv})";

    private static string Capitalised(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
