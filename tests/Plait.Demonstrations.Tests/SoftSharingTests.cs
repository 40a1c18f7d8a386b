namespace Plait.Demonstrations.Tests;

/// <summary>A reduced form of <c>soft-sharing</c>.</summary>
[Collection("torch")]
public sealed class SoftSharingTests
{
    [Fact]
    public void Weights_drawn_together_help_the_task_with_few_rows_and_are_the_closer_the_stronger_the_penalty()
    {
        var results = new SoftSharingDemonstration { SmallRows = [150], Strengths = [0.001, 0.1] }.Run(seed: 1);

        var weak = Of("soft, 0.001", "distance of the encoders");
        Assert.InRange(weak / Of("separate", "distance of the encoders"), 0.3, 0.9);
        Assert.InRange(Of("soft, 0.1", "distance of the encoders") / weak, 0.01, 0.3);
        var error = Of("soft, 0.1", "test error, small task");
        Assert.InRange(error / Of("separate", "test error, small task"), 0.1, 0.8);
        Assert.InRange(error / Of("hard", "test error, small task"), 0.1, 0.8);

        double Of(string setting, string measure) => results.NumberOf($"{setting}; 150 rows", measure);
    }
}
