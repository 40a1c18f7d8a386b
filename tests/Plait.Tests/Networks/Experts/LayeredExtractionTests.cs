using CsCheck;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.Experts;
using Plait.Optimization.Regularization;
using Plait.Tests.Optimization;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks.Experts;

[Collection("torch")]
public sealed class LayeredExtractionTests
{
    [Fact]
    public void Batched_extraction_and_its_gradients_equal_loops_over_experts_on_vectors_and_maps() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[0, 2], Gen.Int[1, 3], Gen.Int[1, 5].Array[1, 2], Gen.Bool, Gen.Int[0, 99])
            .Sample(
                (layers, own, shared, widths, onMaps, seed) =>
                {
                    using var scope = torch.NewDisposeScope();
                    torch.manual_seed(seed);
                    Encoder encoder = onMaps ? new MapEncoder() : new Mlp(Inputs, [4]);
                    using var network = new ProgressiveLayeredExtraction(Three, encoder, layers, own, shared, widths);
                    network.to(ScalarType.Float64);
                    var input = torch.randn([4, .. encoder.InputShape], ScalarType.Float64);
                    using var batch = MultiTaskBatch.Unlabelled(Three.All, input);
                    var outputs = network.Forward(batch, Three.All);
                    var slow = SlowExperts.Extract(
                        network.state_dict(),
                        layers,
                        Three.Count,
                        own,
                        shared,
                        encoder.call(input)
                    );
                    for (var task = 0; task < Three.Count; task++)
                    {
                        AssertClose(slow[task], outputs.FeaturesOf(task)!.Values);
                    }

                    var fast = Gradients(
                        network,
                        () => Scalar(outputs.FeaturesOf(1)!.Values + 2 * outputs.FeaturesOf(2)!.Values)
                    );
                    var expected = Gradients(network, () => Scalar(slow[1] + 2 * slow[2]));
                    Assert.All(expected.Zip(fast), pair => AssertClose(pair.First, pair.Second));
                },
                iter: 25,
                threads: 1
            );

    [Fact]
    public void Without_own_experts_it_is_a_multi_gate_mixture_of_the_shared_ones()
    {
        using var scope = torch.NewDisposeScope();
        using var extraction = new CustomizedGateControl(Three, new Mlp(Inputs, [5]), 0, 6, [4, 3]);
        using var mixture = new MultiGateMixtureOfExperts(Three, new Mlp(Inputs, [5]), 6, [4, 3]);
        var source = extraction.state_dict();
        using (torch.no_grad())
        {
            foreach (var (name, values) in mixture.state_dict())
            {
                var there = name.Replace("expertLayers", "layers.0.shared", StringComparison.Ordinal)
                    .Replace("gates", "layers.0.gates", StringComparison.Ordinal);
                values.copy_(source[there]);
            }
        }

        AssertSameOutputs(mixture, extraction);
    }

    [Fact]
    public void One_layer_of_progressive_extraction_is_customized_gate_control()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var one = new CustomizedGateControl(Three, new Mlp(Inputs, [5]), 2, 3, [4]);
        torch.manual_seed(3);
        using var layered = new ProgressiveLayeredExtraction(Three, new Mlp(Inputs, [5]), 1, 2, 3, [4]);
        AssertSameOutputs(one, layered);
    }

    /// <summary>The general tests see only the defaults; owners change with the number of layers and without own experts.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 2)]
    [InlineData(4, 1)]
    public void Owners_and_the_cut_are_exact_at_any_depth(int layers, int own)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(layers);
        using var network = new ProgressiveLayeredExtraction(Three, new Mlp(Inputs, [6]), layers, own, 3, [16]);
        network.to(ScalarType.Float64);
        using var batch = Batch(Three.All, rows: 64, ScalarType.Float64);
        var tasks = Three.Select(0, 2);
        var reached = tasks
            .Indices.ToArray()
            .ToDictionary(
                task => task,
                task =>
                {
                    network.zero_grad();
                    Scalar(network.Forward(batch, tasks)[task]).backward();
                    return network.parameters().Where(p => p.grad is { } g && g.abs().max().ToDouble() > 0).ToHashSet();
                }
            );
        Assert.All(network.SharedParameters, p => Assert.True(reached[0].Contains(p) && reached[2].Contains(p)));
        Assert.All(network.ParametersOf(0), p => Assert.True(reached[0].Contains(p) && !reached[2].Contains(p)));
        Assert.All(network.ParametersOf(1), p => Assert.False(reached[0].Contains(p) || reached[2].Contains(p)));
        using (NetworkStorage.Create(network)) { } // fails on a parameter that nobody or two claim

        AssertCutChangesNothing(network, batch);
    }

    [Fact]
    public void Layers_that_read_the_same_features_can_be_made_orthogonal()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var network = new CustomizedGateControl(Three, new Mlp(Inputs, []), 1, 1, [2]);
        var pairs = network.ParallelWeights.ToArray();
        Assert.Equal(3, pairs.Length);
        Assert.All(pairs, pair => Assert.Contains(pair.Shared, network.SharedParameters));
        Assert.All(
            pairs.Select((pair, task) => (pair.Private, task)),
            own => Assert.Contains(own.Private, network.ParametersOf(own.task))
        );
        var regularizer = new Orthogonality(1);
        regularizer.Begin(network);
        var expected = pairs.Sum(pair => pair.Shared.mm(pair.Private.t()).square().sum().item<float>());
        Assert.Equal(expected, regularizer.Penalty(network, StepContexts.At(0)).item<float>(), 1e-5f);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, 1, 0)]
    public void Numbers_that_make_no_network_are_refused(int layers, int own, int shared) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new ProgressiveLayeredExtraction(Three, new Mlp(Inputs), layers, own, shared)
        );

    internal static void AssertCutChangesNothing(MultiTaskNetwork network, MultiTaskBatch batch)
    {
        var expected = Gradients(network, () => Sum(network.Forward(batch, Three.All)));
        var outputs = network.Forward(batch, Three.All, cut: true);
        Assert.Equal(network.HasSharedRepresentation, outputs.Representation is not null);
        network.zero_grad();
        Sum(outputs).backward();
        if (outputs.Representation is { } cut)
        {
            Assert.All(
                network.SharedParameters,
                p => Assert.True(p.grad is not { } g || g.abs().max().ToDouble() == 0)
            );
            for (var part = 0; part < cut.Values.Count; part++)
            {
                var seed = Enumerable.Range(0, 3).Select(task => cut.Of(task)[part].grad!).Aggregate((a, b) => a + b);
                torch.autograd.backward([cut.Values[part]], [seed], retain_graph: true);
            }
        }

        Assert.All(network.parameters().Zip(expected), pair => AssertClose(pair.Second, pair.First.grad!));
    }

    private static Tensor Sum(TaskOutputs outputs) => Scalar(outputs[0]) + Scalar(outputs[1]) + Scalar(outputs[2]);

    /// <summary>Zeros where nothing arrives.</summary>
    private static Tensor[] Gradients(MultiTaskNetwork network, Func<Tensor> function)
    {
        network.zero_grad();
        function().backward();
        return [.. network.parameters().Select(p => p.grad is { } gradient ? gradient.clone() : torch.zeros_like(p))];
    }

    private static void AssertSameOutputs(MultiTaskNetwork one, MultiTaskNetwork other)
    {
        using var batch = Batch(Three.All);
        var (first, second) = (one.Forward(batch, Three.All), other.Forward(batch, Three.All));
        for (var task = 0; task < Three.Count; task++)
        {
            Assert.True(first[task].allclose(second[task], 1e-5, 1e-6));
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.InRange(
            (expected - actual).abs().max().ToDouble(),
            0,
            1e-9 * Math.Max(1, expected.abs().max().ToDouble())
        );
}
