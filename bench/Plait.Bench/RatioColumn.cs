using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Plait.Bench;

/// <summary>One number of a benchmark's distribution over that of its baseline: minima suffer least from other programs.</summary>
internal sealed class RatioColumn(string name, Func<Statistics, double> number) : IColumn
{
    public string Id => $"Ratio.{name}";

    public string ColumnName => $"Ratio of {name.ToLowerInvariant()}";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Baseline;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => $"{ColumnName} over the baseline's";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var baseline = summary.GetBaseline(summary.GetLogicalGroupKey(benchmarkCase));
        var (own, reference) = (
            summary[benchmarkCase]?.ResultStatistics,
            baseline is null ? null : summary[baseline]?.ResultStatistics
        );
        return own is null || reference is null
            ? "-"
            : (number(own) / number(reference)).ToString("0.000", CultureInfo.InvariantCulture);
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;
}
