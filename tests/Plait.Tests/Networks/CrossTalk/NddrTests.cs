using Plait.Networks.CrossTalk;
using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Tasks.Answers;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks.CrossTalk;

[Collection("torch")]
public sealed class NddrTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_layer_starts_as_the_weighted_sum_of_the_same_channel_of_all_tasks(bool maps)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        const int Count = 3;
        const long Channels = 4;
        using var layer = new NddrLayer(
            Count,
            maps ? [Channels, 5, 3] : [Channels],
            new StartingWeights(Count, 0.8, 0.05)
        );
        layer.eval();
        var features = Enumerable
            .Range(0, Count)
            .Select(_ => torch.rand(maps ? [2, Channels, 5, 3] : [2, Channels]))
            .ToArray();
        for (var task = 0; task < Count; task++)
        {
            var expected = torch.zeros_like(features[0]);
            for (var other = 0; other < Count; other++)
            {
                expected += features[other] * (other == task ? 0.8 : 0.05);
            }

            Assert.True(expected.allclose(layer.Of(task).call(torch.cat(features, 1)), 1e-4, 1e-5));
        }
    }

    [Fact]
    public void A_layer_is_a_matrix_of_all_features_normalised_over_the_batch_and_rectified()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var layer = new NddrLayer(2, [3], new StartingWeights(2, 0.9, null));
        var weight = layer.Of(1).Weight;
        using (torch.no_grad())
        {
            weight.normal_();
        }

        var read = torch.randn(6, 6); // [rows, tasks x channels]
        var actual = layer.Of(1).call(read);
        for (var channel = 0; channel < 3; channel++)
        {
            var sums = new double[6];
            for (var row = 0; row < 6; row++)
            {
                for (var feature = 0; feature < 6; feature++)
                {
                    sums[row] += weight[channel, feature].item<float>() * read[row, feature].item<float>();
                }
            }

            var mean = sums.Average();
            var variance = sums.Average(sum => (sum - mean) * (sum - mean));
            for (var row = 0; row < 6; row++)
            {
                var expected = Math.Max(0, (sums[row] - mean) / Math.Sqrt(variance + 1e-5));
                Assert.Equal(expected, actual[row, channel].item<float>(), 1e-4);
            }
        }
    }

    [Fact]
    public void Running_statistics_keep_nineteen_twentieths()
    {
        using var scope = torch.NewDisposeScope();
        using var layer = new NddrLayer(2, [1], new StartingWeights(2, 1, 0));
        layer
            .Of(0)
            .call(
                torch.tensor(
                    new float[,]
                    {
                        { 3, 0 },
                        { 5, 0 },
                    }
                )
            );
        Assert.Equal(
            0.05 * 4,
            layer.state_dict().Single(pair => pair.Key == "tasks.0.norm.norm.running_mean").Value.item<float>(),
            1e-6
        );
    }

    [Fact]
    public void One_row_alone_passes_by_the_running_statistics_in_training_too()
    {
        using var scope = torch.NewDisposeScope();
        using var layer = new NddrLayer(2, [1], new StartingWeights(2, 1, 0));
        Assert.Equal(
            3,
            layer
                .Of(0)
                .call(
                    torch.tensor(
                        new float[,]
                        {
                            { 3, 7 },
                        }
                    )
                )
                .item<float>(),
            1e-3
        );
    }

    [Fact]
    public void Joins_learn_a_hundred_times_as_fast_as_the_rest()
    {
        using var network = new Nddr(Three, new Mlp(Inputs, [4, 3]), shortcut: true);
        var quick = network
            .named_parameters()
            .Where(pair => network.ScaleOf(pair.parameter) == 100)
            .Select(pair => pair.name)
            .ToArray();
        Assert.Equal((2 * 3 * 3) + (3 * 3), quick.Length); // (stages x tasks + tasks) x weight, scale and shift
        Assert.All(quick, name => Assert.Matches("^(layers|shortcuts)\\.", name));
        Assert.All(network.parameters(), parameter => Assert.Equal(1, network.AdaptiveScaleOf(parameter)));
    }

    [Fact]
    public void A_shortcut_lets_the_head_read_every_stage()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        using var network = new Nddr(Three, new Mlp(Inputs, [4, 3]), shortcut: true);
        network.eval();
        using var batch = Batch(Three.All);
        var before = network.Forward(batch, Three.All)[0];
        Assert.Equal([3L, 7], network.state_dict()["shortcuts.0.layer.weight"].shape);
        using var noGrad = torch.no_grad();
        network.state_dict()["shortcuts.0.layer.weight"].narrow(1, 4, 3).zero_(); // the last stage says nothing more
        var stages = network.Forward(batch, Three.All)[0];
        Assert.False(before.allclose(stages));
        Assert.True(stages.std(dim: 0).max().item<float>() > 0); // but the first one does
    }

    [Fact]
    public void Gradients_agree_with_finite_differences()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using var network = new Nddr(Three, new Mlp(Inputs, [4, 3]), shortcut: true);
        network.to(ScalarType.Float64);
        network.eval();
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (name.EndsWith("norm.bias", StringComparison.Ordinal))
            {
                parameter.detach().normal_(); // else what all tasks rectified to 0 stands on the kink of the next rectifier
            }
        }

        using var batch = Batch(Three.All, type: ScalarType.Float64);
        FiniteDifference.AssertGradients(
            network.parameters(),
            () =>
            {
                var outputs = network.Forward(batch, Three.All);
                return Scalar(outputs[0]) + Scalar(outputs[1]) + Scalar(outputs[2]);
            }
        );
    }

    [Fact]
    public void One_task_is_its_encoder_and_its_head()
    {
        var task = new TaskSet(LearningTask.Regression("t"));
        using var network = new Nddr(task, new Mlp(Inputs, [4]));
        Assert.Equal(4, network.parameters().Count());
        Assert.Throws<InvalidOperationException>(() => network.WeightOf(0, 0));
    }
}
