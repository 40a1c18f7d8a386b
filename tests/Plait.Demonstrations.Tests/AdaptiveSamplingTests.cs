namespace Plait.Demonstrations.Tests;

/// <summary>A reduced form of <c>adaptive-sampling</c>.</summary>
[Collection("torch")]
public sealed class AdaptiveSamplingTests
{
    [Fact]
    public void The_task_that_lags_the_most_lags_less_than_under_proportional_sampling()
    {
        var results = new AdaptiveSamplingDemonstration
        {
            LargeRows = 1000,
            SmallRows = 50,
            Epochs = 4,
            Powers = [20],
        }.Run(seed: 1);

        var lower = results.NumberOf("adaptive, power 20", "lower of the two, as a part of its baseline");
        Assert.InRange(lower - results.NumberOf("proportional", "lower of the two, as a part of its baseline"), 0.1, 1);
    }
}
