using Plait.Relationships.Embedding;
using Plait.Tests.Networks;

namespace Plait.Tests.Relationships.Embedding;

[Collection("torch")]
public sealed class TrajectoryEmbeddingTests
{
    [Fact]
    public void The_best_episodes_are_kept()
    {
        using var scope = torch.NewDisposeScope();
        var first = Episodes([
            [1, 5],
            [0, 2],
        ]);
        var second = Episodes([
            [3, 2],
            [7, 1],
        ]);

        var best = second.Best(first, 2);

        Assert.Equal([5f, 3f, 7f, 2f], best.Returns().flatten().data<float>().ToArray());
        Assert.Equal([5L, 3, 7, 2], best.Actions.flatten().data<long>().ToArray());
    }

    [Fact]
    public void The_encoder_is_a_gated_recurrent_unit_and_its_tasks_do_not_mix()
    {
        torch.manual_seed(1);
        using var scope = torch.NewDisposeScope();
        using var encoder = new TrajectoryEncoder(3, 4, 2);
        var features = torch.randn(2, 5, 6, 3);
        using var unit = torch.nn.GRU(3, 4, batchFirst: true);
        using var projection = torch.nn.Linear(4, 2);
        var own = torch.cat([
            .. unit.parameters().Select(parameter => parameter.dim() == 2 ? parameter.t().flatten() : parameter),
            projection.weight.t().flatten(),
            projection.bias!,
        ]);

        var embedded = encoder.Embed(torch.stack([own, encoder.Start]), features);

        var expected = projection.call(unit.call(features[0]).Item2.squeeze(0)).mean([0]);
        Assert.True(torch.allclose(expected, embedded[0], atol: 1e-6));
        var alone = encoder.Embed(encoder.Start.unsqueeze(0), features[1].unsqueeze(0));
        Assert.True(torch.allclose(alone[0], embedded[1], atol: 1e-6));
    }

    [Fact]
    public void Gradients_of_the_encoder_are_those_of_differences()
    {
        torch.manual_seed(2);
        using var scope = torch.NewDisposeScope();
        using var encoder = new TrajectoryEncoder(2, 3, 2);
        encoder.to(ScalarType.Float64);
        var features = torch.randn([2, 3, 4, 2], ScalarType.Float64);

        FiniteDifference.AssertGradients(
            [encoder.Start],
            () => encoder.Embed(encoder.Start.unsqueeze(0).expand(2, -1), features).square().sum()
        );
    }

    /// <summary>Goals on the border of the grid, of which four are in no training step.</summary>
    [Fact]
    public void Goals_never_trained_on_are_found_after_one_update()
    {
        torch.manual_seed(3);
        var random = new Random(3);
        (float, float)[] border =
        [
            .. Enumerable
                .Range(-2, 5)
                .SelectMany(x => Enumerable.Range(-2, 5).Select(y => ((float)x, (float)y)))
                .Where(place => Math.Max(Math.Abs(place.Item1), Math.Abs(place.Item2)) == 2),
        ];
        (float, float)[] kept = [(2, 1), (-1, 2), (-2, -1), (1, -2)];
        var known = border.Except(kept).ToArray();
        using var model = new TrajectoryEmbedding(2, 5);
        using var optimizer = torch.optim.Adam(model.parameters(), 5e-3);
        var trace = new List<double>();
        for (var step = 0; step < 400; step++)
        {
            using var scope = torch.NewDisposeScope();
            var returns = model.Learn(
                new GoalGrid(Goals([.. Enumerable.Range(0, 12).Select(_ => known[random.Next(known.Length)])]), 8),
                optimizer
            );
            if (step % 50 == 0 || step == 399)
            {
                Console.WriteLine($"{step}: {string.Join(" ", returns.Select(r => $"{r:0.00}"))}");
            }
        }

        using var last = torch.NewDisposeScope();
        var adapted = model.Adapt(new GoalGrid(Goals([.. kept, .. kept, .. kept]), 8));
        Console.WriteLine($"kept: {string.Join(" ", adapted.Returns.Select(r => $"{r:0.00}"))}");
    }

    private static Tensor Goals((float X, float Y)[] goals) =>
        torch.tensor([.. goals.SelectMany(goal => new[] { goal.X, goal.Y })]).view(goals.Length, 2);

    /// <summary>Episodes of one step whose reward is the number, and whose action is too.</summary>
    private static Trajectories Episodes(float[][] rewards)
    {
        var earned = torch.tensor([.. rewards.SelectMany(row => row)]).view(rewards.Length, -1, 1);
        return new Trajectories(earned.unsqueeze(3), earned.to(ScalarType.Int64), earned);
    }
}
