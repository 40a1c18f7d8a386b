using CsCheck;
using Plait.Data;
using Plait.Networks.CrossTalk;
using Plait.Networks.Encoders;
using Plait.Networks.SingleTasking;
using Plait.Tasks;
using Plait.Tasks.Answers;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks.CrossTalk;

[Collection("torch")]
public sealed class CrossStitchTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void A_unit_mixes_as_the_double_loop_over_tasks_does(bool perChannel, bool maps) =>
        Gen.Select(Gen.Int[2, 5], Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[0, 99])
            .Sample(
                (count, channels, rows, seed) =>
                {
                    using var scope = torch.NewDisposeScope();
                    torch.manual_seed(seed);
                    using var unit = new StitchUnit(
                        Regressions(count),
                        channels,
                        new StartingWeights(count, 0.5, null),
                        perChannel
                    );
                    using var noGrad = torch.no_grad();
                    foreach (var row in unit.parameters())
                    {
                        row.normal_();
                    }

                    long[] shape = maps ? [rows, channels, 3, 2] : [rows, channels];
                    var activations = Enumerable.Range(0, count).Select(_ => torch.randn(shape)).ToArray();
                    int[] receivers = [.. Enumerable.Range(0, count).Where(task => task != 1)];
                    var mixed = unit.Mix(activations, receivers);
                    for (var i = 0; i < receivers.Length; i++)
                    {
                        var expected = torch.zeros(shape);
                        for (var j = 0; j < count; j++)
                        {
                            var weight = unit.Row(receivers[i]).select(0, j);
                            long[] broadcast = maps ? [1, -1, 1, 1] : [1, -1];
                            expected += activations[j] * (perChannel ? weight.view(broadcast) : weight);
                        }

                        Assert.Equal(shape, mixed[i].shape);
                        Assert.True(expected.allclose(mixed[i], 1e-5, 1e-5));
                    }
                },
                iter: 20,
                threads: 1
            );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weights_start_with_the_own_share_and_sum_to_one(bool channelWise)
    {
        using var network = new CrossStitch(Three, new Mlp(Inputs, [4, 3]), own: 0.8, channelWise);
        for (var task = 0; task < 3; task++)
        {
            using var scope = torch.NewDisposeScope();
            var row = network.StitchOf(task, unit: 1);
            Assert.Equal(channelWise ? [3L, 3] : [3L], row.shape);
            Assert.True(row.select(0, task).sub(0.8).abs().max().item<float>() < 1e-6);
            Assert.True(row.sum(dim: 0L).sub(1).abs().max().item<float>() < 1e-6);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Networks_that_take_in_only_themselves_are_single_task_networks(bool channelWise)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var stitched = new CrossStitch(Three, new LeNet([2, 17, 19]), own: 1, channelWise, headWidths: [5]);
        torch.manual_seed(3);
        using var single = new SingleTask(Three, new LeNet([2, 17, 19]), headWidths: [5]);
        using var batch = MultiTaskBatch.Unlabelled(Three.All, torch.randn(4, 2, 17, 19));
        var (a, b) = (stitched.Forward(batch, Three.All), single.Forward(batch, Three.All));
        for (var task = 0; task < 3; task++)
        {
            Assert.True(a[task].allclose(b[task], 1e-5, 1e-6));
        }
    }

    [Fact]
    public void Another_networks_activations_change_a_tasks_output()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new CrossStitch(Three, new Mlp(Inputs, [4]));
        using var batch = Batch(Three.All);
        var before = network.Forward(batch, Three.Select(0))[0];
        using var noGrad = torch.no_grad();
        network.StitchOf(0, 0).select(0, 2).add_(1);
        Assert.False(before.allclose(network.Forward(batch, Three.Select(0))[0]));
    }

    [Fact]
    public void One_task_is_its_encoder_and_its_head()
    {
        using var scope = torch.NewDisposeScope();
        var task = Regressions(1);
        torch.manual_seed(3);
        using var stitched = new CrossStitch(task, new Mlp(Inputs, [4]));
        torch.manual_seed(3);
        using var single = new SingleTask(task, new Mlp(Inputs, [4]));
        using var batch = Batch(task.All);
        Assert.True(stitched.Forward(batch, task.All)[0].allclose(single.Forward(batch, task.All)[0]));
        Assert.Equal(4, stitched.parameters().Count());
        Assert.Throws<InvalidOperationException>(() => stitched.StitchOf(0, 0));
    }

    [Fact]
    public void Mixing_weights_learn_a_hundred_times_as_fast_as_the_rest()
    {
        using var network = new CrossStitch(Three, new Mlp(Inputs, [4, 3]));
        var quick = network.named_parameters().Where(pair => network.ScaleOf(pair.parameter) == 100).ToArray();
        Assert.Equal(2 * 3, quick.Length); // stages, tasks
        Assert.All(quick, pair => Assert.StartsWith("units.", pair.name, StringComparison.Ordinal));
        Assert.All(
            network.parameters().Except(quick.Select(pair => pair.parameter)),
            parameter => Assert.Equal(1, network.ScaleOf(parameter))
        );
        Assert.All(network.parameters(), parameter => Assert.Equal(1, network.AdaptiveScaleOf(parameter)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradients_agree_with_finite_differences(bool channelWise)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using var network = new CrossStitch(Three, new Mlp(Inputs, [4, 3]), channelWise: channelWise);
        network.to(ScalarType.Float64);
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
    public void Own_and_other_weights_start_as_given()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new CrossStitch(Three, new Mlp(Inputs, [4, 3]), own: 0.8, other: 0.05);
        var row = network.StitchOf(1, 0);
        Assert.True(row.allclose(torch.tensor(new float[] { 0.05f, 0.8f, 0.05f }).unsqueeze(1).expand(3, 4)));
    }

    [Fact]
    public void The_rate_of_the_mixtures_can_be_chosen()
    {
        using var network = new CrossStitch(Three, new Mlp(Inputs, [4, 3]), rate: 5);
        Assert.Equal(5, network.ScaleOf(network.StitchOf(2, 1)));
        Assert.Equal(5, network.AdaptiveScaleOf(network.StitchOf(2, 1)));
        Assert.Throws<ArgumentException>(() => new CrossStitch(Three, new Mlp(Inputs, [4]), rate: 0));
    }

    [Fact]
    public void An_own_share_above_one_is_refused()
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() =>
            new CrossStitch(Three, new Mlp(Inputs), own: 1.1)
        );
        Assert.Equal("own", refused.ParamName);
    }

    private static TaskSet Regressions(int count) =>
        new(Enumerable.Range(0, count).Select(i => LearningTask.Regression($"t{i}")));
}
