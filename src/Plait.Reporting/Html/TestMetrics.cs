using System.Xml.Linq;
using Plait.Jobs.Runs;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Html;

/// <summary>What one run reached: one row a task and metric, one column the rows of data it was measured on.</summary>
internal static class TestMetrics
{
    /// <summary>The section: the test measurements, and beside them those of the same epoch, which was kept; null where there are none.</summary>
    /// <remarks>Of a run that has none yet, the last epoch is shown.</remarks>
    public static XElement? Draw(RunGroup run)
    {
        if (run.Measurements.Count == 0)
        {
            return null;
        }

        var test = run.Measurements.Where(row => row.Split == DataSplit.Test).ToArray();
        var epoch = (test.Length > 0 ? test : run.Measurements).Max(row => row.Epoch);
        var shown = run.Measurements.Where(row => row.Epoch == epoch).ToArray();
        DataSplit[] splits =
        [
            .. new[] { DataSplit.Test, DataSplit.Validation, DataSplit.Train }.Where(split =>
                shown.Any(row => row.Split == split && double.IsFinite(row.Value))
            ),
        ];
        var tasks = run.Tasks.ToList();
        var rows = shown
            .GroupBy(row => (row.Task, row.Metric))
            .OrderBy(place => tasks.IndexOf(place.Key.Task))
            .ThenBy(place => place.Key.Metric == Measurement.Loss);
        var which = $"epoch {Format.Count(epoch + 1)}{(test.Length > 0 ? ", which was kept" : ", the last so far")}";
        return Section(
            test.Length > 0 ? "Test metrics" : "Metrics so far",
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
            Classed("p", "note", $"All of {which}.")
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
