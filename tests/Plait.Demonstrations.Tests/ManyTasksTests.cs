namespace Plait.Demonstrations.Tests;

[Collection("torch")]
public sealed class ManyTasksTests
{
    private const string Area = "mean AUC";

    /// <summary>The paper's claim does not show: what routing gains at a large learning rate, hard sharing has at its own.</summary>
    [Fact]
    public void Routing_gains_at_a_large_learning_rate_and_loses_at_the_one_that_suits_hard_sharing()
    {
        var results = new ManyTasksDemonstration
        {
            Rows = 3000,
            Epochs = 5,
            Shares = [0.2, 0.6],
            Widths = [64, 32],
        }.Run(seed: 1);

        Assert.True(
            results.NumberOf("task-routing:share=0.6, rate 0.05", Area)
                > results.NumberOf("hps, rate 0.05", Area) + 0.003
        );
        Assert.True(
            results.NumberOf("task-routing:share=0.2, rate 0.02", Area)
                < results.NumberOf("hps, rate 0.02", Area) - 0.03
        );
    }
}
