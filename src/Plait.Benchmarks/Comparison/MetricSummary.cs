namespace Plait.Benchmarks.Comparison;

/// <summary>A metric over seeds.</summary>
/// <param name="Mean">The mean; NaN where the metric is not defined for any seed.</param>
/// <param name="Std">The sample standard deviation; 0 where there is one seed, NaN where there is none.</param>
public readonly record struct MetricSummary(double Mean, double Std);
