namespace Plait.Benchmarks.Comparison;

/// <summary>A recipe as a comparison names it.</summary>
/// <param name="Name">Unique in the comparison.</param>
/// <param name="Network">The network's name.</param>
/// <param name="Weighting">The loss weighting's name.</param>
/// <param name="Aggregator">The gradient aggregator's name.</param>
public sealed record ComparedRecipe(string Name, string Network, string Weighting, string Aggregator);
