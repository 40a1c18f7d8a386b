using System.Globalization;
using Plait.Benchmarks.Comparison;
using Spectre.Console;

namespace Plait.Cli.Display;

/// <summary>Draws a finished comparison for a terminal: one table of recipes, one of tasks.</summary>
internal static class ComparisonTables
{
    public static void Write(IAnsiConsole console, ComparisonTable table)
    {
        console.Write(Recipes(table));
        console.MarkupLine(
            table.Seeds.Count > 1
                ? $"[dim]Δm: percent better (+) than one network for each task, mean ± 95% interval over {table.Seeds.Count} seeds. Seconds: training, one seed.[/]"
                : "[dim]Δm: percent better (+) than one network for each task; one seed says nothing of the spread. Seconds: training.[/]"
        );
        if (table.Rows.Any(row => row.SkippedSteps > 0))
        {
            var counts = table
                .Rows.Where(row => row.SkippedSteps > 0)
                .Select(row => $"{PrintableText.Escape(row.Recipe)} {Number(row.SkippedSteps, "#,##0")}");
            console.MarkupLine(
                $"[yellow]Steps skipped because a loss, a weight or a gradient was not finite, over all seeds: {string.Join(", ", counts)}[/]"
            );
        }

        foreach (var row in table.Rows.Where(row => row.Failure is not null))
        {
            console.MarkupLine(
                $"[red]{PrintableText.Escape(row.Recipe)} failed: {PrintableText.Escape(row.Failure!)}[/]"
            );
        }

        foreach (var tasks in Tasks(table, console.Profile.Width))
        {
            console.Write(tasks);
        }
    }

    private static Table Recipes(ComparisonTable table)
    {
        var families = table.Rows.Any(row => row.Family == RecipeFamily.DecoderFocused);
        var drawn = PlainTable.Create().With("", right: true).WithText("recipe");
        if (table.SharesMetric)
        {
            drawn.With($"mean {table.Tasks[0].Metric}", right: true);
        }

        drawn.With("Δm %", right: true).With("parameters", right: true).With("seconds", right: true);
        var best = Best(table.Rows.Select(row => row.DeltaM.Mean), higherIsBetter: true);
        if (families)
        {
            drawn.With("kind");
        }

        foreach (var row in table.Rows)
        {
            var delta = DeltaM(table, row);
            List<string> cells =
            [
                $"{drawn.Rows.Count + 1}",
                PrintableText.Escape(row.Recipe),
                .. table.SharesMetric ? [Number(row.MeanMetric, "0.000")] : Array.Empty<string>(),
                row.DeltaM.Mean == best ? $"[bold green]{delta}[/]" : delta,
                row.Parameters == 0 && row.Failure is not null ? "–" : Number(row.Parameters, "#,##0"),
                Number(row.Seconds, "0.0"),
                .. families ? [Name(row.Family)] : Array.Empty<string>(),
            ];
            drawn.AddRow([.. cells]);
        }

        return drawn;
    }

    /// <summary>As many recipes side by side as the terminal has room for, and the rest below.</summary>
    private static IEnumerable<Table> Tasks(ComparisonTable table, int width)
    {
        const int Heading = 26; // the names of tasks and metrics, about
        const int Column = 7;
        var numbers = Enumerable.Range(0, table.Rows.Count);
        return numbers.Chunk(Math.Max(4, (width - Heading) / Column)).Select(recipes => Tasks(table, recipes));
    }

    private static Table Tasks(ComparisonTable table, int[] recipes)
    {
        var drawn = PlainTable.Create().WithText("task").With("metric");
        foreach (var recipe in recipes)
        {
            drawn.With($"{recipe + 1}", right: true);
        }

        foreach (var task in table.Tasks)
        {
            var means = table.Rows.Select(row => row.Metrics[task.Name].Mean).ToArray();
            var best = Best(means, task.HigherIsBetter);
            drawn.AddRow([
                PrintableText.Escape(task.Name),
                $"{PrintableText.Escape(task.Metric)} {(task.HigherIsBetter ? '↑' : '↓')}",
                .. recipes
                    .Select(recipe => means[recipe])
                    .Select(mean => mean == best ? $"[bold]{Metric(mean)}[/]" : Metric(mean)),
            ]);
        }

        return drawn;
    }

    private static string Name(RecipeFamily family) =>
        family switch
        {
            RecipeFamily.SingleTask => "single-task",
            RecipeFamily.Baseline => "baseline",
            RecipeFamily.EncoderFocused => "encoder-focused",
            RecipeFamily.DecoderFocused => "decoder-focused",
            _ => "optimization",
        };

    private static string DeltaM(ComparisonTable table, ComparisonRow row) =>
        row == table.Rows[0] ? (row.Failure is null ? "0" : "failed")
        : row.Failure is not null && !double.IsFinite(row.DeltaM.Mean) ? "failed"
        : table.Seeds.Count == 1 ? Signed(row.DeltaM.Mean)
        : $"{Signed(row.DeltaM.Mean)} ± {Number((row.DeltaM.High - row.DeltaM.Low) / 2, "0.0")}";

    /// <summary>Four digits at most, or the whole part: what a column has room for.</summary>
    private static string Metric(double mean) =>
        Number(
            mean,
            Math.Abs(mean) switch
            {
                < 10 => "0.000",
                < 100 => "0.00",
                < 1000 => "0.0",
                _ => "0",
            }
        );

    /// <summary>The best of those that are finite; NaN where none is.</summary>
    private static double Best(IEnumerable<double> values, bool higherIsBetter)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(double.NaN);
        return higherIsBetter ? finite.Max() : finite.Min();
    }

    private static string Signed(double value) => Number(value, "+0.0;−0.0;0.0");

    private static string Number(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "–";
}
