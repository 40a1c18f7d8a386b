using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks.SharedTrunk;

[Collection("torch")]
public sealed class MtanTests
{
    private static readonly TaskSet Dense = TasksOf("mtan on maps");

    [Fact]
    public void Masks_follow_the_equations()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var network = new Mtan(Three, new Mlp(Inputs, [4, 3]), refinement: AttentionRefinement.Convolution);
        network.eval(); // normalisation then divides by the root of 1 + 1e-5
        var input = torch.randn(1, Inputs);
        var state = network.state_dict();
        var first = Rectified(Affine(Numbers(input), "encoder.stages.0.1"));
        var second = Rectified(Affine(first, "encoder.stages.1.0"));
        var mask = Attention(first, 0);
        var picked = first.Zip(mask, (p, a) => p * a).ToArray();
        var refined = Rectified(Normalised(Affine(picked, "refinements.0.0.0")));
        var expected = Attention([.. second, .. refined], 1);

        var masks = network.MasksOf(input, 2);
        Assert.Equal(2, masks.Count);
        AssertClose(mask, masks[0]);
        AssertClose(expected, masks[1]);
        using var batch = MultiTaskBatch.Unlabelled(Three.All, input);
        AssertClose(second.Zip(expected, (p, a) => p * a), network.Forward(batch, Three.All).FeaturesOf(2)!.Values);

        double[] Attention(double[] read, int stage)
        {
            var hidden = Rectified(Normalised(Affine(read, $"attentions.{stage}.2.0")));
            return
            [
                .. Normalised(Affine(hidden, $"attentions.{stage}.2.3")).Select(number => 1 / (1 + Math.Exp(-number))),
            ];
        }

