using System.Globalization;
using System.Text.RegularExpressions;
using Plait.Benchmarks;
using Plait.Catalogue;
using Plait.Testing;

namespace Plait.Cli.Tests;

/// <summary>What README and the pages list is what there is.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void There_are_as_many_methods_as_it_says()
    {
        var said = int.Parse(
            MoreThan().Match(Checkout.Read("README.md")).Groups[1].Value,
            CultureInfo.InvariantCulture
        );

        Assert.InRange(MethodCatalog.All.Count, said + 1, 2 * said);
    }

    [Fact]
    public void The_methods_that_the_table_of_contents_shows_are_there()
    {
        string[] shown =
        [
            .. Quoted().Matches(Block("docs/index.md", "methods")).Select(found => found.Groups[1].Value),
        ];

        Assert.NotEmpty(shown);
        Assert.Empty(shown.Except(MethodCatalog.All.Select(entry => entry.Name)));
    }

    [Fact]
    public void The_page_of_benchmarks_lists_every_benchmark() =>
        Assert.Equal(
            $"Benchmarks, as `plait data` lists them: {Names(BenchmarkCatalog.All.Select(benchmark => benchmark.Name))}.",
            Block("docs/5-benchmarks.md", "benchmarks").ReplaceLineEndings(" ")
        );

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));

    /// <summary>What stands between two comments of a page.</summary>
    private static string Block(string page, string name)
    {
        var text = Checkout.Read(page).ReplaceLineEndings("\n");
        var (start, end) = ($"<!-- {name} -->\n", $"\n<!-- /{name} -->");
        return text[
            (text.IndexOf(start, StringComparison.Ordinal) + start.Length)..text.IndexOf(end, StringComparison.Ordinal)
        ];
    }

    [GeneratedRegex("more than ([0-9]+) methods")]
    private static partial Regex MoreThan();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
