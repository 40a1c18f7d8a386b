using Plait.Benchmarks;
using Plait.Catalogue;
using Plait.Testing;

namespace Plait.Cli.Tests;

/// <summary>What README lists is what there is.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void It_lists_every_method()
    {
        var rows = MethodCatalog
            .All.GroupBy(entry => (entry.Survey, entry.Kind))
            .OrderBy(group => group.Key.Survey, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Kind)
            .Select(group =>
                $"| {group.Key.Survey} | {group.Key.Kind.ToString().ToLowerInvariant()} | {Names(group.Select(entry => entry.Name))} |"
            );
        string[] lines = ["| survey | kind | names |", "| --- | --- | --- |", .. rows];

        Assert.Equal(string.Join('\n', lines), Block("methods"));
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
}
