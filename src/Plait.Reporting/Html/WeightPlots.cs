using System.Xml.Linq;
using Plait.Jobs.Runs;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Html;

/// <summary>How numbers that each task has went over the steps: one plot a group of runs, one colour a task.</summary>
internal static class WeightPlots
{
    /// <summary>The weights of the tasks' losses; null where none were recorded.</summary>
    public static XElement? OfLosses(IReadOnlyList<RunGroup> groups) =>
        Draw(groups, "Task weights", Diagnostic.Weight, value => value);

    /// <summary>What the tasks' gradients were multiplied by in the update; null where that was not recorded.</summary>
    public static XElement? OfUpdates(IReadOnlyList<RunGroup> groups) =>
        Draw(groups, "Weights in the update", Diagnostic.UpdateWeight, value => value);

    /// <summary>The decimal logarithms of the norms of the tasks' gradients; null where none were recorded.</summary>
    public static XElement? OfNorms(IReadOnlyList<RunGroup> groups) =>
        Draw(groups, "Gradient norms, log10", Diagnostic.Norm, Math.Log10);

    private static XElement? Draw(IReadOnlyList<RunGroup> groups, string title, string kind, Func<double, double> scale)
    {
        var weights = groups
            .Select(group => (group.Label, Lines: Lines(group, kind, scale)))
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
            title,
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
            still.Length == 0 ? null : Classed("p", "note", $"They never change in {string.Join(", ", still)}.")
        );
    }

    private static LineSeries[] Lines(RunGroup group, string kind, Func<double, double> scale) =>
        [
            .. group
                .Diagnostics.Where(row => row.Kind == kind && double.IsFinite(scale(row.Value)))
                .GroupBy(row => row.Task)
                .Select(task => new LineSeries(
                    task.Key,
                    0,
                    LineSeries.Mean(task.Select(row => ((double)row.Step, scale(row.Value))))
                )),
        ];

    private static bool Moves(IReadOnlyList<(double X, double Y)> points) =>
        points.Count > 1 && points.Max(point => point.Y) - points.Min(point => point.Y) > 1e-6;
}
