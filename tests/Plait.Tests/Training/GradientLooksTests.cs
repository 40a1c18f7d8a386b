using Plait.Networks.CrossTalk;
using Plait.Networks.Encoders;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.MultiObjective;
using Plait.Training;

namespace Plait.Tests.Training;

[Collection("torch")]
public sealed class GradientLooksTests
{
    [Fact]
    public void Looking_at_gradients_changes_no_bit_and_records_cosines()
    {
        using var data = SmallRuns.Data(100);
        var (without, none) = Train(interval: 0);
        var (with, looks) = Train(interval: 1);
        Assert.Equal(without, with);
        Assert.Empty(none);
        Assert.Equal(8, looks.Count);
        Assert.All(
            looks,
            look => Assert.All(Enumerable.Range(0, 3), task => Assert.Equal(1, look.Cosines[(task * 3) + task], 1e-6))
        );
        Assert.All(looks, look => Assert.InRange(look.Compliance, 0.01, 0.99));

        (byte[], IReadOnlyList<GradientRecord>) Train(int interval)
        {
            using var source = data.Batches(32, shuffleSeed: 1);
            using var network = SmallRuns.Network(dropout: 0.5);
            var result = new Trainer(network, new Recipe { Epochs = 2, GradientRecordInterval = interval }).Fit(source);
            return (SmallRuns.Bits(network), result.Gradients);
        }
    }

    [Fact]
    public void A_look_says_what_the_step_made_of_the_gradients()
    {
        using var data = SmallRuns.Data(100);
        using var source = data.Batches(50, shuffleSeed: 1);
        using var network = SmallRuns.Network();
        var recipe = new Recipe
        {
            Weighting = new Uncertainty(),
            Aggregator = new Mgda(),
            Epochs = 1,
            GradientRecordInterval = 1,
        };

        var look = new Trainer(network, recipe).Fit(source).Gradients[0];

        // The log-variances start at 0: a classification weighs 1 and a regression 1/2; MGDA's weights add up to 1.
        Assert.Equal(1, (2 * look.UpdateWeights[0]) + look.UpdateWeights[1] + look.UpdateWeights[2], 1e-6);
        Assert.All(look.UpdateWeights, weight => Assert.InRange(weight, 0, 1));
        Assert.True(look.Condition >= look.Norms.Max() * look.Norms.Max() / (look.Norms.Min() * look.Norms.Min()));
        Assert.Equal(
            new[] { look.Cosines[1], look.Cosines[2], look.Cosines[5] }.Count(cosine => cosine < 0) / 3.0,
            look.ConflictRate
        );
    }

    [Fact]
    public void Looks_at_parameters_in_little_memory_see_the_same()
    {
        using var data = SmallRuns.Data(100);
        var (all, groups) = (Looks(null), Looks(1));
        Assert.All(
            all.Zip(groups),
            pair =>
            {
                Assert.Equal(pair.First.Compliance, pair.Second.Compliance, 1e-5);
                Assert.Equal(pair.First.Cosines[1], pair.Second.Cosines[1], 1e-5);
                Assert.InRange(pair.First.Compliance, 0.01, 0.99);
            }
        );

        IReadOnlyList<GradientRecord> Looks(long? rowMemory)
        {
            torch.manual_seed(3);
            using var network = new CrossStitch(SmallRuns.Tasks, new Mlp(SmallRuns.Inputs, [8, 4]));
            using var source = data.Batches(50);
            var recipe = new Recipe
            {
                Epochs = 2,
                GradientRecordInterval = 1,
                RowMemory = rowMemory,
            };
            return new Trainer(network, recipe).Fit(source).Gradients;
        }
    }
}
