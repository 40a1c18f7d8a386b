using System.Xml.Linq;
using Plait.Jobs.Runs;
using Plait.Reporting.Plots;
using static Plait.Reporting.Plots.Markup;

namespace Plait.Reporting.Html;

/// <summary>How much the tasks' gradients conflict, how far they agree, and how nearly dependent they are: one line a group of runs.</summary>
internal static class ConflictPlots
{
    /// <summary>The section; null where nothing was recorded.</summary>
    public static XElement? Draw(IReadOnlyList<RunGroup> groups)
    {
        LinePlot[] plots =
        [
            .. new[]
            {
                Over("Pairs of tasks in conflict", groups, Diagnostic.ConflictRate, value => value),
                Over("Update compliance", groups, Diagnostic.Compliance, value => value),
                Over("Condition of the Gramian, log10", groups, Diagnostic.Condition, Math.Log10),
            }.Where(plot => plot.Series.Count > 0),
        ];
        return plots.Length == 0
            ? null
            : Section(
                "Conflicts",
                CurvePlots.Legend(groups.Select(group => (group.Label, group.Colour))),
                Classed("div", "plots", plots.Select(plot => plot.Draw())),
                Classed(
                    "p",
                    "note",
                    "In conflict is the share of the pairs of tasks whose gradients point away from each other. Compliance is the size of the gradients' sum over the sum of their sizes, on average over their numbers: 1 where all tasks want each to go the same way, 0 where what they want cancels out. The condition is the largest eigenvalue of the gradients' inner products over the smallest: 0 where they are orthogonal and of one length, far above where some are nearly combinations of others or much shorter."
                )
            );
    }

    private static LinePlot Over(
        string title,
        IReadOnlyList<RunGroup> groups,
        string kind,
        Func<double, double> scale
    ) =>
        new(
            title,
            "step",
            [
                .. groups
                    .Select(group => new LineSeries(
                        group.Label,
                        group.Colour,
                        LineSeries.Mean(
                            group
                                .Diagnostics.Where(row => row.Kind == kind && double.IsFinite(scale(row.Value)))
                                .Select(row => ((double)row.Step, scale(row.Value)))
                        )
                    ))
                    .Where(series => series.Points.Count > 0),
            ]
        );
}
