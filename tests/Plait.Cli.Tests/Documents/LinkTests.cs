using System.Text.RegularExpressions;
using Plait.Testing;

namespace Plait.Cli.Tests.Documents;

/// <summary>Links within the documents lead somewhere.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading_that_are_there()
    {
        var links = Page.All.SelectMany(page =>
            Links().Matches(page.Prose).Select(link => (page, link.Groups[1].Value))
        );
        var local = links.Where(link => !link.Value.Contains("://", StringComparison.Ordinal)).ToArray();

        Assert.True(local.Length > 100, "The pages link to one another.");
        Assert.Empty(
            local
                .Where(link => !LeadsSomewhere(link.page, link.Value))
                .Select(link => $"{link.page.Path}: {link.Value}")
        );
    }

    [Fact]
    public void Every_page_is_reached_from_README()
    {
        var pages = Page.All.ToDictionary(page => Path.GetFullPath(page.Path, Checkout.Root));
        var reached = new HashSet<string> { Path.GetFullPath("README.md", Checkout.Root) };
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out var from))
        {
            var folder = Path.GetDirectoryName(from)!;
            foreach (Match link in Links().Matches(pages[from].Prose))
            {
                var to = Path.GetFullPath(link.Groups[1].Value.Split('#')[0], folder);
                if (pages.ContainsKey(to) && reached.Add(to))
                {
                    next.Enqueue(to);
                }
            }
        }

        Assert.Empty(
            pages
                .Where(page =>
                    !reached.Contains(page.Key) && page.Value.Path.StartsWith("docs", StringComparison.Ordinal)
                )
                .Select(page => page.Value.Path)
        );
    }

    private static bool LeadsSomewhere(Page from, string link)
    {
        var (file, anchor) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, null);
        var folder = Path.GetDirectoryName(Path.Combine(Checkout.Root, from.Path))!;
        var target = file.Length == 0 ? Path.Combine(Checkout.Root, from.Path) : Path.GetFullPath(file, folder);
        return anchor is null
            ? File.Exists(target) || Directory.Exists(target)
            : File.Exists(target) && Anchors(File.ReadAllText(target)).Contains(anchor);
    }

    /// <summary>The names that headings have, as GitHub makes them.</summary>
    private static IEnumerable<string> Anchors(string text) =>
        Headings()
            .Matches(text.ReplaceLineEndings("\n"))
            .Select(heading =>
                NotInAnchors().Replace(heading.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-')
            );

    [GeneratedRegex("""\[[^\]]*\]\(([^)\s]+)\)""")]
    private static partial Regex Links();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex("""[^\w\- ]""")]
    private static partial Regex NotInAnchors();
}