        double[] Affine(double[] read, string name)
        {
            var weight = state[$"{name}.weight"];
            var bias = state.TryGetValue($"{name}.bias", out var found) ? Numbers(found) : new double[weight.size(0)];
            for (var output = 0; output < bias.Length; output++)
            {
                for (var i = 0; i < read.Length; i++)
                {
                    bias[output] += weight[output, i].item<float>() * read[i];
                }
            }

            return bias;
        }
    }

    [Theory]
    [InlineData("pooled")]
    [InlineData("dilated")]
    [InlineData("segnet")]
    [InlineData("hrnet")]
    public void Masks_that_let_everything_pass_make_hard_sharing_and_those_that_close_leave_nothing(string make)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        Encoder encoder = make switch
        {
            "pooled" => new ResNet18([3, 32, 32], ResNetStem.Cifar, width: 2),
            "dilated" => new TinyResNet([3, 32, 32], width: 4, stages: 3, blocks: 2),
            "segnet" => new SegNet([3, 32, 32], width: 2, blocks: 3),
            _ => new HrNet([3, 32, 32], width: 2, modules: [1, 1, 1], blocks: 1, stemWidth: 4),
        };
        using var network = new Mtan(make == "pooled" ? Three : Dense, encoder);
        network.eval();
        var input = torch.randn(2, 3, 32, 32);
        using var batch = MultiTaskBatch.Unlabelled(network.Tasks.All, input);
        var expected = encoder.Features(input);
        foreach (var (pass, factor) in new[] { (30, 1), (-30, 0) })
        {
            SetMasks(network, pass);
            var read = network.Forward(batch, network.Tasks.All).FeaturesOf(1)!.Values;
            Assert.True(read.allclose(expected * factor, 1e-5, 1e-5));
        }
    }

    [Fact]
    public void The_last_block_of_a_stage_reads_u_and_gives_p()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var encoder = new ResNet18([3, 16, 16], ResNetStem.Cifar, width: 2);
        encoder.eval();
        var input = torch.randn(2, 3, 16, 16);
        var read = encoder.Stages[0].call(input);
        var seen = encoder.Look(input);
        Assert.Equal(4, seen.Length);
        for (var stage = 1; stage <= 4; stage++)
        {
            var blocks = encoder.Stages[stage].children().Cast<torch.nn.Module<Tensor, Tensor>>().ToArray();
            var (early, late) = seen[stage - 1];
            Assert.True(blocks[0].call(read).allclose(early));
            Assert.True(blocks[1].call(early).allclose(late));
            read = late;
        }

        Assert.True(encoder.Features(input).allclose(encoder.Close(read)));
    }

    [Fact]
    public void In_a_SegNet_tasks_pick_on_the_way_down_and_up()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = TasksOf("mtan on maps");
        var encoder = new SegNet([3, 16, 16], width: 2, blocks: 3);
        using var network = new Mtan(tasks, encoder, refinement: AttentionRefinement.Convolution);
        using var batch = Batch(tasks.All, rows: 2);
        Assert.Equal(
            [
                [2L, 2, 16, 16],
                [2L, 4, 8, 8],
                [2L, 8, 4, 4],
                [2L, 4, 4, 4],
                [2L, 2, 8, 8],
                [2L, 2, 16, 16],
            ],
            network.MasksOf(batch.Input, 0).Select(mask => mask.shape)
        );
        long Reads(int site) => network.state_dict()[$"attentions.{site}.0.0.weight"].size(1);
        Assert.Equal([2L, 2 * 4, 2 * 8, 8 + 4, 4 + 2, 2 + 2], Enumerable.Range(0, 6).Select(Reads));
        network.Forward(batch, tasks.All)[0].sum().backward();
        Assert.All(network.SharedParameters, parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void On_a_SegNet_of_five_blocks_there_are_the_papers_ten_refinements_all_convolutions()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        using var network = new Mtan(Dense, new SegNet([3, 32, 32], width: 2));
        var filters = network
            .named_parameters()
            .Where(pair => pair.name.StartsWith("refinements.", StringComparison.Ordinal) && pair.parameter.dim() == 4)
            .Select(pair => string.Join(" ", pair.parameter.shape))
            .ToArray();
        // Down: to the channels of the next block, the last to its own. Up: the same from the coarsest on.
        string[] down = ["4 2 3 3", "8 4 3 3", "16 8 3 3", "16 16 3 3", "16 16 3 3"];
        string[] up = ["16 16 3 3", "8 16 3 3", "4 8 3 3", "2 4 3 3", "2 2 3 3"];
        Assert.Equal([.. down, .. up], filters);

        network.eval();
        SetMasks(network, 30); // everything passes
        var seen = new List<Tensor>();
        var list = (TorchSharp.Modules.ModuleList<torch.nn.Module<Tensor, Tensor>>)
            network.named_children().First(pair => pair.name == "refinements").module;
        foreach (var refinement in list)
        {
            refinement.register_forward_pre_hook(
                (_, input) =>
                {
                    seen.Add(input);
                    return input;
                }
            );
        }

        using var batch = MultiTaskBatch.Unlabelled(Dense.All, torch.randn(2, 3, 32, 32));
        network.Forward(batch, Dense.Select(0));
        Assert.Equal([32L, 16, 8, 4, 2, 2, 4, 8, 16, 32], seen.Select(map => map.size(2)));
    }

    [Theory]
    [InlineData("resnet50:stem=cifar,width=4,pool=false", "attentions.1.0.0.weight", 32 / 4)]
    [InlineData("resnet18:stem=cifar,width=4,pool=false", "attentions.1.0.0.weight", 8)]
    [InlineData("segnet:width=4,blocks=3", "attentions.1.0.0.weight", 8)]
    [InlineData("resnet50:stem=cifar,width=4,pool=false,excitation=4", "attentions.3.0.0.weight", 128 / 4)]
    public void Attention_is_as_narrow_as_blocks_are_inside(string encoder, string name, long hidden)
    {
        using var network = MethodCatalog.Create<MultiTaskNetwork>(
            "mtan",
            Dense,
            MethodCatalog.Create<Encoder>(encoder, 3L * 32 * 32, new long[] { 3, 32, 32 })
        );
        Assert.Equal(hidden, network.state_dict()[name].size(0));
        using var wide = MethodCatalog.Create<MultiTaskNetwork>(
            "mtan:reduction=2",
            Dense,
            MethodCatalog.Create<Encoder>(encoder, 3L * 32 * 32, new long[] { 3, 32, 32 })
        );
        var all = wide.state_dict()[name.Replace(".0.0.weight", ".0.3.weight", StringComparison.Ordinal)].size(0);
        Assert.Equal(all / 2, wide.state_dict()[name].size(0));
    }

    [Theory]
    [InlineData(AttentionRefinement.Bottleneck, 1)]
    [InlineData(AttentionRefinement.Convolution, 4)]
    public void Maps_of_odd_sizes_and_dilated_stages_meet(AttentionRefinement refinement, int reduction)
    {
        using var scope = torch.NewDisposeScope();
        using var network = new Mtan(Dense, new TinyResNet([3, 18, 22], 4, 3, 2), reduction, refinement);
        using var batch = MultiTaskBatch.Unlabelled(Dense.All, torch.randn(2, 3, 18, 22));
        Assert.Equal([2L, 3, 18, 22], network.Forward(batch, Dense.All)[0].shape);
        Assert.Equal(
            [
                [2L, 4, 9, 11],
                [2L, 8, 5, 6],
                [2L, 16, 5, 6],
            ],
            network.MasksOf(batch.Input, 0).Select(mask => mask.shape)
        );
    }

    [Fact]
    public void What_refines_is_shared_and_what_picks_is_not()
    {
        using var network = new Mtan(Dense, new TinyResNet([3, 16, 16], 4, 2, 2));
        var names = network
            .named_parameters()
            .ToDictionary(
                pair => pair.parameter,
                pair => pair.name,
                ReferenceEqualityComparer.Instance as IEqualityComparer<TorchSharp.Modules.Parameter>
            );
        Assert.All(
            network.SharedParameters,
            parameter => Assert.Matches("^(encoder|refinements)\\.", names[parameter])
        );
        Assert.All(
            network.ParametersOf(1),
            parameter => Assert.Matches("^(attentions\\.[01]\\.1|heads\\.1)\\.", names[parameter])
        );
    }

    [Fact]
    public void Gradients_agree_with_finite_differences()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using var network = new Mtan(Three, new Mlp(Inputs, [4, 3]));
        network.to(ScalarType.Float64);
        network.eval();
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
    public void An_encoder_without_stages_is_refused_with_a_hint()
    {
        var refused = Assert.Throws<NotSupportedException>(() => new Mtan(Three, new Mlp(Inputs, [])));
        Assert.Contains("choose an encoder with layers", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Sets what enters each sigmoid.</summary>
    private static void SetMasks(Mtan network, double number)
    {
        using var noGrad = torch.no_grad();
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (System.Text.RegularExpressions.Regex.IsMatch(name, "^attentions\\.\\d\\.\\d\\.4\\."))
            {
                parameter.fill_(name.EndsWith("bias", StringComparison.Ordinal) ? number : 0);
            }
        }
    }

    private static double[] Rectified(double[] numbers) => [.. numbers.Select(number => Math.Max(0, number))];

    private static double[] Normalised(double[] numbers) => [.. numbers.Select(number => number / Math.Sqrt(1 + 1e-5))];

    private static double[] Numbers(Tensor tensor) => [.. tensor.to(ScalarType.Float64).flatten().data<double>()];

    private static void AssertClose(IEnumerable<double> expected, Tensor actual)
    {
        foreach (var (one, other) in expected.Zip(Numbers(actual.detach())))
        {
            Assert.Equal(one, other, 1e-5);
        }
    }
}
