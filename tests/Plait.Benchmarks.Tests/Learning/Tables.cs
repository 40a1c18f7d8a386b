using System.Globalization;
using Plait.Benchmarks.Comparison;

namespace Plait.Benchmarks.Tests.Learning;

/// <summary>Comparisons as text.</summary>
internal static class Tables
{
    /// <summary>Writes a line for each recipe: primary metrics, Δm, parameters.</summary>
    public static void Tell(ITestOutputHelper output, ComparisonTable table)
    {
        foreach (var row in table.Rows)
        {
            var metrics = row.Metrics.Select(metric => Text($"{metric.Key} {metric.Value.Mean:F3}"));
            output.WriteLine(
                Text(
                    $"{row.Recipe}: {string.Join(", ", metrics)}, Δm {row.DeltaM.Mean:+0.0;-0.0} ({row.DeltaM.Low:0.0} to {row.DeltaM.High:0.0}) %, {row.Parameters} parameters"
                )
            );
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
