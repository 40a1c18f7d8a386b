using CsCheck;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Experts;
using static Plait.Tests.Networks.ArchitectureCases;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Networks.Experts;

[Collection("torch")]
public sealed class MultiGateMixtureOfExpertsTests
{
    [Fact]
    public void Batched_experts_equal_a_loop_over_single_ones() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 6].Array[1, 3], Gen.Int[1, 4], Gen.Int[0, 99])
            .Sample(
                (experts, widths, rows, seed) =>
                {
                    using var scope = torch.NewDisposeScope();
                    torch.manual_seed(seed);
                    using var network = new MultiGateMixtureOfExperts(Three, new Mlp(Inputs, []), experts, widths);
                    using var batch = Batch(Three.All, rows);
                    var outputs = network.Forward(batch, Three.All);
                    var state = network.state_dict();
                    for (var task = 0; task < 3; task++)
                    {
                        var gate = functional.linear(batch.Input, state[$"gates.{task}.weight"]).softmax(1);
                        var mixture = torch.zeros(rows, widths[^1]);
                        for (var expert = 0; expert < experts; expert++)
                        {
                            mixture +=
                                gate.narrow(1, expert, 1)
                                * SlowExperts.Expert(state, "expertLayers", expert, experts, batch.Input);
                        }

                        var expected = functional.linear(
                            mixture,
                            state[$"heads.{task}.weight"],
                            state[$"heads.{task}.bias"]
                        );
                        Assert.InRange((expected - outputs[task]).abs().max().item<float>(), 0, 1e-6f);
                    }
                },
                iter: 30,
                threads: 1
            );

    [Fact]
    public void Gates_are_distributions_over_experts_that_differ_from_row_to_row_and_task_to_task()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var network = new MultiGateMixtureOfExperts(Three, new Mlp(Inputs, [8]), experts: 5);
        var input = torch.randn(9, Inputs);
        var weights = network.GateWeights(input, Three.All);
        Assert.Equal([9L, 3, 5], weights.shape);
        Assert.True(weights.sum(dim: 2L).sub(1).abs().max().item<float>() < 1e-6);
        Assert.True(weights.min().item<float>() > 0);
        Assert.True(weights.std(0).min().item<float>() > 1e-4);
        Assert.True(weights.std(1).min().item<float>() > 1e-4);
        Assert.True(weights.narrow(1, 2, 1).allclose(network.GateWeights(input, Three.Select(2))));
    }

    [Fact]
    public void A_gate_that_hears_one_expert_gives_that_experts_opinion()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new MultiGateMixtureOfExperts(Three, new Mlp(Inputs, []), experts: 3, expertWidths: [4]);
        using var batch = MultiTaskBatch.Unlabelled(Three.All, torch.rand(5, Inputs).add(0.1));
        using var noGrad = torch.no_grad();
        var state = network.state_dict();
        state["gates.0.weight"].zero_().select(0, 2).fill_(1000); // all inputs are positive, so expert 2 gets all
        var opinion = SlowExperts.Expert(state, "expertLayers", 2, 3, batch.Input);
        var expected = functional.linear(opinion, state["heads.0.weight"], state["heads.0.bias"]);
        Assert.True(expected.allclose(network.Forward(batch, Three.All)[0], 1e-5, 1e-6));
    }

    [Fact]
    public void Experts_start_as_linear_layers_do()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var network = new MultiGateMixtureOfExperts(Three, new Mlp(100, []), experts: 8, expertWidths: [50]);
        using var layer = Linear(100, 50);
        var state = network.state_dict();
        foreach (var name in new[] { "weight", "bias" })
        {
            var ours = state[$"expertLayers.0.{name}"];
            var theirs = layer.state_dict()[name];
            Assert.InRange(ours.abs().max().item<float>(), 0.09f, 0.1f); // 1 / sqrt(inputs)
            Assert.InRange(ours.std().item<float>() / theirs.std().item<float>(), 0.8f, 1.25f);
        }
    }

    [Fact]
    public void A_cut_above_the_raw_input_holds_only_the_experts()
    {
        using var scope = torch.NewDisposeScope();
        using var raw = new MultiGateMixtureOfExperts(Three, new Mlp(Inputs, []));
        using var encoded = new MultiGateMixtureOfExperts(Three, new Mlp(Inputs, [4]));
        using var batch = Batch(Three.All);
        Assert.Equal([5L, 8, 64], Assert.Single(raw.Forward(batch, Three.All, cut: true).Representation!.Values).shape);
        Assert.Equal(2, encoded.Forward(batch, Three.All, cut: true).Representation!.Values.Count);
    }

    [Fact]
    public void Gradients_agree_with_finite_differences()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using var network = new MultiGateMixtureOfExperts(Three, new Mlp(Inputs, [4]), 3, [5, 4], [3]);
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
    public void Experts_without_a_layer_are_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            new MultiGateMixtureOfExperts(Three, new Mlp(Inputs), expertWidths: [])
        );
        Assert.Contains("one layer or more", refused.Message, StringComparison.Ordinal);
    }
}
