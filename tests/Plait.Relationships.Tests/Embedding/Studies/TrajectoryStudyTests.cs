using Plait.Benchmarks.Episodes;
using Plait.Relationships.Embedding.Studies;

namespace Plait.Relationships.Tests.Embedding.Studies;

[Collection("torch")]
public sealed class TrajectoryStudyTests(ITestOutputHelper output)
{
    [Fact]
    public void Embeddings_of_goals_never_trained_on_keep_the_order_of_their_distances() => AssertLearns(seed: 1);

    [Theory(Explicit = true)]
    [Trait("category", "slow")]
    [InlineData(2)]
    [InlineData(3)]
    public void Other_seeds_do_as_well(int seed) => AssertLearns(seed);

    [Fact]
    public void A_training_that_is_cancelled_stops()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
            TrajectoryStudy.Run(new PointGoals(), new TrajectoryOptions(), progress: null, cancel.Token)
        );
    }

    /// <summary>An agent that does not know the goal does best to stay in the middle, which returns -3.5 on the average.</summary>
    private void AssertLearns(int seed)
    {
        using var outcome = TrajectoryStudy.Run(new PointGoals(), new TrajectoryOptions { Seed = seed });

        output.WriteLine(
            $"seed {seed}: order {outcome.RankCorrelation:0.00}, returns {string.Join(", ", outcome.Returns.Select(value => $"{value:0.00}"))}"
        );
        Assert.Equal(new TrajectoryOptions().Tasks, outcome.Embeddings.Count);
        Assert.InRange(outcome.RankCorrelation, 0.6, 1);
        Assert.InRange(outcome.Returns[^1], -2.5, 0);
    }
}
