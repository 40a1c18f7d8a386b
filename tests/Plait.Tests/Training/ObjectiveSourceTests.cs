using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.Scheduling;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>A run needs a source of losses and no data: here an environment is played.</summary>
[Collection("torch")]
public sealed class ObjectiveSourceTests
{
    [Fact]
    public void A_policy_of_two_bandits_learns_the_better_arm_of_each()
    {
        using var policy = new BanditPolicy();

        var result = new Trainer(policy, new Recipe { Optimizer = new AdamOptimizer(0.05), Epochs = 12 }).Fit(
            new Bandits(policy, 4)
        );

        Assert.InRange(policy.Second(0).item<float>(), 1.5, 100); // five to one and more for the better arm
        Assert.InRange(policy.Second(1).item<float>(), -100, -1.5);
        Assert.Equal(12, result.History.Count);
    }

    [Fact]
    public void The_losses_of_a_rollout_are_the_same_whenever_they_are_asked_for()
    {
        using var scope = torch.NewDisposeScope();
        using var policy = new BanditPolicy();
        var source = new Bandits(policy, 4);
        source.Begin(new ObjectiveRequest(policy, 10, 1, []));

        var objective = source.Next(policy.Tasks.All, new() { Tasks = policy.Tasks })!;

        Assert.Equal(objective.Measure().Numbers.ToArray(), objective.Measure().Numbers.ToArray());
        var other = source.Next(policy.Tasks.All, new() { Tasks = policy.Tasks })!;
        Assert.NotEqual(objective.Measure().Numbers.ToArray(), other.Measure().Numbers.ToArray());
    }

    [Theory]
    [InlineData("joint")]
    [InlineData("uniform")]
    public void A_run_that_plays_resumes_to_the_bit(string schedule) =>
        Resumption.AssertSameBits(
            () =>
                new Recipe
                {
                    Schedule = MethodCatalog.Create<TaskSchedule>(schedule),
                    Optimizer = new AdamOptimizer(0.05),
                    Epochs = 5,
                },
            () => new BanditPolicy(),
            policy => new Bandits((BanditPolicy)policy, 4),
            null
        );

    [Fact]
    public void What_a_source_cannot_do_it_refuses_before_the_first_step()
    {
        using var policy = new BanditPolicy();

        var fault = Assert.Throws<NotSupportedException>(() =>
            new Trainer(policy, new Recipe { AccumulatedBatches = 2 }).Fit(new Bandits(policy, 4))
        );

        Assert.Contains("accumulate no batches", fault.Message, StringComparison.Ordinal);
    }
}
