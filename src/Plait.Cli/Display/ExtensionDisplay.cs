using System.Globalization;
using Plait.Benchmarks.Extension;
using Spectre.Console;

namespace Plait.Cli.Display;

/// <summary>Draws what networks reach on all of their tasks, once they have learned further ones.</summary>
internal static class ExtensionDisplay
{
    public static void Write(IAnsiConsole console, ExtensionTable table)
    {
        var drawn = PlainTable.Create().WithText("task").With("learned").With("metric").With("test", right: true);
        foreach (var task in table.Tasks)
        {
            drawn.AddRow(
                PrintableText.Escape(task.Name),
                task.IsNew ? "[bold]here[/]" : "before",
                $"{PrintableText.Escape(task.Metric)} {(task.HigherIsBetter ? '↑' : '↓')}",
                Number(task.Primary.Mean) + (task.Metrics.Count > 1 ? $" ± {Number(task.Primary.Std)}" : "")
            );
        }

        console.Write(drawn);
        console.MarkupLine(
            $"[dim]On the test rows{(table.Seeds.Count > 1 ? $", mean ± standard deviation over {table.Seeds.Count} seeds" : "")}; tasks that were there before answer bit for bit as they did. Parameters added: {table.Parameters.ToString("#,##0", CultureInfo.InvariantCulture)}.[/]"
        );
    }

    private static string Number(double value) =>
        double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : "–";
}
