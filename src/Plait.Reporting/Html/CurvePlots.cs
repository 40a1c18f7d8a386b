using System.Xml.Linq;
using Plait.Jobs.Runs;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Html;

/// <summary>How losses and metrics went over the epochs: one small plot a task, one colour a group of runs.</summary>
internal static class CurvePlots
{
    /// <summary>One section a metric that was measured more than once; losses first.</summary>
    public static IEnumerable<XElement> Draw(IReadOnlyList<RunGroup> groups)
    {
        string[] tasks = [.. groups.SelectMany(group => group.Tasks).Distinct()];
        var metrics = groups
            .SelectMany(group => group.Measurements)
            .Where(row => row.Split != DataSplit.Test)
            .Select(row => row.Metric)
            .Distinct()
            .OrderBy(metric => metric != Measurement.Loss);
        foreach (var metric in metrics)
        {
            XElement[] plots = [.. tasks.Select(task => Plot(groups, task, metric)).OfType<XElement>()];
            if (plots.Length > 0)
            {
                yield return Section(
                    metric == Measurement.Loss ? "Losses" : $"Metric over epochs: {metric}",
                    Legend(groups),
                    Classed("div", "plots", plots),
                    Classed("p", "note", Note(groups))
                );
            }
        }
    }

    /// <summary>What the colours stand for; null where there is one.</summary>
    public static XElement? Legend(IReadOnlyList<RunGroup> groups) =>
        groups.Count == 1 ? null : Legend(groups.Select(group => (group.Label, group.Colour)));

    /// <summary>What the colours stand for.</summary>
    public static XElement Legend(IEnumerable<(string Label, int Colour)> entries) =>
        Classed(
            "ul",
            "legend",
            entries.Select(entry => Element("li", Classed("span", $"{Svg.Colour(entry.Colour)} swatch"), entry.Label))
        );

    private static string Note(IReadOnlyList<RunGroup> groups) =>
        (groups.Count == 1 ? "" : "Lines are means over the runs of a recipe. ")
        + "Strong lines: validation rows. Thin lines: training rows. Rare spikes are cut off.";

    private static XElement? Plot(IReadOnlyList<RunGroup> groups, string task, string metric)
    {
        var series = groups
            .SelectMany(group =>
                new[] { DataSplit.Train, DataSplit.Validation }.Select(split => new LineSeries(
                    $"{group.Label}, {(split == DataSplit.Train ? "training" : "validation")}",
                    group.Colour,
                    group.Curve(split, task, metric),
                    Faint: split == DataSplit.Train
                ))
            )
            .Where(line => line.Points.Count > 0)
            .ToArray();
        return series.Any(line => line.Points.Count > 1)
            ? new LinePlot($"{task}: {metric}", "epoch", series) { CutsSpikes = true }.Draw()
            : null;
    }
}
