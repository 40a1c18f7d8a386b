using CsCheck;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.CrossTalk;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization.Regularization;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tests.Optimization;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks.CrossTalk;

[Collection("torch")]
public sealed class SluiceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_unit_mixes_as_the_loop_over_tasks_and_subspaces_does(bool maps) =>
        Gen.Select(Gen.Int[2, 4], Gen.Int[1, 3], Gen.Int[1, 2], Gen.Int[1, 3], Gen.Int[0, 99])
            .Sample(
                (count, subspaces, size, rows, seed) =>
                {
                    using var scope = torch.NewDisposeScope();
                    torch.manual_seed(seed);
                    using var unit = new SubspaceUnit(count, subspaces * size, subspaces, 0.5);
                    using var noGrad = torch.no_grad();
                    foreach (var row in unit.parameters())
                    {
                        row.normal_();
                    }

                    long[] shape = maps ? [rows, subspaces * size, 3, 2] : [rows, subspaces * size];
                    var activations = Enumerable.Range(0, count).Select(_ => torch.randn(shape)).ToArray();
                    int[] receivers = [.. Enumerable.Range(0, count).Where(task => task != 1)];
                    var mixed = unit.Mix(activations, receivers);
                    for (var i = 0; i < receivers.Length; i++)
                    {
                        Assert.Equal(shape, mixed[i].shape);
                        for (var to = 0; to < subspaces; to++)
                        {
                            var expected = torch.zeros_like(activations[0].narrow(1, 0, size));
                            for (var from = 0; from < count * subspaces; from++)
                            {
                                var part = activations[from / subspaces].narrow(1, from % subspaces * size, size);
                                expected += part * unit.Row(receivers[i])[to, from];
                            }

                            Assert.True(expected.allclose(mixed[i].narrow(1, to * size, size), 1e-5, 1e-5));
                        }
                    }
                },
                iter: 20,
                threads: 1
            );

    [Fact]
    public void Channels_that_two_do_not_divide_are_one_subspace()
    {
        using var network = new Sluice(Three, new Mlp(Inputs, [8, 7]));
        Assert.Equal((2, 1), (network.SubspacesOf(0), network.SubspacesOf(1)));
        using var nine = new SubspaceUnit(2, 9, 4, 0.9);
        Assert.Equal(3, nine.Subspaces);
    }

    [Fact]
    public void Mixtures_start_on_the_own_subspace_and_the_last_stage_and_sum_to_one()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new Sluice(Three, new Mlp(Inputs, [4, 4, 4]), own: 0.75, last: 0.8);
        var alpha = network.SubspaceWeightsOf(1, 0); // [2, 6]
        for (var to = 0; to < 2; to++)
        {
            for (var from = 0; from < 6; from++)
            {
                Assert.Equal(from == 2 + to ? 0.75 : 0.05, alpha[to, from].item<float>(), 1e-6);
            }
        }

        Assert.True(network.StageWeightsOf(2).allclose(torch.tensor(new float[] { 0.1f, 0.1f, 0.8f })));
    }

    [Fact]
    public void One_subspace_and_the_last_stage_alone_make_a_cross_stitch_network()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var sluice = new Sluice(Three, new Mlp(Inputs, [5, 4]), subspaces: 1, own: 0.7, last: 1);
        torch.manual_seed(3);
        using var stitched = new CrossStitch(Three, new Mlp(Inputs, [5, 4]), own: 0.7, channelWise: false);
        AssertSameAnswers(stitched, sluice);
    }

    [Fact]
    public void Rows_that_are_the_same_for_all_tasks_make_hard_sharing()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var sluice = new Sluice(Three, new Mlp(Inputs, [4, 4]), last: 1);
        using var noGrad = torch.no_grad();
        for (var task = 0; task < 3; task++)
        {
            for (var unit = 0; unit < 2; unit++)
            {
                var alpha = sluice.SubspaceWeightsOf(task, unit);
                alpha.zero_();
                alpha.narrow(1, 0, 2).copy_(torch.eye(2)); // both subspaces of the first task's network
            }
        }

        using var shared = new HardSharing(Three, new Mlp(Inputs, [4, 4]));
        var state = sluice.state_dict();
        foreach (var (name, value) in shared.state_dict())
        {
            value.copy_(state[name.Replace("encoder.", "towers.0.", StringComparison.Ordinal)]);
        }

        AssertSameAnswers(shared, sluice);
    }

    [Fact]
    public void Weight_on_a_lower_stage_supervises_it_there()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new Sluice(Three, new Mlp(Inputs, [4, 4]), own: 1);
        using (torch.no_grad())
        {
            network.StageWeightsOf(0).copy_(torch.tensor(new float[] { 1, 0 }));
        }

        using var batch = Batch(Three.All);
        Scalar(network.Forward(batch, Three.All)[0]).backward();
        var gradients = network
            .named_parameters()
            .Where(pair => pair.name.StartsWith("towers.0.", StringComparison.Ordinal));
        foreach (var (name, parameter) in gradients)
        {
            var reached = parameter.grad!.abs().max().item<float>() > 0;
            Assert.Equal(name.Contains("stages.0", StringComparison.Ordinal), reached);
        }
    }

    [Fact]
    public void The_penalty_is_the_inner_products_between_the_subspaces_of_a_task()
    {
        using var scope = torch.NewDisposeScope();
        var two = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        using var network = new Sluice(two, new Mlp(Inputs, [4, 6]));
        var expected = 0.0;
        foreach (var tower in new[] { 0, 1 })
        {
            foreach (var (stage, half) in new[] { (0, 2), (1, 3) })
            {
                var weight = network
                    .named_parameters()
                    .Single(pair =>
                        pair.name.StartsWith($"towers.{tower}.stages.{stage}.", StringComparison.Ordinal)
                        && pair.parameter.dim() == 2
                    )
                    .parameter;
                for (var one = 0; one < half; one++)
                {
                    for (var other = half; other < 2 * half; other++)
                    {
                        expected += Math.Pow((weight[one] * weight[other]).sum().item<float>(), 2);
                    }
                }
            }
        }

        var regularizer = new Orthogonality(strength: 0.5);
        regularizer.Begin(network);
        var penalty = regularizer.Penalty(network, StepContexts.At(0));
        Assert.Equal(0.5 * expected, penalty.item<float>(), 1e-4);
        penalty.backward();
        Assert.Equal(
            2 * 2,
            network.named_parameters().Count(pair => pair.parameter.grad is not null && pair.parameter.dim() == 2)
        );
    }

    [Fact]
    public void Orthogonality_of_layers_that_are_all_frozen_is_refused_and_of_some_is_that_of_the_others()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new Sluice(Three, new Mlp(Inputs, [4, 6]));
        var regularizer = new Orthogonality();
        regularizer.Begin(network);
        var layers = network.modules().OfType<Mlp>().Select(tower => tower.parameters().ToArray()).ToArray();
        foreach (var parameter in layers[0])
        {
            parameter.requires_grad = false;
        }

        regularizer.Begin(network);
        regularizer.Penalty(network, StepContexts.At()).backward();
        Assert.NotNull(layers[1][0].grad);
        foreach (var parameter in layers.SelectMany(own => own))
        {
            parameter.requires_grad = false;
        }

        var refused = Assert.Throws<NotSupportedException>(() => regularizer.Begin(network));
        Assert.Contains("and learn", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A channel of a convolution is a unit, and reads all its window.</summary>
    [Fact]
    public void Orthogonality_is_of_whole_kernels()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var network = new Sluice(TasksOf("sluice on maps"), new TinyResNet([3, 16, 16], 4, 3, 1));
        var expected = network.ParallelWeights.Sum(pair =>
            pair.Shared.reshape(pair.Shared.shape[0], -1)
                .mm(pair.Private.reshape(pair.Private.shape[0], -1).t())
                .square()
                .sum()
                .ToDouble()
        );

        Assert.Contains(network.ParallelWeights, pair => pair.Private.dim() == 4);
        Assert.Equal(1, new Orthogonality(1).Penalty(network, StepContexts.At()).ToDouble() / expected, 1e-4);
    }

    [Fact]
    public void Stages_of_other_shapes_are_resized_and_bridged()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var network = new Sluice(TasksOf("sluice on maps"), new TinyResNet([3, 16, 16], 4, 3, 1));
        var bridges = network
            .named_parameters()
            .Where(pair => pair.name.StartsWith("bridges.0.", StringComparison.Ordinal))
            .Select(pair => pair.parameter.shape)
            .ToArray();
        Assert.Equal(
            [
                [16L, 4, 1, 1],
                [16L, 8, 1, 1],
            ],
            bridges
        );
        using var pooled = new Sluice(Three, new LeNet([1, 16, 16]));
        using var batch = MultiTaskBatch.Unlabelled(Three.All, torch.randn(2, 1, 16, 16));
        Assert.Equal([2L, 3], pooled.Forward(batch, Three.All)[1].shape);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public void Gradients_agree_with_finite_differences(int subspaces)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using var network = new Sluice(Three, new Mlp(Inputs, [4, 4, 2]), subspaces);
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

    private static void AssertSameAnswers(MultiTaskNetwork expected, MultiTaskNetwork actual)
    {
        using var batch = Batch(Three.All);
        var (a, b) = (expected.Forward(batch, Three.All), actual.Forward(batch, Three.All));
        for (var task = 0; task < 3; task++)
        {
            Assert.True(a[task].allclose(b[task], 1e-5, 1e-6));
        }
    }
}
