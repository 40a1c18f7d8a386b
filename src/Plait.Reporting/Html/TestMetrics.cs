using System.Xml.Linq;
using static Plait.Reporting.Html.Markup;

namespace Plait.Reporting.Html;

/// <summary>What one run reached in the end: one row a task and metric, one column the rows it was measured on.</summary>
internal static class TestMetrics
{
    /// <summary>The section: the test measurements, and beside them the last ones of the other rows; null where there are none.</summary>
    public static XElement? Draw(RunGroup run)
    {
        DataSplit[] splits =
        [
            .. new[] { DataSplit.Test, DataSplit.Validation, DataSplit.Train }.Where(split =>
                run.Measurements.Any(row => row.Split == split)
            ),
        ];
        var tasks = run.Tasks.ToList();
        var rows = run
            .Measurements.GroupBy(row => (row.Task, row.Metric))
            .Where(place => !splits.Contains(DataSplit.Test) || place.Any(row => row.Split == DataSplit.Test))
            .OrderBy(place => tasks.IndexOf(place.Key.Task))
            .ToArray();
        if (rows.Length == 0)
        {
            return null;
        }

        return Section(
            splits[0] == DataSplit.Test ? "Test metrics" : "Metrics so far",
            Classed(
                "div",
                "scroll",
                Classed(
                    "table",
                    "plain",
                    Element(
                        "thead",
                        Element(
                            "tr",
                            Element("th", "Task"),
                            Element("th", "Metric"),
                            splits.Select(split => Classed("th", "number", split.ToString()))
                        )
                    ),
                    Element("tbody", rows.Select(place => Row(place, splits)))
                )
            ),
            splits.Length > 1 && splits[0] == DataSplit.Test
                ? Classed("p", "note", "Columns after the first show the last epoch that was measured.")
                : null
        );
    }

    private static XElement Row(IGrouping<(string Task, string Metric), Measurement> place, DataSplit[] splits) =>
        Element(
            "tr",
            Element("th", new XAttribute("scope", "row"), place.Key.Task),
            Element("td", place.Key.Metric),
            splits.Select(split =>
                Classed(
                    "td",
                    "number",
                    Format.Metric(place.LastOrDefault(row => row.Split == split)?.Value ?? double.NaN)
                )
            )
        );
}
