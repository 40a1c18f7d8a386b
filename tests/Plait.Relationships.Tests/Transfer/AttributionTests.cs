using Plait.Networks.Encoders;
using Plait.Relationships.Transfer;
using Plait.Torch;
using static TorchSharp.torch.nn;

namespace Plait.Relationships.Tests.Transfer;

[Collection("torch")]
public sealed class AttributionTests
{
    public static TheoryData<string, long[]> Networks { get; } =
        new()
        {
            { "mlp", [5, 6] },
            { "lenet", [4, 1, 16, 16] },
            { "average pooling", [3, 2, 8, 8] },
        };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Relevance_is_handed_on_whole_where_no_layer_has_a_bias(string name, long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        var (network, probes) = Make(name, shape, biased: false);

        var relevance = RelevancePropagation.Of(network.Stages, probes, 1e-12, "t");

        var (given, got) = (
            Numbers.Read(network.Features(probes, null).sum([1L])),
            Numbers.Read(relevance.flatten(1).sum([1L]))
        );
        Assert.All(given.Zip(got), pair => Assert.Equal(pair.First, pair.Second, 1e-6 * (1 + Math.Abs(pair.First))));
        Assert.True(given.Max(Math.Abs) > 0.01);
    }

    [Fact]
    public void A_bias_keeps_its_share_of_the_relevance()
    {
        using var scope = torch.NewDisposeScope();
        var layer = Linear(2, 1, dtype: ScalarType.Float64);
        using (torch.no_grad())
        {
            layer.weight!.copy_(torch.tensor(new[] { 1.0, -2.0 }).view(1, 2));
            layer.bias!.fill_(3);
        }

        // z = 4 - 2 + 3 = 5; the inputs get 4 and -2 fifths of 5, less what the stabiliser takes: 5 / (5 + 0.5).
        var relevance = RelevancePropagation.Of([layer], torch.tensor(new[] { 4.0, 1.0 }).view(1, 2), 0.5, "t");

        Assert.Equal([4 / 1.1, -2 / 1.1], Numbers.Read(relevance), new Near());
    }

    [Theory]
    [InlineData("mlp", new long[] { 5, 6 })]
    [InlineData("lenet", new long[] { 4, 1, 16, 16 })]
    public void Without_a_stabiliser_relevance_in_rectifiers_is_gradient_times_input(string name, long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        var (network, probes) = Make(name, shape, biased: true);

        var relevance = AttributionMaps.Of(network, probes, null, Attribution.Lrp, 1e-13);
        var gradient = AttributionMaps.Of(network, probes, null, Attribution.GradientInput, 0);

        Assert.Equal(Numbers.Read(gradient), Numbers.Read(relevance), new Near());
    }

    [Fact]
    public void Relevance_of_an_encoder_that_normalises_is_that_of_normalised_images()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        using var encoder = new LeNet([3, 16, 16]);
        var images = torch.rand(3, 3, 16, 16);
        var normalised = ImageNormalisation.ImageNet.Apply(images);
        var expected = Numbers.Read(Relevance(normalised));
        var plain = Numbers.Read(Relevance(images));

        encoder.Normalisation = ImageNormalisation.ImageNet;

        Assert.Equal(expected, Numbers.Read(Relevance(images)), new Near(1e-6));
        Assert.NotEqual(expected, plain, new Near(1e-3));

