using Plait.Relationships.Embedding;
using Plait.Tests.Networks;

namespace Plait.Relationships.Tests.Embedding;

[Collection("torch")]
public sealed class TrajectoryEmbeddingTests(ITestOutputHelper output)
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

    [Fact]
    public void A_model_outlives_the_scope_it_was_made_in_and_learns_its_rates()
    {
        TrajectoryEmbedding model;
        using (torch.NewDisposeScope())
        {
            model = new TrajectoryEmbedding(2, 5, hidden: 8);
        }

        using var scope = torch.NewDisposeScope();
        using var optimizer = torch.optim.SGD(model.parameters(), 0.1);
        var rates = model.named_parameters().Single(named => named.name == "rates").parameter;
        var before = rates.clone();

        _ = model.Learn(new GoalGrid(Goals([(2, 1), (0, -2)]), 4), optimizer);

        Assert.False(torch.allclose(before, rates)); // the derivative went through the update
        model.Dispose();
    }

    /// <summary>
    /// Goals on the border of the grid, of which four are in no training step. Who does not know the goal does best to stay in the middle,
    /// which returns -6 on those four; who walks straight to it gets -0.75.
    /// </summary>
    [Fact]
    public void Goals_never_trained_on_are_found_after_one_update()
    {
        torch.manual_seed(3);
        var random = new Random(3);
        (float, float)[] kept = [(2, 1), (-1, 2), (-2, -1), (1, -2)];
        var known = Border().Except(kept).ToArray();
        using var model = new TrajectoryEmbedding(2, 5);
        using var optimizer = torch.optim.Adam(model.parameters(), 5e-3);
        for (var step = 0; step < 300; step++)
        {
            using var scope = torch.NewDisposeScope();
            var drawn = Enumerable.Range(0, 12).Select(_ => known[random.Next(known.Length)]);
            _ = model.Learn(new GoalGrid(Goals([.. drawn]), 8), optimizer);
        }

        using var last = torch.NewDisposeScope();
        var adapted = model.Adapt(new GoalGrid(Goals([.. kept, .. kept, .. kept]), 8));
        output.WriteLine($"mean returns on new goals: {string.Join(", ", adapted.Returns.Select(r => $"{r:0.00}"))}");

        Assert.Equal(3, adapted.Returns.Count);
        Assert.True(adapted.Returns[0] < -5, $"without an embedding {adapted.Returns[0]}");
        Assert.True(adapted.Returns[^1] > -3, $"after an update {adapted.Returns[^1]}");
        Assert.Equal([12L, 8], adapted.Embeddings.shape);
        var distances = torch.cdist(adapted.Embeddings, adapted.Embeddings, 2);
        var goals = torch.arange(12).remainder(4);
        var same = goals.unsqueeze(0).eq(goals.unsqueeze(1));
        Assert.True(
            distances.masked_select(same).mean().item<float>() * 1.5
                < distances.masked_select(same.logical_not()).mean().item<float>()
        );
    }

    private static IEnumerable<(float, float)> Border() =>
        from x in Enumerable.Range(-2, 5)
        from y in Enumerable.Range(-2, 5)
        where Math.Max(Math.Abs(x), Math.Abs(y)) == 2
        select ((float)x, (float)y);

    private static Tensor Goals((float X, float Y)[] goals) =>
        torch.tensor([.. goals.SelectMany(goal => new[] { goal.X, goal.Y })]).view(goals.Length, 2);

    /// <summary>Episodes of one step whose reward is the number, and whose action is too.</summary>
    private static Trajectories Episodes(float[][] rewards)
    {
        var earned = torch.tensor([.. rewards.SelectMany(row => row)]).view(rewards.Length, -1, 1);
        return new Trajectories(earned.unsqueeze(3), earned.to(ScalarType.Int64), earned);
    }
}
