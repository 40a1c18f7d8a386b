using Plait.Catalogue;
using Plait.Optimization;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>A trunk that does not learn: nothing is left to aggregate, and the tasks' own parameters learn as they would.</summary>
[Collection("torch")]
public sealed class FrozenTrunkTests
{
    /// <summary>All but those that have nothing to do there: they take gradients at the representation, or learn rotations of it.</summary>
    public static TheoryData<string> Aggregators =>
        [
            .. MethodCatalog
                .Of(MethodKind.Aggregator)
                .Select(entry => entry.Example)
                .Where(method =>
                    MethodCatalog.Create<GradientAggregator>(method).Location == GradientLocation.Parameters
                ),
        ];

    [Theory]
    [MemberData(nameof(Aggregators))]
    public void Heads_on_a_frozen_trunk_learn_with_every_aggregator(string aggregator)
    {
        using var data = SmallRuns.Data(32);
        using var train = data.Batches(16);
        using var network = SmallRuns.Network(dropout: 0);
        foreach (var parameter in network.SharedParameters)
        {
            parameter.requires_grad = false;
        }

        double[] trunk = [.. network.SharedParameters.SelectMany(Numbers.Read)];
        double[][] heads = [.. Own()];
        var recipe = new Recipe
        {
            Aggregator = MethodCatalog.Create<GradientAggregator>(aggregator),
            Optimizer = new SgdOptimizer(0.05),
            Epochs = 1,
        };

        var result = new Trainer(network, recipe).Fit(train);

        Assert.Equal(0, result.SkippedSteps);
        Assert.Equal(trunk, network.SharedParameters.SelectMany(Numbers.Read));
        var moved = Own().Zip(heads, (after, before) => !after.SequenceEqual(before));
        // A method that weighs the heads too may choose one task alone.
        Assert.InRange(
            moved.Count(one => one),
            recipe.Aggregator.WeighsPrivateParameters ? 1 : heads.Length,
            heads.Length
        );

        IEnumerable<double[]> Own() =>
            network.Tasks.Select((_, task) => network.ParametersOf(task).SelectMany(Numbers.Read).ToArray());
    }
}
