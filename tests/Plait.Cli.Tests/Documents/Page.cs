using System.Text.RegularExpressions;
using Plait.Testing;

namespace Plait.Cli.Tests.Documents;

/// <summary>A page of the documents: one below docs, or one for readers of the repository or of a package.</summary>
/// <param name="Path">Where it is, from the root of the repository.</param>
/// <param name="Text">What it says.</param>
internal sealed partial record Page(string Path, string Text)
{
    /// <summary>All pages.</summary>
    public static IReadOnlyList<Page> All { get; } =
    [
        .. Directory
            .EnumerateFiles(System.IO.Path.Combine(Checkout.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(path => System.IO.Path.GetRelativePath(Checkout.Root, path))
            .Concat([
                "CHANGELOG.md",
                "CONTRIBUTING.md",
                "README.md",
                "SECURITY.md",
                "assets/README.md",
                "bench/RESULTS.md",
            ])
            .Order(StringComparer.Ordinal)
            .Select(path => new Page(path, Checkout.Read(path).ReplaceLineEndings("\n"))),
    ];

    /// <summary>Its code blocks, in order.</summary>
    public IReadOnlyList<CodeBlock> Blocks { get; } =
    [
        .. Fence()
            .Matches(Text)
            .Select(found => new CodeBlock(
                Path,
                Text.AsSpan(0, found.Index).Count('\n') + 1,
                found.Groups["language"].Value,
                found.Groups["code"].Value,
                Found(found, "given"),
                Found(found, "runs") is not null,
                Found(found, "about") is not null
            )),
    ];

    /// <summary>The text without code blocks and comments.</summary>
    public string Prose { get; } = Comment().Replace(Fence().Replace(Text, ""), "");

    private static string? Found(Match match, string group) =>
        match.Groups[group] is { Success: true, Value: var value } ? value : null;

    [GeneratedRegex(
        """^(<!-- given\n(?<given>.*?)-->\n)?(?<runs><!-- runs(?<about>, about)? -->\n)?```(?<language>\w*)\n(?<code>.*?)^```$""",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Fence();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();
}

/// <summary>A code block of a page.</summary>
/// <param name="Page">The page's path.</param>
/// <param name="Line">Where it begins.</param>
/// <param name="Language">Its language; empty for commands and what they print.</param>
/// <param name="Code">What is in it.</param>
/// <param name="Given">Declarations of what its reader has, from a comment <c>given</c> before it; null for none.</param>
/// <param name="Runs">Whether a comment <c>runs</c> says that it is a whole program: the block after it shows what it prints.</param>
/// <param name="About">Whether the numbers that it prints differ between processors (<c>runs, about</c>).</param>
internal sealed record CodeBlock(
    string Page,
    int Line,
    string Language,
    string Code,
    string? Given,
    bool Runs,
    bool About
)
{
    public override string ToString() => $"{Page}:{Line}";
}
