using Plait.Catalogue;
using Plait.Networks.CrossTalk;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Networks.SingleTasking;
using Plait.Relationships.Embedding;
using Plait.Relationships.Transfer;
using Plait.Tasks;
using Plait.Tasks.Answers;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Relationships.Transfer;

[Collection("torch")]
public sealed class NetworkSimilarityTests
{
    public static TheoryData<string> Names =>
        ["rsa", "cka", "attribution", "attribution:by=gradient-input", "attribution:by=lrp", "depara"];

    [Fact]
    public void Rsa_is_that_worked_out_by_hand()
    {
        // Correlations of the three: 1/2, -1 and -1/2; so the pairs (1,0), (2,0), (2,1) have the ranks 0, 2, 1 in one network ...
        double[] first = [1, 0, -1];
        double[] second = [1, -1, 0];
        double[] third = [-1, 0, 1];
        // ... and 0, 1, 2 in the other, which has the first two exchanged: the centred ranks have the product 1 and the squares 2.
        ProbedNetwork[] networks = [Of("a", [first, second, third]), Of("b", [second, first, third])];

        var found = new RepresentationSimilarity().Of(networks, torch.eye(3, dtype: ScalarType.Float64));

        Assert.Equal(0.5, found[0, 1], 1e-12);
        Assert.Equal(1, found[0, 0], 1e-12);
    }

    [Fact]
    public void Cka_is_that_worked_out_by_hand()
    {
        // Centred features (1, -1, 0) and (1, 1, -2): the squared product 0, and with (1, 0, -1) it is 1 of 2 x 2.
        ProbedNetwork[] networks =
        [
            Of(
                "a",
                [
                    [1],
                    [-1],
                    [0],
                ]
            ),
            Of(
                "b",
                [
                    [1],
                    [1],
                    [-2],
                ]
            ),
            Of(
                "c",
                [
                    [1],
                    [0],
                    [-1],
                ]
            ),
        ];

        var found = new KernelAlignment().Of(networks, torch.eye(3, dtype: ScalarType.Float64));

        Assert.Equal(0, found[0, 1], 1e-12);
        Assert.Equal(0.25, found[0, 2], 1e-12);
    }

    [Fact]
    public void Rsa_does_not_see_scale_shift_and_order_of_features()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        var probes = torch.randn(30, 6, ScalarType.Float64);
        var weight = torch.randn(5, 6, ScalarType.Float64);
        ProbedNetwork[] networks =
        [
            Layer("plain", weight),
            Layer("changed", weight.index_select(0, torch.tensor(new long[] { 3, 1, 4, 0, 2 })) * 7, shift: 2),
        ];

