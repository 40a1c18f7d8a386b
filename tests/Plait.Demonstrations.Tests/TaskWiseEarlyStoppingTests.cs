namespace Plait.Demonstrations.Tests;

/// <summary>A reduced form of <c>task-wise-early-stopping</c>.</summary>
[Collection("torch")]
public sealed class TaskWiseEarlyStoppingTests
{
    private const string Stopped = "task-wise-early-stopping";

    [Fact]
    public void The_helper_that_is_learned_by_heart_is_stopped_and_the_main_task_is_better_for_it()
    {
        var demonstration = new TaskWiseEarlyStoppingDemonstration
        {
            Rows = 150,
            HeldOutRows = 300,
            Epochs = 50,
        };

        var results = demonstration.Run(seed: 3);

        Assert.InRange(results.NumberOf(Stopped, "chance: epochs trained"), 5, 25);
        Assert.Equal(demonstration.Epochs, results.NumberOf(Stopped, "landmarks: epochs trained"));
        var never = results.NumberOf("all, never stopped", "landmarks: test loss");
        Assert.InRange(never - results.NumberOf(Stopped, "landmarks: test loss"), 0.001, 0.1);
    }
}
