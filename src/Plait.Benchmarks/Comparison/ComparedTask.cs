namespace Plait.Benchmarks.Comparison;

/// <summary>A task of a comparison, and the metric that stands for it.</summary>
/// <param name="Name">The task's name.</param>
/// <param name="Metric">The name of its primary metric.</param>
/// <param name="HigherIsBetter">Whether more of the metric is better.</param>
public sealed record ComparedTask(string Name, string Metric, bool HigherIsBetter);
