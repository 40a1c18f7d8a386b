using System.Xml.Linq;
using Plait.Jobs.Runs;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Html;

/// <summary>How far the gradients of two tasks point the same way: over the steps, and on average for each pair.</summary>
internal static class CosinePlots
{
    private const int MostPairsAsLines = 6;
    private const double BandShare = 0.8;
    private const double SmallestScale = 0.1;

    /// <summary>The section; null where no cosines were recorded.</summary>
    public static XElement? Draw(IReadOnlyList<RunGroup> groups)
    {
        var shown = groups
            .Select(group => (Group: group, Cosines: group.Diagnostics.Where(IsCosine).ToArray()))
            .Where(pair => pair.Cosines.Length > 0)
            .Select(pair => (pair.Group, pair.Cosines, Means: Means(pair.Cosines)))
            .ToArray();
        if (shown.Length == 0)
        {
            return null;
        }

        var scale = Math.Max(SmallestScale, shown.Max(entry => entry.Means.Values.Max(Math.Abs)));
        return Section(
            "Gradient cosines",
            Legend([.. shown.Select(entry => entry.Means.Keys)]),
            Classed("div", "plots", shown.Select(entry => Over(entry.Group, entry.Cosines).Draw())),
            Classed("div", "plots wide", shown.Select(entry => Map(entry.Group, entry.Means, scale).Draw())),
            Classed(
                "p",
                "note",
                "The cosine between the gradients of two tasks: above 0 they agree, below 0 they conflict. "
                    + $"With more than {MostPairsAsLines} pairs the line is the mean over pairs, and the band holds the middle 80% of them. "
                    + $"The maps show means over all steps; blue agrees, red conflicts, full colour is {Format.Metric(scale)}."
            )
        );
    }

    /// <summary>The pairs' colours, where all plots draw the same pairs as lines.</summary>
    private static XElement? Legend(IReadOnlyList<IReadOnlyCollection<(string Task, string Other)>> pairs) =>
        pairs[0].Count <= MostPairsAsLines && pairs.All(other => other.SequenceEqual(pairs[0]))
            ? CurvePlots.Legend(pairs[0].Select((pair, index) => ($"{pair.Task}, {pair.Other}", index + 1)))
            : null;

    private static bool IsCosine(Diagnostic row) =>
        row.Kind == Diagnostic.Cosine && row.OtherTask is not null && double.IsFinite(row.Value);

    private static Dictionary<(string Task, string Other), double> Means(Diagnostic[] cosines) =>
        cosines
            .GroupBy(row => (row.Task, row.OtherTask!))
            .ToDictionary(pair => pair.Key, pair => pair.Average(row => row.Value));

    private static LinePlot Over(RunGroup group, Diagnostic[] cosines)
    {
        var pairs = cosines.GroupBy(row => (row.Task, row.OtherTask)).ToArray();
        if (pairs.Length <= MostPairsAsLines)
        {
            var lines = pairs.Select(
                (pair, index) => new LineSeries($"{pair.Key.Task}, {pair.Key.OtherTask}", index + 1, Points(pair))
            );
            return new(group.Label, "step", [.. lines]) { MarkZero = true };
        }

        var steps = pairs.SelectMany(Points).GroupBy(point => point.X).OrderBy(step => step.Key).ToArray();
        return new(group.Label, "step", [new("mean over pairs", group.Colour, Points(cosines))])
        {
            MarkZero = true,
            Band = [.. steps.Select(Middle)],
        };
    }

    private static IReadOnlyList<(double X, double Y)> Points(IEnumerable<Diagnostic> rows) =>
        LineSeries.Mean(rows.Select(row => ((double)row.Step, row.Value)));

    private static (double X, double Low, double High) Middle(IGrouping<double, (double X, double Y)> step)
    {
        double[] sorted = [.. step.Select(point => point.Y).Order()];
        var outside = (int)((1 - BandShare) / 2 * (sorted.Length - 1));
        return (step.Key, sorted[outside], sorted[^(outside + 1)]);
    }

    private static HeatMap Map(RunGroup group, Dictionary<(string Task, string Other), double> means, double scale)
    {
        string[] tasks =
        [
            .. group.Tasks.Concat(means.Keys.SelectMany(pair => new[] { pair.Task, pair.Other })).Distinct(),
        ];
        var values = new double[tasks.Length, tasks.Length];
        for (var row = 0; row < tasks.Length; row++)
        {
            for (var column = 0; column < tasks.Length; column++)
            {
                values[row, column] =
                    means.TryGetValue((tasks[row], tasks[column]), out var mean)
                    || means.TryGetValue((tasks[column], tasks[row]), out mean)
                        ? mean
                        : double.NaN;
            }
        }

        return new(group.Label, tasks, values, scale);
    }
}
