namespace Plait.Demonstrations.Tests;

/// <summary>A reduced form of <c>main-task-last</c>.</summary>
[Collection("torch")]
public sealed class MainTaskLastTests
{
    [Fact]
    public void A_growing_share_helps_the_main_task_more_than_a_constant_one_of_the_same_mean()
    {
        var results = new MainTaskLastDemonstration().Run(seed: 1);
        var share = results.NumberOf("constant", "share of steps, main task");
        Assert.InRange(results.NumberOf("exponential", "share of steps, main task"), share - 0.03, share + 0.03);
        Assert.InRange(results.NumberOf("exponential", "share of steps, main task, first epoch"), 0, 0.15);
        Assert.InRange(results.NumberOf("exponential", "share of steps, main task, last epoch"), 0.85, 1);

        var error = results.NumberOf("exponential", "test error, main task");
        Assert.InRange(error / results.NumberOf("constant", "test error, main task"), 0.5, 0.95);
    }
}