        Tensor Relevance(Tensor probes) =>
            AttributionMaps.Of(ProbedNetwork.Of(encoder), probes, null, Attribution.Lrp, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Maps_are_gradients_by_finite_differences(string name, long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        var (network, probes) = Make(name, shape, biased: true);
        const double Step = 1e-6;
        var input = probes.narrow(0, 0, 1);
        var slopes = new double[input.numel()];
        using (torch.no_grad())
        {
            for (var i = 0; i < slopes.Length; i++)
            {
                var nudge = torch.zeros_like(input);
                nudge.view(-1)[i] = Step;
                slopes[i] = (Sum(input + nudge) - Sum(input - nudge)) / (2 * Step);
            }
        }

        var saliency = Numbers.Read(AttributionMaps.Of(network, input, null, Attribution.Saliency, 0));
        var byInput = Numbers.Read(AttributionMaps.Of(network, input, null, Attribution.GradientInput, 0));

        Assert.Equal(Unit(Array.ConvertAll(slopes, Math.Abs)), saliency, new Near(1e-6));
        Assert.Equal(Unit([.. slopes.Zip(Numbers.Read(input), (slope, x) => slope * x)]), byInput, new Near(1e-6));

        double Sum(Tensor at) => network.Features(at, null).sum().ToDouble();
    }

    [Fact]
    public void Similarity_is_the_mean_cosine_of_maps()
    {
        using var scope = torch.NewDisposeScope();
        var (first, probes) = Make("mlp", [5, 6], biased: true);
        var (second, _) = Make("mlp", [5, 6], biased: true, seed: 9);

        var found = new AttributionSimilarity().Of([first, new ProbedNetwork("u", second.Stages)], probes)[0, 1];

        var cosines = Enumerable
            .Range(0, 5)
            .Select(row =>
            {
                var probe = probes.narrow(0, row, 1);
                var (a, b) = (Map(first, probe), Map(second, probe));
                return a.Zip(b, (x, y) => x * y).Sum();
            });
        Assert.Equal(cosines.Average(), found, 1e-12);

        static double[] Map(ProbedNetwork network, Tensor probe) =>
            Numbers.Read(AttributionMaps.Of(network, probe, null, Attribution.Saliency, 0));
    }

    [Fact]
    public void A_layer_without_a_rule_is_refused_by_name()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new ResNet18([1, 16, 16], ResNetStem.Cifar, width: 2);
        ProbedNetwork[] probed = [ProbedNetwork.Of(network)];

        var fault = Assert.Throws<NotSupportedException>(() =>
            new AttributionSimilarity(Attribution.Lrp).Of(probed, torch.rand(3, 1, 16, 16))
        );

        Assert.Contains(
            "has a BatchNorm2d. Use attribution:by=gradient-input",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(1, new AttributionSimilarity().Of(probed, torch.rand(3, 1, 16, 16))[0, 0], 1e-6);
    }

    [Fact]
    public void Depara_adds_ranked_edges_to_nodes_and_finds_the_stage_that_the_target_is_made_of()
    {
        using var scope = torch.NewDisposeScope();
        var (first, probes) = Make("mlp", [40, 6], biased: true);
        var (second, _) = Make("mlp", [40, 6], biased: true, seed: 9);
        ProbedNetwork[] both = [first, new ProbedNetwork("u", second.Stages)];

        var nodes = new AttributionSimilarity(Attribution.GradientInput).Of(both, probes)[0, 1];
        var with = new Depara(lambda: 2).Of(both, probes)[0, 1];
        var without = new Depara(lambda: 0).Of(both, probes)[0, 1];
        Assert.Equal(nodes, without, 1e-12);
        Assert.InRange((with - without) / 2, -1, 1);

        var early = new ProbedNetwork("early", first.Stages[0]);
        var stages = new Depara().OfStages(first, early, probes);
        Assert.Equal(2, stages[0], 1e-9);
        Assert.True(stages[1] < stages[0]);
    }

    private static double[] Unit(double[] map)
    {
        var length = Math.Sqrt(map.Sum(x => x * x));
        return Array.ConvertAll(map, x => x / length);
    }

    private static (ProbedNetwork Network, Tensor Probes) Make(string name, long[] shape, bool biased, int seed = 4)
    {
        torch.manual_seed(seed);
        Module<Tensor, Tensor>[] stages = name switch
        {
            "mlp" => [.. new Mlp(6, [8, 5], dropout: 0.5).Stages],
            "lenet" => [.. new LeNet([1, 16, 16], dropout: 0.5).Stages],
            _ => [Sequential(Conv2d(2, 3, 3, padding: 1), ReLU(inplace: true), AvgPool2d(2)), Conv2d(3, 4, 3)],
        };
        using var noGrad = torch.no_grad();
        foreach (var stage in stages)
        {
            stage.to(ScalarType.Float64).eval();
            foreach (var (parameter, value) in stage.named_parameters())
            {
                if (!biased && parameter.EndsWith("bias", StringComparison.Ordinal))
                {
                    value.zero_();
                }
            }
        }

        return (new ProbedNetwork("t", stages), torch.randn(shape, ScalarType.Float64));
    }

    private sealed class Near(double tolerance = 1e-8) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double obj) => 0;
    }
}
