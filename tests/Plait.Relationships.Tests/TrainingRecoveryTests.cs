using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Relationships.Grouping;
using Plait.Training;

namespace Plait.Relationships.Tests;

/// <summary>Planted families come out of what one joint training shows; a division by chance has an adjusted Rand index of about 0.</summary>
[Collection("torch")]
public sealed class TrainingRecoveryTests
{
    private const double Bar = 0.8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Tasks_of_one_family_lower_each_others_loss(int seed)
    {
        using var planted = PlantedFamilies.Make(seed);

        var index = planted.Recovered(Observe(planted, seed, new InterTaskAffinity()).Symmetrized());

        Assert.True(index >= Bar, $"tag: {index}");
    }

    /// <remarks>
    /// The score of a group is the mean over its tasks: where two tasks of a family are much nearer to each other than to the
    /// third, it pairs those and pools the rest. So the tasks of a family are equally near here.
    /// </remarks>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Groups_chosen_by_that_are_the_families_where_their_tasks_are_equally_near(int seed)
    {
        using var planted = PlantedFamilies.Make(seed, features: 1);

        var found = new AffinitySelection().Select(Observe(planted, seed, new InterTaskAffinity()), groups: 3);

        var index = AdjustedRandIndex.Of(
            planted.Families,
            [.. planted.Data.Tasks.Select(task => found.Serving[task.Name])]
        );
        Assert.True(index >= Bar, $"tag: {index}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Tasks_of_one_family_pull_in_one_direction(int seed)
    {
        using var planted = PlantedFamilies.Make(seed);

        var index = planted.Recovered(Observe(planted, seed, new GradientCosine()));

        Assert.True(index >= Bar, $"gradient-cosine: {index}");
    }

    private static AffinityMatrix Observe(PlantedFamilies planted, int seed, AffinityCallback observer)
    {
        torch.manual_seed(seed);
        using var network = new HardSharing(planted.Data.Tasks, new Mlp(planted.Data.Input.size(1), [32, 32]));
        var recipe = new Recipe
        {
            Optimizer = new AdamOptimizer(learningRate: 5e-3),
            Epochs = 30,
            Seed = seed,
            GradientRecordInterval = 0,
            Callbacks = [observer],
        };
        using var batches = planted.Data.Batches(128, shuffleSeed: seed);
        new Trainer(network, recipe).Fit(batches);
        return observer.Measured;
    }
}
