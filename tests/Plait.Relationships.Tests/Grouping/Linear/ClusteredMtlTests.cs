using Plait.Relationships.Grouping.Linear;

namespace Plait.Relationships.Tests.Grouping.Linear;

public sealed class ClusteredMtlTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Planted_groups_are_found_and_tasks_of_few_rows_learned_better_than_alone(int seed)
    {
        var planted = new PlantedTasks(seed, LinearLoss.Squared, features: 15);

        var model = ClusteredMtl.Fit(planted.Training, 3, strength: 0.1);

        var (own, alone) = (planted.TestLoss(model.Models), planted.BestRidge(LinearLoss.Squared));
        output.WriteLine($"squared error on new rows: {own:0.000} together, {alone:0.000} alone");
        Assert.True(
            AdjustedRandIndex.Of(planted.Groups, model.Groups) >= 0.8,
            $"groups {string.Join(' ', model.Groups)}"
        );
        Assert.True(own <= 0.6 * alone, $"{own} against {alone} alone");
        Assert.Equal(24, model.TaskGroups.Sum(group => group.Tasks.Count));
    }

    [Theory]
    [InlineData(LinearLoss.Squared)]
    [InlineData(LinearLoss.Logistic)]
    public void The_objective_never_rises(LinearLoss loss)
    {
        var model = ClusteredMtl.Fit(new PlantedTasks(4, loss).Training, 4, 0.03, loss, tolerance: 1e-8);

        Assert.True(model.Objectives.Count > 3);
        Assert.All(
            model.Objectives.Zip(model.Objectives.Skip(1)),
            pair => Assert.True(pair.Second <= pair.First * (1 + 1e-9))
        );
    }

    [Fact]
    public void The_penalty_of_a_group_is_its_norm_and_its_least_one()
    {
        var random = new Random(2);
        var weights = Enumerable
            .Range(0, 4)
            .Select(_ => Enumerable.Range(0, 3).Select(_ => random.NextDouble() - 0.5).ToArray())
            .ToArray();
        const double Smoothing = 1e-4;
        var norms = new GroupNorms(weights, Smoothing);

        var penalty = norms.Penalty([0, 1, 2, 3], 1);

        // tr(D⁻¹ (WW' + smoothing I)) at the best D.
        var sum = Smoothing * (penalty[0] + penalty[4] + penalty[8]);
        foreach (var w in weights)
        {
            for (var i = 0; i < 9; i++)
            {
                sum += penalty[i] * w[i / 3] * w[i % 3];
            }
        }

        Assert.Equal(norms.Of([0, 1, 2, 3]), sum, 1e-9);
    }

    [Fact]
    public void A_norm_is_the_squared_sum_of_singular_values()
    {
        double[][] weights =
        [
            [3, 0, 0],
            [0, 4, 0],
            [6, 0, 0],
        ];
        var norms = new GroupNorms(weights, 1e-12);

        Assert.Equal(Math.Pow(Math.Sqrt(45) + 4, 2), norms.Of([0, 1, 2]), 1e-3);
        Assert.Equal(45, norms.Of([0, 2]), 1e-3);
        Assert.Equal(0, norms.Of([]), 1e-10);
        Assert.Equal(1, AdjustedRandIndex.Of([0, 1, 0], norms.Settle([0, 1, 1], 2))); // the first and the third share a direction
    }
}
