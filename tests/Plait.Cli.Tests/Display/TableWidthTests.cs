using System.Text.RegularExpressions;
using Plait.Benchmarks.Comparison;
using Plait.Cli.Display;
using Plait.Cli.Relationships;
using Plait.Relationships;
using Plait.Tabular.Models;
using Spectre.Console;

namespace Plait.Cli.Tests.Display;

/// <summary>A row is a line in a file or a pipe; on a narrow terminal names break, and numbers never.</summary>
public sealed partial class TableWidthTests
{
    private static readonly string Long = string.Join('-', Enumerable.Repeat("readmission", 8));

    [Fact]
    public void Names_stay_whole_where_nobody_looks()
    {
        using var output = new StringWriter();

        TargetTable.Write(Terminal.For(output), [Target()]);

        Assert.Contains(Long, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_breaks_on_a_terminal_and_its_numbers_do_not()
    {
        using var output = new StringWriter();
        var console = Narrow(output);

        TargetTable.Write(console, [Target()]);

        Assert.All(output.ToString().Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
        Assert.Contains("31.442", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("regression", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Long, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Affinities_keep_their_numbers_whole_under_long_names()
    {
        using var output = new StringWriter();
        string[] tasks = ["a" + Long, "b" + Long, "c" + Long, "d" + Long];
        var values = Enumerable.Range(0, 16).Select(i => -1.2e-5 * (i + 1)).ToArray();

        AffinityDisplay.Print(Narrow(output), new AffinityMatrix(tasks, values));

        Assert.All(output.ToString().Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
        Assert.Contains("-2.4E-05", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("-0.00018", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_comparison_keeps_its_numbers_whole_beside_long_names_and_says_which_recipe_failed()
    {
        using var output = new StringWriter();
        var metrics = new Dictionary<string, MetricSummary> { [Long] = new(0.73125, 0) };
        var none = new Dictionary<string, MetricSummary> { [Long] = new(double.NaN, double.NaN) };
        var table = new ComparisonTable(
            "made up",
            [0],
            [new ComparedTask(Long, "balanced accuracy", HigherIsBetter: true)],
            [
                new("single-task", "single-task", "equal", "sum", default, metrics, 3_346_956, 10.4),
                new($"hps + {Long}", "hps", "equal", "sum", new(7.4, 7.4, 7.4), metrics, 279_628, 1.5),
                new("mmoe", "mmoe", "equal", "sum", Nothing, none, 0, double.NaN) { Failure = "it [red]burst." },
            ]
        );

        ComparisonTables.Write(Narrow(output), table);

        var text = Colours().Replace(output.ToString(), "");
        Assert.All(text.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
        Assert.All(["3,346,956", "279,628", "+7.4", "10.4", "0.731"], number => Assert.Contains(number, text));
        Assert.Contains("mmoe failed: it [red]burst.", text, StringComparison.Ordinal);
        Assert.Contains("failed", text.Split('\n').First(line => line.Contains("mmoe")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_heading_breaks_where_there_is_no_room_and_the_numbers_below_it_do_not()
    {
        using var output = new StringWriter();
        var console = Narrow(output);
        var table = PlainTable.Create().With("model");
        foreach (var task in new[] { Long, Long, Long })
        {
            table.WithNumbers($"loss of {task}", 16);
        }

        console.Write(table.AddRow("point-01", "0.0500", "0.5235", "0.1222"));

        Assert.All(output.ToString().Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
        Assert.Contains("0.0500", output.ToString(), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Colours();

    private static Interval Nothing { get; } = new(double.NaN, double.NaN, double.NaN);

    private static TargetReport Target() =>
        new(Long, "regression", 4_000, new Dictionary<string, double?> { ["mae"] = 31.442, ["rmse"] = 36.453 });

    private static IAnsiConsole Narrow(StringWriter output)
    {
        var console = Terminal.For(output);
        console.Profile.Width = 80;
        return console;
    }
}
