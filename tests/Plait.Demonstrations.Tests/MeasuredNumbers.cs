namespace Plait.Demonstrations.Tests;

/// <summary>Looks measured numbers up.</summary>
internal static class MeasuredNumbers
{
    /// <summary>The one number of a setting and a measure.</summary>
    public static double NumberOf(this IReadOnlyList<Observation> results, string setting, string measure) =>
        Assert.Single(results, result => result.Setting == setting && result.Measure == measure).Value;
}
