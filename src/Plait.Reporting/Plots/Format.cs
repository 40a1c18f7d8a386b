using System.Globalization;
using Plait.Benchmarks.Comparison;

namespace Plait.Reporting.Plots;

/// <summary>Numbers and times as the report prints them, the same in every culture.</summary>
internal static class Format
{
    /// <summary>What stands for a value that is not defined.</summary>
    public const string Undefined = "–";

    /// <summary>A metric, to three digits behind the point where it is small, fewer where it is large.</summary>
    public static string Metric(double value) => Metric(value, value);

    /// <summary>A metric's standard deviation, with as many digits behind the point as its mean.</summary>
    public static string Spread(MetricSummary summary) => Metric(summary.Std, summary.Mean);

    /// <summary>A difference in percent, with its sign.</summary>
    public static string Percent(double value) =>
        double.IsFinite(value) ? value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) : Undefined;

    /// <summary>A whole number, in groups of three digits.</summary>
    public static string Count(long value) => value.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>Seconds, to a tenth where that matters.</summary>
    public static string Seconds(double value) =>
        double.IsFinite(value)
            ? value.ToString(value < 100 ? "0.0" : "#,##0", CultureInfo.InvariantCulture)
            : Undefined;

    /// <summary>A time in UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A number that a script can sort by.</summary>
    public static string Raw(double value) =>
        double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Metric(double value, double like) =>
        !double.IsFinite(value)
            ? Undefined
            : value.ToString(
                Math.Abs(like) switch
                {
                    0 => "0.000",
                    < 0.001 => "0.00e0",
                    < 10 => "0.000",
                    < 100 => "0.00",
                    < 1000 => "0.0",
                    _ => "#,##0",
                },
                CultureInfo.InvariantCulture
            );
}
