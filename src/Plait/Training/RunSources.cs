using Plait.Networks;
using Plait.Optimization;

namespace Plait.Training;

/// <summary>Where a run's losses come from.</summary>
/// <param name="Training">Those of the training data, or of whatever takes their place.</param>
/// <param name="Search">Those of the search data; null without any.</param>
/// <param name="Searched">The network's groups that learn from search data; none without any.</param>
internal sealed record RunSources(
    IObjectiveSource Training,
    IObjectiveSource? Search,
    IReadOnlyList<ParameterGroup> Searched
)
{
    /// <summary>Training data alone.</summary>
    public static RunSources Of(IObjectiveSource training) => new(training, null, []);
}
