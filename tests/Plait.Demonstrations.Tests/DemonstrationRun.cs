namespace Plait.Demonstrations.Tests;

/// <summary>What a demonstration measured, by setting and measure.</summary>
/// <param name="demonstration">The demonstration.</param>
/// <param name="seed">Decides its chance.</param>
internal sealed class DemonstrationRun(Demonstration demonstration, int seed)
{
    private readonly Dictionary<(string, string), double> values = demonstration
        .Run(seed)
        .ToDictionary(observation => (observation.Setting, observation.Measure), observation => observation.Value);

    public double this[string setting, string measure] => values[(setting, measure)];
}
