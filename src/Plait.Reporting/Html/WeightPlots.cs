using System.Xml.Linq;
using Plait.Reporting.Plots;
using static Plait.Reporting.Html.Markup;

namespace Plait.Reporting.Html;

/// <summary>How the weights of the tasks went over the steps: one plot a group of runs, one colour a task.</summary>
internal static class WeightPlots
{
    /// <summary>The section; null where no weights were recorded.</summary>
    public static XElement? Draw(IReadOnlyList<RunGroup> groups)
    {
        var weights = groups
            .Select(group => (group.Label, Lines: Lines(group)))
            .Where(group => group.Lines.Length > 0)
            .ToArray();
        if (weights.Length == 0)
        {
            return null;
        }

        var moving = weights.Where(group => group.Lines.Any(line => Moves(line.Points))).ToArray();
        var still = weights.Except(moving).Select(group => group.Label).ToArray();
        string[] tasks = [.. moving.SelectMany(group => group.Lines).Select(line => line.Label).Distinct()];
        return Section(
            "Task weights",
            moving.Length == 0 ? null : CurvePlots.Legend(tasks.Select((task, index) => (task, index + 1))),
            Classed(
                "div",
                "plots",
                moving.Select(group =>
                    new LinePlot(
                        group.Label,
                        "step",
                        [.. group.Lines.Select(line => line with { Colour = Array.IndexOf(tasks, line.Label) + 1 })]
                    ).Draw()
                )
            ),
            still.Length == 0 ? null : Classed("p", "note", $"The weights never change in {string.Join(", ", still)}.")
        );
    }

    private static LineSeries[] Lines(RunGroup group) =>
        [
            .. group
                .Diagnostics.Where(row => row.Kind == Diagnostic.Weight)
                .GroupBy(row => row.Task)
                .Select(task => new LineSeries(
                    task.Key,
                    0,
                    LineSeries.Mean(task.Select(row => ((double)row.Step, row.Value)))
                )),
        ];

    private static bool Moves(IReadOnlyList<(double X, double Y)> points) =>
        points.Count > 1 && points.Max(point => point.Y) - points.Min(point => point.Y) > 1e-6;
}
