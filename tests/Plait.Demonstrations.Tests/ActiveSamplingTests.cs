namespace Plait.Demonstrations.Tests;

/// <summary>A reduced form of <c>active-sampling</c>.</summary>
[Collection("torch")]
public sealed class ActiveSamplingTests
{
    private const string Share = "share of steps of the furthest task";
    private const string Least = "least part of a target at the end";

    [Fact]
    public void The_task_furthest_from_its_target_is_drawn_more_and_ends_nearer_to_it()
    {
        var results = new ActiveSamplingDemonstration { Epochs = 12 }.Run(seed: 1);

        var uniform = results.NumberOf("uniform", Share);
        Assert.InRange(uniform, 0.1, 0.15); // one of eight
        Assert.InRange(results.NumberOf("active-sampling:window=10", Share), uniform + 0.05, 0.6);
        Assert.InRange(results.NumberOf("active-sampling:window=1", Share), uniform + 0.2, 0.8);
        Assert.InRange(results.NumberOf("active-bandit", Share), uniform + 0.03, 0.6);
        // Twelve lessons are too few for active-actor-critic: ActiveActorCriticTests shows that it learns.
        Assert.InRange(
            results.NumberOf("active-sampling:window=10", Least),
            results.NumberOf("uniform", Least) + 0.02,
            1.1
        );
    }
}
