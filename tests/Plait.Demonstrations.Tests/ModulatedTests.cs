namespace Plait.Demonstrations.Tests;

[Collection("torch")]
public sealed class ModulatedTests
{
    private const string Compliance = "update compliance in the last epoch";

    [Fact]
    public void With_scales_of_their_own_the_tasks_agree_more_and_do_no_worse()
    {
        var results = new ModulatedDemonstration
        {
            Rows = 3500,
            Epochs = 4,
            LearningRate = 2e-3,
        }.Run(seed: 1);

        Assert.True(results.NumberOf("modulation", Compliance) > results.NumberOf("hps", Compliance) + 0.003);
        Assert.True(results.NumberOf("modulation", "mean AUC") > results.NumberOf("hps", "mean AUC") - 0.01);
    }
}
