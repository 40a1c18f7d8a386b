namespace Plait.Demonstrations.Tests;

[Collection("torch")]
public sealed class GainsToldTests
{
    [Fact]
    public void Pairs_that_gain_are_told_from_those_that_do_not_by_what_is_seen_of_each_task_alone()
    {
        var gains = new GainsTold
        {
            Times = 1,
            Molecules = 1000,
            Epochs = 6,
        };

        var measured = gains.Run(seed: 3);

        var area = measured.Single(one => one is { Setting: "pairs left out", Measure: "area under the curve" }).Value;
        Assert.True(area > 0.65, $"{area}, where 0.5 is chance");
    }
}
