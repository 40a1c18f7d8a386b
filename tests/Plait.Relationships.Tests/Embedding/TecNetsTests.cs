using Plait.Relationships.Embedding;
using Plait.Tests.Networks;

namespace Plait.Relationships.Tests.Embedding;

[Collection("torch")]
public sealed class TecNetsTests(ITestOutputHelper output)
{
    private const int Steps = 8;

    [Fact]
    public void The_margin_loss_worked_by_hand()
    {
        using var scope = torch.NewDisposeScope();
        var queries = torch.tensor(
            new[,,]
            {
                {
                    { 1.0, 0 },
                },
                {
                    { 0.8, 0.6 },
                },
            }
        ); // two tasks, a query each
        var sentences = torch.tensor(
            new[,]
            {
                { 1.0, 0 },
                { 0.6, 0.8 },
            }
        );

        // Cosines with (own, other) sentence: (1, 0.6) and (0.96, 0.8).
        Assert.Equal((0.1 + 0.34) / 2, TecNets.MarginLoss(queries, sentences, 0.5).item<double>(), 1e-12);
        Assert.Equal((0 + 0.04) / 2, TecNets.MarginLoss(queries, sentences, 0.2).item<double>(), 1e-12);
        Assert.Equal(0, TecNets.MarginLoss(queries, sentences, 0.1).item<double>(), 1e-12);
    }

    [Fact]
    public void The_total_is_the_weighted_sum_and_imitation_a_mean_square()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        var episode = Episode(new Random(1), 3, 2, 4);
        using var network = TecNets.Mlp(Steps, 2, 2, 5, [8]);
        var loss = network.Loss(episode);
        var sentences = network.Sentence(episode.SupportObservations, episode.SupportActions);
        var acted = network.Act(episode.QueryObservations.flatten(1, 2), sentences);

        var square = (acted - episode.QueryActions.flatten(1, 2)).square().mean().item<float>();

        Assert.Equal(square, loss.Query.item<float>(), 1e-6);
        Assert.Equal(
            loss.Embedding.item<float>() + loss.Support.item<float>() + loss.Query.item<float>(),
            loss.Total.item<float>(),
            1e-5
        );
        Assert.All(
            torch.linalg.vector_norm(sentences, dims: [1]).data<float>().ToArray(),
            length => Assert.Equal(1, length, 1e-5)
        );
    }

    [Fact]
    public void Gradients_are_those_of_differences()
    {
        torch.manual_seed(2);
        using var scope = torch.NewDisposeScope();
        using var network = TecNets.Mlp(Steps, 2, 2, 4, [6], margin: 0.5);
        network.to(ScalarType.Float64);
        var given = Episode(new Random(2), 3, 2, 2);
        var episode = new TaskDemonstrations(
            given.SupportObservations.to(ScalarType.Float64),
            given.SupportActions.to(ScalarType.Float64),
            given.QueryObservations.to(ScalarType.Float64),
            given.QueryActions.to(ScalarType.Float64)
        );

        FiniteDifference.AssertGradients(network.parameters(), () => network.Loss(episode).Total);
    }

    [Fact]
    public void One_task_alone_and_shapes_that_do_not_fit_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        using var network = TecNets.Mlp(Steps, 2, 2);
        Assert.Contains(
            "two or more",
            Assert.Throws<ArgumentException>(() => network.Loss(Episode(new Random(1), 1, 2, 2))).Message
        );
        var episode = Episode(new Random(1), 3, 2, 2);
        Assert.Throws<ArgumentException>(() =>
            network.Loss(episode with { QueryActions = episode.SupportObservations.flatten(0, 1) })
        );
    }

    /// <summary>
    /// A task is to reach a place in the plane. What is seen is where one stands, never the goal, so that only the demonstrations tell. The
    /// goals of the test were in no training episode.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Places_never_trained_on_are_reached_after_three_demonstrations(int seed)
    {
        torch.manual_seed(seed);
        var random = new Random(seed);
        using var network = TecNets.Mlp(Steps, 2, 2, 10);
        using var optimizer = torch.optim.Adam(network.parameters(), 2e-3);

        var steps = network.Train(Enumerable.Range(0, 700).Select(_ => Episode(random, 16, 3, 3)), optimizer);

        Assert.Equal(700, steps);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var goals = Goals(random, 50);
        var (observations, actions) = Demonstrations(random, goals, 3);
        var sentences = network.Sentence(observations, actions);
        var at = torch.zeros(50, 1, 2);
        for (var step = 0; step < 20; step++)
        {
            at = at + network.Act(at, sentences);
        }

        var target = torch.tensor(goals).view(50, 1, 2);
        var left = (at - target).square().sum(dim: 2L).sqrt().mean().item<float>();
        var byMean = target.square().sum(dim: 2L).sqrt().mean().item<float>(); // the mean goal is the middle
        output.WriteLine($"{left:0.000} from new goals, {byMean:0.000} without knowing the task");
        Assert.True(left < 0.2 * byMean, $"{left} away, {byMean} without knowing the task");

        var (others, theirs) = Demonstrations(random, goals, 3);
        var cosines = sentences.mm(network.Sentence(others, theirs).t());
        var nearest = cosines.argmax(1).eq(torch.arange(50)).to(ScalarType.Float32).mean().item<float>();
        Assert.True(nearest > 0.5, $"{nearest} of the sentences are nearest to one of the same task; by chance 0.02");
        var same = cosines.diagonal().mean().item<float>();
        Assert.True(same > cosines.mean().item<float>() + 0.3, $"{same} against {cosines.mean().item<float>()}");
    }

    private static TaskDemonstrations Episode(Random random, int tasks, int support, int query)
    {
        var goals = Goals(random, tasks);
        var (seen, done) = Demonstrations(random, goals, support);
        var (others, theirs) = Demonstrations(random, goals, query);
        return new TaskDemonstrations(seen, done, others, theirs);
    }

    private static float[] Goals(Random random, int tasks) =>
        [.. Enumerable.Range(0, 2 * tasks).Select(_ => (2 * random.NextSingle()) - 1)];

    /// <summary>From somewhere in the square a third of the way to the goal at each step.</summary>
    private static (Tensor Observations, Tensor Actions) Demonstrations(Random random, float[] goals, int count)
    {
        var tasks = goals.Length / 2;
        var observations = new float[tasks, count, Steps, 2];
        var actions = new float[tasks, count, Steps, 2];
        for (var task = 0; task < tasks; task++)
        {
            for (var demonstration = 0; demonstration < count; demonstration++)
            {
                for (var axis = 0; axis < 2; axis++)
                {
                    var at = (2 * random.NextSingle()) - 1;
                    for (var step = 0; step < Steps; step++)
                    {
                        var move = (goals[(2 * task) + axis] - at) / 3;
                        observations[task, demonstration, step, axis] = at;
                        actions[task, demonstration, step, axis] = move;
                        at += move;
                    }
                }
            }
        }

        return (torch.tensor(observations), torch.tensor(actions));
    }
}
