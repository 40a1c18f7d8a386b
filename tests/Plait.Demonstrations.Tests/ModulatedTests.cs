namespace Plait.Demonstrations.Tests;

[Collection("torch")]
public sealed class ModulatedTests
{
    private const string Compliance = "update compliance in the last epoch";

    [Fact]
    public void With_scales_of_their_own_the_tasks_agree_more_and_do_no_worse()
    {
        var run = new DemonstrationRun(
            new Modulated
            {
                Rows = 3500,
                Epochs = 4,
                LearningRate = 2e-3,
            },
            seed: 1
        );

        Assert.True(run["modulation", Compliance] > run["hps", Compliance] + 0.003);
        Assert.True(run["modulation", "mean AUC"] > run["hps", "mean AUC"] - 0.01);
    }
}
