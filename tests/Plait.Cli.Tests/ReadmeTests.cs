using System.Text.RegularExpressions;
using Plait.Benchmarks;
using Plait.Catalogue;
using Plait.Testing;

namespace Plait.Cli.Tests;

/// <summary>What README lists is what there is.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void The_methods_that_it_shows_are_there()
    {
        string[] shown = [.. Quoted().Matches(Block("methods")).Select(found => found.Groups[1].Value)];

        Assert.NotEmpty(shown);
        Assert.Empty(shown.Except(MethodCatalog.All.Select(entry => entry.Name)));
    }

    [Fact]
    public void It_lists_every_benchmark() =>
        Assert.Equal(
            $"Benchmarks, as `plait data` lists them: {Names(BenchmarkCatalog.All.Select(benchmark => benchmark.Name))}.",
            Block("benchmarks").ReplaceLineEndings(" ")
        );

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));

    /// <summary>What stands between two comments of README.</summary>
    private static string Block(string name)
    {
        var text = Checkout.Read("README.md").ReplaceLineEndings("\n");
        var (start, end) = ($"<!-- {name} -->\n", $"\n<!-- /{name} -->");
        return text[
            (text.IndexOf(start, StringComparison.Ordinal) + start.Length)..text.IndexOf(end, StringComparison.Ordinal)
        ];
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
