namespace Plait.Demonstrations.Tests;

/// <summary>A reduced form of <c>stop-and-go</c>.</summary>
[Collection("torch")]
public sealed class StopAndGoTests
{
    [Fact]
    public void The_small_task_overfits_less_when_it_is_stopped_and_restarted()
    {
        var results = new StopAndGoDemonstration
        {
            SmallRows = 400,
            LargeRows = 4000,
            HeldOutRows = 1500,
            Epochs = 8,
        }.Run(seed: 1);

        Assert.InRange(results.NumberOf("stop-and-go", "income: stops"), 1, 4);
        Assert.InRange(results.NumberOf("stop-and-go", "income: restarts"), 1, 4);
        var rested = results.NumberOf("stop-and-go", "income: test loss");
        Assert.InRange(results.NumberOf("joint", "income: test loss") - rested, 0.005, 0.2);
        Assert.InRange(results.NumberOf("round-robin", "income: test loss") - rested, 0.02, 0.2);
        var large = results.NumberOf("stop-and-go", "marital-status: test loss");
        Assert.InRange(large - results.NumberOf("joint", "marital-status: test loss"), -0.1, 0.005);
    }
}
