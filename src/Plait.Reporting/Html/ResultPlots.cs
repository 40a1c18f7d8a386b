using System.Xml.Linq;
using Plait.Benchmarks.Comparison;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Html;

/// <summary>The table of a comparison as pictures: bars of Δm, and dots for each task.</summary>
internal static class ResultPlots
{
    /// <summary>Bars from the baseline's zero, with their intervals.</summary>
    public static XElement DeltaM(ComparisonTable table)
    {
        var plot = new IntervalPlot(
            $"Δm against {table.Rows[0].Recipe}, in percent (more is better)",
            [
                .. table.Rows.Select(
                    (row, index) =>
                        new IntervalRow(
                            row.Recipe,
                            index,
                            row.DeltaM.Mean,
                            row.DeltaM.Low,
                            row.DeltaM.High,
                            index == 0 ? "baseline" : Format.Percent(row.DeltaM.Mean)
                        )
                ),
            ]
        )
        {
            Bars = true,
            Width = 480,
            RowHeight = 24,
        };
        return Section(
            "Δm",
            Classed("div", "scroll single", plot.Draw()),
            Classed("p", "note", "Bars are means over the seeds, whiskers their 95% intervals.")
        );
    }

    /// <summary>One small plot a task, each on its own axis, with a line at the baseline.</summary>
    public static XElement Tasks(ComparisonTable table) =>
        Section(
            "Tasks",
            Classed("div", "plots", table.Tasks.Select(task => Task(table, task).Draw())),
            Classed(
                "p",
                "note",
                "Dots are means over the seeds, whiskers one standard deviation, the upright line is the baseline. Each task has an axis of its own."
            )
        );

    private static IntervalPlot Task(ComparisonTable table, ComparedTask task)
    {
        IntervalRow[] rows =
        [
            .. table.Rows.Select(
                (row, index) =>
                {
                    var (mean, std) = row.Metrics.GetValueOrDefault(task.Name, new(double.NaN, double.NaN));
                    return new IntervalRow(row.Recipe, index, mean, mean - std, mean + std, Format.Metric(mean));
                }
            ),
        ];
        return new($"{task.Name}: {task.Metric} {(task.HigherIsBetter ? "↑" : "↓")}", rows)
        {
            Reference = rows[0].Value,
        };
    }
}
