using Plait.Jobs.Runs;
using Plait.Reporting.Plots;

namespace Plait.Reporting.Html;

/// <summary>Runs that differ by their seed only, drawn as one line: their mean.</summary>
/// <param name="Label">The recipe's or the run's name.</param>
/// <param name="Colour">The number of its colour.</param>
/// <param name="Measurements">What was measured, over all runs.</param>
/// <param name="Diagnostics">What was recorded inside the steps, over all runs.</param>
internal sealed record RunGroup(
    string Label,
    int Colour,
    IReadOnlyList<Measurement> Measurements,
    IReadOnlyList<Diagnostic> Diagnostics
)
{
    /// <summary>Reads the numbers of runs.</summary>
    public static RunGroup Load(RunStore store, string label, int colour, IEnumerable<RunRecord> runs)
    {
        var all = runs.ToArray();
        return new(
            label,
            colour,
            [.. all.SelectMany(run => store.Measurements(run.Id))],
            [.. all.SelectMany(run => store.Diagnostics(run.Id))]
        );
    }

    /// <summary>The mean over the runs of a metric by epoch.</summary>
    public IReadOnlyList<(double X, double Y)> Curve(DataSplit split, string task, string metric) =>
        LineSeries.Mean(
            Measurements
                .Where(row => row.Split == split && row.Task == task && row.Metric == metric)
                .Select(row => ((double)row.Epoch, row.Value))
        );

    /// <summary>The names of the tasks that were measured, as they first came.</summary>
    public IEnumerable<string> Tasks => Measurements.Select(row => row.Task).Distinct();
}
