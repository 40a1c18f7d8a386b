using System.Globalization;
using Plait.Relationships.Grouping;

namespace Plait.Cli.Relationships;

/// <summary>A grouping and what is told about it.</summary>
/// <param name="Grouping">Its totals are losses, or affinities, by the library's rules.</param>
/// <param name="Method">How it was chosen.</param>
/// <param name="Sign">What makes the library's totals those of the file: 1 or -1.</param>
internal sealed record GroupingAnswer(TaskGrouping Grouping, string Method, double Sign)
{
    /// <summary>What networks might cost; null where their number was limited.</summary>
    public double? Budget { get; init; }

    /// <summary>How many groups there might be.</summary>
    public int? MostGroups { get; init; }

    /// <summary>The split that the networks were chosen by.</summary>
    public string? Split { get; init; }

    /// <summary>What the networks add up to on each split that was measured; NaN where one was not.</summary>
    public IReadOnlyDictionary<string, double> Totals { get; init; } = new Dictionary<string, double>();

    /// <summary>The split to report besides.</summary>
    public string? ReportSplit { get; init; }

    /// <summary>One line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The total in the units of the file.</summary>
    public double Total => Round(Sign * Grouping.Total);

    /// <summary>The bound in the units of the file; null where there is none.</summary>
    public double? Bound => double.IsFinite(Grouping.Bound) ? Round(Sign * Grouping.Bound) : null;

    /// <summary>How far the total may be from the best, relative to the bound; null where there is no bound.</summary>
    public double? Gap => double.IsFinite(Grouping.Bound) && double.IsFinite(Grouping.Gap) ? Grouping.Gap : null;

    /// <summary>The total on the split to report; null where there is none, or a network was not measured.</summary>
    public double? Reported => ReportSplit is { } split && double.IsFinite(Totals[split]) ? Round(Totals[split]) : null;

    /// <summary>Without what adding up left in the last digits.</summary>
    public static double Round(double value) =>
        double.Parse(value.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
