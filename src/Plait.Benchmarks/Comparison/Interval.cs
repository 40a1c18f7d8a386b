namespace Plait.Benchmarks.Comparison;

/// <summary>A mean over seeds with its 95% confidence interval.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">The interval's lower end; the mean itself where there is one seed, which says nothing of the spread.</param>
/// <param name="High">The interval's upper end; the mean itself where there is one seed.</param>
public readonly record struct Interval(double Mean, double Low, double High);