        Assert.Equal(1, new RepresentationSimilarity().Of(networks, probes)[0, 1], 1e-9);
    }

    [Fact]
    public void Cka_does_not_see_rotation_scale_and_shift_of_features()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        var probes = torch.randn(30, 6, ScalarType.Float64);
        var weight = torch.randn(5, 6, ScalarType.Float64);
        var (rotation, _) = torch.linalg.qr(torch.randn(5, 5, ScalarType.Float64));
        ProbedNetwork[] networks =
        [
            Layer("plain", weight),
            Layer("changed", rotation.mm(weight) * 7, shift: 2),
            Layer("other", torch.randn(5, 6, ScalarType.Float64)),
        ];

        var found = new KernelAlignment().Of(networks, probes);

        Assert.Equal(1, found[0, 1], 1e-9);
        Assert.True(found[0, 2] < 0.9, $"{found[0, 2]}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_measure_is_symmetric_and_greatest_for_a_network_and_itself(string name)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        ProbedNetwork[] networks =
        [
            .. Enumerable.Range(0, 4).Select(i => ProbedNetwork.Of(Trained($"t{i}", new Mlp(6, [24, 24]))).Single()),
        ];

        var found = MethodCatalog.Create<NetworkSimilarity>(name).Of(networks, torch.randn(40, 6));

        Assert.Equal(["t0", "t1", "t2", "t3"], found.Tasks);
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                Assert.Equal(found[i, j], found[j, i]);
                Assert.True(i == j || found[i, j] < found[i, i], $"{found[i, j]} beside {found[i, i]}");
            }
        }

        Assert.Equal(name == "depara" ? 2 : 1, found[0, 0], 1e-6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Images_stages_and_dropout_are_looked_at_without_a_trace(string name)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var network = new SingleTask(
            new TaskSet(LearningTask.Binary("a"), LearningTask.Binary("b")),
            new LeNet([1, 16, 16], dropout: 0.5)
        );
        var networks = ProbedNetwork.Of(network);
        var method = MethodCatalog.Create<NetworkSimilarity>(
            name + (name.Contains(':') ? "," : ":") + "images=5,stage=1"
        );
        var probes = torch.rand(9, 1, 16, 16);

        var found = method.Of(networks, probes);

        Assert.True(network.training);
        Assert.All(networks.SelectMany(one => one.Stages), stage => Assert.True(stage.training));
        Assert.All(network.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.False(probes.requires_grad);
        Assert.Equal(found[0, 1], method.Of(networks, probes.narrow(0, 0, 5))[0, 1]);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_with_a_reason()
    {
        using var scope = torch.NewDisposeScope();
        ProbedNetwork[] one =
        [
            Of(
                "a",
                [
                    [1],
                    [1],
                    [1],
                ]
            ),
        ];
        var constant = Assert.Throws<ArgumentException>(() =>
            new KernelAlignment().Of(one, torch.ones(4, 3, ScalarType.Float64))
        );
        Assert.Contains("'a' has the same features for all probes", constant.Message, StringComparison.Ordinal);
        var single = Assert.Throws<ArgumentException>(() =>
            new RepresentationSimilarity().Of(one, torch.rand(4, 3, ScalarType.Float64))
        );
        Assert.Contains("or a single number", single.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new KernelAlignment().Of(one, torch.rand(2, 3, ScalarType.Float64)));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new KernelAlignment(stage: 1).Of(one, torch.rand(4, 3, ScalarType.Float64))
        );
        Assert.Throws<ArgumentException>(() => ProbedNetwork.Of(Trained("a", new Mlp(6, []))));
        var tasks = new TaskSet(LearningTask.Binary("a"), LearningTask.Binary("b"));
        using var stitched = new CrossStitch(tasks, new Mlp(6, [4]));
        Assert.Throws<NotSupportedException>(() => ProbedNetwork.Of(stitched));
    }

    [Fact]
    public void A_kind_with_two_base_classes_makes_each_by_its_own()
    {
        Assert.IsType<Task2Vec>(MethodCatalog.Create<Task2Vec>("task2vec:fisher=variational,beta=0.01"));
        var other = Assert.Throws<FormatException>(() => MethodCatalog.Create<NetworkSimilarity>("task2vec"));
        Assert.Equal("There is no relationship 'task2vec'; choose from attribution, cka, depara, rsa.", other.Message);
    }

    private static HardSharing Trained(string task, Encoder encoder) =>
        new(new TaskSet(LearningTask.Regression(task)), encoder);

    /// <summary>A network whose features of the rows of the identity are given.</summary>
    private static ProbedNetwork Of(string task, double[][] features)
    {
        var rows = torch.tensor(features.SelectMany(row => row).ToArray()).view(features.Length, features[0].Length);
        return Layer(task, rows.t());
    }

    private static ProbedNetwork Layer(string task, Tensor weight, double shift = 0)
    {
        var layer = Linear(weight.size(1), weight.size(0), dtype: ScalarType.Float64);
        using var noGrad = torch.no_grad();
        layer.weight!.copy_(weight);
        layer.bias!.fill_(shift);
        return new ProbedNetwork(task, layer);
    }
}
