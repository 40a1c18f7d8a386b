using System.Xml.Linq;
using Plait.Benchmarks.Comparison;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Html;

/// <summary>The table of a comparison: one row a recipe, one column a task, the best of each column in bold.</summary>
internal static class ResultTable
{
    private const string Definition =
        "Δm is the relative change of each metric against the baseline of the same seed, in percent, signed so that positive is "
        + "better, averaged over the metrics of a task and then over the tasks; brackets hold its 95% interval over the seeds "
        + "(Student's t). The baseline itself is 0. Δm of primary metrics takes the one metric of each task that its column shows. Δm over "
        + "all metrics counts every metric of every task alike, with the other sign: less is better. The mean rank is among the "
        + "recipes here, over all metrics, 1 being the best at everything.";

    /// <summary>The table and what its columns mean.</summary>
    public static XElement Draw(ComparisonTable table)
    {
        var columns = Columns(table);
        return Section(
            "Results",
            Classed(
                "div",
                "scroll",
                Classed(
                    "table",
                    "sortable",
                    Element("thead", Element("tr", Element("th", "Recipe"), columns.Select(column => column.Head))),
                    Element(
                        "tbody",
                        table.Rows.Select(row =>
                            Element("tr", RecipeCell(row), columns.Select(column => Cell(column, row, table.Rows)))
                        )
                    )
                )
            ),
            Classed("p", "note", Definition),
            Classed("p", "note", Explanation(table)),
            table.Rows.Any(row => row.SkippedSteps > 0) ? Classed("p", "note", Skipped(table)) : null,
            table.Rows.Any(row => row.Failure is not null)
                ? Classed("ul", "warnings", table.Rows.Where(row => row.Failure is not null).Select(Failed))
                : null
        );
    }

    private static XElement Failed(ComparisonRow row) =>
        Element(
            "li",
            $"{row.Recipe} failed, and its numbers are those of its other seeds, where there are any: {row.Failure}"
        );

    private static string Skipped(ComparisonTable table) =>
        "Steps skipped because a loss, a weight or a gradient was not finite, over all seeds: "
        + string.Join(
            ", ",
            table
                .Rows.Where(row => row.SkippedSteps > 0)
                .Select(row => $"{row.Recipe} {Format.Count(row.SkippedSteps)}")
        )
        + ".";

    private static string Explanation(ComparisonTable table)
    {
        var metrics = table.SharesMetric
            ? $"Task columns show {table.Tasks[0].Metric} ({(table.Tasks[0].HigherIsBetter ? "more" : "less")} is better)"
            : "Task columns show the metric under their name (↑ more is better, ↓ less is better)";
        return table.Seeds.Count == 1
            ? $"{metrics} with the one seed; one seed says nothing of the spread. The best of a column is bold."
            : $"{metrics}: the mean over {table.Seeds.Count} seeds, and below it the standard deviation. The best of a column is bold.";
    }

    private static List<Column> Columns(ComparisonTable table)
    {
        var columns = new List<Column>
        {
            Against("Δm %", row => row.DeltaM, higherIsBetter: true),
            Against("Δm %, primary metrics", row => row.DeltaMOfPrimaryMetrics, higherIsBetter: true),
            Against("Δm %, all metrics ↓", row => row.DeltaMOverMetrics, higherIsBetter: false),
            new(
                Element("th", "Mean rank ↓"),
                row => row.MeanRank,
                row => Format.Metric(row.MeanRank),
                _ => null,
                HigherIsBetter: false
            ),
        };
        if (table.SharesMetric && table.Tasks.Count > 1)
        {
            var metric = table.Tasks[0];
            columns.Add(
                new(
                    Element("th", $"Mean {metric.Metric}"),
                    row => row.MeanMetric,
                    row => Format.Metric(row.MeanMetric),
                    _ => null,
                    metric.HigherIsBetter
                )
            );
        }

        columns.AddRange(
            table.Tasks.Select(task => new Column(
                TaskHead(task, table.SharesMetric),
                row => Summary(row, task).Mean,
                row => Format.Metric(Summary(row, task).Mean),
                row => Summary(row, task).Std > 0 ? $"±{Format.Spread(Summary(row, task))}" : null,
                task.HigherIsBetter
            ))
        );
        columns.Add(
            new(
                Element("th", "Parameters"),
                row => row.Parameters,
                row => Format.Count(row.Parameters),
                _ => null,
                null
            )
        );
        columns.Add(
            new(
                Element("th", "Seconds", Classed("span", "sub", "a seed")),
                row => row.Seconds,
                row => Format.Seconds(row.Seconds),
                _ => null,
                null
            )
        );
        return columns;
    }

    private static Column Against(string heading, Func<ComparisonRow, Interval> interval, bool higherIsBetter) =>
        new(
            Element("th", heading),
            row => interval(row).Mean,
            row => Format.Percent(interval(row).Mean),
            row =>
                interval(row).Low < interval(row).High
                    ? $"[{Format.Percent(interval(row).Low)}, {Format.Percent(interval(row).High)}]"
                    : null,
            higherIsBetter
        );

    private static MetricSummary Summary(ComparisonRow row, ComparedTask task) =>
        row.Metrics.TryGetValue(task.Name, out var summary) ? summary : new(double.NaN, double.NaN);

    private static XElement TaskHead(ComparedTask task, bool shared) =>
        Element(
            "th",
            task.Name,
            shared ? null : Classed("span", "sub", $"{task.Metric} {(task.HigherIsBetter ? "↑" : "↓")}")
        );

    private static XElement RecipeCell(ComparisonRow row)
    {
        var parts = $"{row.Network} · {row.Weighting} · {row.Aggregator}";
        return Element("th", new XAttribute("scope", "row"), row.Recipe, Classed("span", "sub", parts));
    }

    private static XElement Cell(Column column, ComparisonRow row, IReadOnlyList<ComparisonRow> rows)
    {
        var text = column.Text(row);
        return Classed(
            "td",
            "number",
            new XAttribute("data-value", Format.Raw(column.Value(row))),
            IsBest(column, row, rows) ? Element("strong", text) : text,
            column.Detail(row) is { } detail ? Classed("span", "sub", detail) : null
        );
    }

    private static bool IsBest(Column column, ComparisonRow row, IReadOnlyList<ComparisonRow> rows)
    {
        double[] values = [.. rows.Select(column.Value).Where(double.IsFinite)];
        return column.HigherIsBetter is { } higher
            && values.Length > 1
            && column.Value(row) == (higher ? values.Max() : values.Min());
    }

    private sealed record Column(
        XElement Head,
        Func<ComparisonRow, double> Value,
        Func<ComparisonRow, string> Text,
        Func<ComparisonRow, string?> Detail,
        bool? HigherIsBetter
    );
}
