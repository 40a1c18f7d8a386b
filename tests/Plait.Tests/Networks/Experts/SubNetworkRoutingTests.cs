using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.Experts;
using Plait.Tests.Optimization;
using Plait.Tests.Training;
using Plait.Training;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks.Experts;

[Collection("torch")]
public sealed class SubNetworkRoutingTests
{
    [Theory]
    [InlineData(SubNetworkConnection.Transform, false)]
    [InlineData(SubNetworkConnection.Transform, true)]
    [InlineData(SubNetworkConnection.Average, false)]
    [InlineData(SubNetworkConnection.Average, true)]
    public void What_is_routed_equals_the_papers_sums(SubNetworkConnection connection, bool onMaps)
    {
        const int Senders = 3;
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        Encoder encoder = onMaps ? new MapEncoder() : new Mlp(Inputs, [5]);
        using var network = new SubNetworkRouting(Three, encoder, Senders, [4, 3], connection);
        network.BeginStep(StepContexts.At(5));
        var input = torch.randn([4, .. encoder.InputShape]);
        using var batch = MultiTaskBatch.Unlabelled(Three.All, input);
        var outputs = network.Forward(batch, Three.All);
        var state = network.state_dict();
        Tensor[] sent = Level(0, _ => encoder.call(input));
        sent = Level(1, i => Receive(sent, "between.0", i, network.GatesAbove(0)[i], 4));
        for (var task = 0; task < 3; task++)
        {
            var expected = Receive(sent, $"towers.{task}", 0, network.TowerGates()[task], 3);
            Assert.True(expected.allclose(outputs.FeaturesOf(task)!.Values, 1e-5, 1e-6));
        }

        Tensor[] Level(int level, Func<int, Tensor> read) =>
            [
                .. Enumerable
                    .Range(0, Senders)
                    .Select(i =>
                    {
                        var weight = state[$"levels.{level}.weight"].chunk(Senders)[i];
                        var bias = state[$"levels.{level}.bias"].chunk(Senders)[i];
                        return (
                            onMaps
                                ? torch.nn.functional.conv2d(read(i), weight, bias, padding: [1, 1])
                                : torch.nn.functional.linear(read(i), weight, bias)
                        ).relu();
                    }),
            ];

        Tensor Receive(Tensor[] from, string routing, int receiver, Tensor gates, int width) =>
            from.Select(
                    (said, j) =>
                    {
                        if (connection == SubNetworkConnection.Average)
                        {
                            return gates[j] * said;
                        }

                        var matrix = state[$"{routing}.transform"]
                            .narrow(0, receiver * width, width)
                            .narrow(1, j * width, width);
                        return gates[j]
                            * (
                                onMaps
                                    ? torch.einsum("oc,nchw->nohw", matrix, said)
                                    : torch.nn.functional.linear(said, matrix)
                            );
                    }
                )
                .Aggregate((a, b) => a + b);
    }

    [Fact]
    public void Drawn_gates_follow_the_hard_concrete_distribution()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new SubNetworkRouting(Three, new Mlp(Inputs, []), 4, [2]);
        using (torch.no_grad())
        {
            network
                .state_dict()["towers.0.openness"]
                .copy_(
                    torch.tensor(
                        new float[,]
                        {
                            { -2, -0.5f, 0.5f, 2 },
                        }
                    )
                );
        }

        var drawn = Enumerable
            .Range(0, 2500)
            .Select(step =>
            {
                using var inner = torch.NewDisposeScope();
                network.BeginStep(StepContexts.At(step));
                return network.TowerGates()[0].data<float>().ToArray();
            })
            .ToArray();
        double[] openness = [-2, -0.5, 0.5, 2];
        for (var gate = 0; gate < 4; gate++)
        {
            // s > 0 where u > 1 - sigmoid(log α - β log(-γ / ζ)); s >= 1 by the mirrored bound
            var open = 1 / (1 + Math.Exp(-(openness[gate] - (2.0 / 3 * Math.Log(0.1 / 1.1)))));
            var full = 1 / (1 + Math.Exp(-(openness[gate] + (2.0 / 3 * Math.Log(0.1 / 1.1)))));
            Assert.Equal(open, drawn.Average(gates => gates[gate] > 0 ? 1.0 : 0), 0.03);
            Assert.Equal(full, drawn.Average(gates => gates[gate] >= 1 ? 1.0 : 0), 0.03);
        }
    }

    [Fact]
    public void Draws_are_a_function_of_the_step_and_evaluation_has_none()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var network = new SubNetworkRouting(Three, new Mlp(Inputs, []));
        var first = Draw(3);
        Assert.NotEqual(first, Draw(4));
        Assert.Equal(first, Draw(3));
        network.eval();
        var settled = Draw(3);
        Assert.Equal(settled, Draw(4));
        Assert.All(settled, gate => Assert.Equal(0.5, gate, 1e-6)); // the middle of the stretched interval

        float[] Draw(long step)
        {
            network.BeginStep(StepContexts.At(step));
            return network.TowerGates().flatten().data<float>().ToArray();
        }
    }

    [Fact]
    public void The_penalty_is_the_expected_number_of_open_gates()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var network = new SubNetworkRouting(Three, new Mlp(Inputs, []), 3, [4, 4, 4], strength: 0.5);
        network.to(ScalarType.Float64);
        using var noGrad = torch.no_grad();
        var gates = network
            .state_dict()
            .Where(entry => entry.Key.EndsWith("openness", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(2 + 3, gates.Length);
        foreach (var (_, openness) in gates)
        {
            openness.normal_();
        }

        using var batch = Batch(Three.All, type: ScalarType.Float64);
        var expected = gates.Sum(entry => entry.Value.data<double>().ToArray().Sum(OpenProbability)) / 2;
        foreach (var tasks in new[] { Three.All, Three.Select(0, 2) })
        {
            var outputs = network.Forward(batch, tasks);
            var sum = tasks.Indices.ToArray().Sum(task => outputs.PenaltyOf(task)!.ToDouble());
            var missing = tasks.Count == 3 ? 0 : OfTower(1) / 2;
            Assert.Equal(expected - missing, sum, 1e-10);
        }

        double OfTower(int task) =>
            network.state_dict()[$"towers.{task}.openness"].data<double>().ToArray().Sum(OpenProbability);

        static double OpenProbability(double openness) =>
            1 / (1 + Math.Exp(-(openness - (2.0 / 3 * Math.Log(0.1 / 1.1)))));
    }

    [Fact]
    public void Gradients_agree_with_finite_differences_through_drawn_gates_and_penalty()
    {
        foreach (var connection in Enum.GetValues<SubNetworkConnection>())
        {
            using var scope = torch.NewDisposeScope();
            torch.manual_seed(6);
            using var network = new SubNetworkRouting(Three, new Mlp(Inputs, [4]), 3, [4, 3], connection, 0.3);
            network.to(ScalarType.Float64);
            network.BeginStep(StepContexts.At(1));
            using var batch = Batch(Three.All, type: ScalarType.Float64);
            FiniteDifference.AssertGradients(network.parameters(), () => Total(network.Forward(batch, Three.All)));
        }
    }

    [Fact]
    public void A_cut_carries_the_shared_penalty_too()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(6);
        using var network = new SubNetworkRouting(Three, new Mlp(Inputs, [4]), 3, [4, 3], strength: 0.3);
        using var batch = Batch(Three.All);
        Total(network.Forward(batch, Three.All)).backward();
        var expected = network.SharedParameters.Select(p => p.grad!.clone()).ToArray();
        network.zero_grad();
        var outputs = network.Forward(batch, Three.All, cut: true);
        Total(outputs).backward();
        var cut = outputs.Representation!;
        Assert.Equal(2, cut.Values.Count);
        var seeds = cut.Values.Select(
            (_, part) => Enumerable.Range(0, 3).Select(task => cut.Of(task)[part].grad!).Aggregate((a, b) => a + b)
        );
        torch.autograd.backward([.. cut.Values], [.. seeds]);
        Assert.All(
            network.SharedParameters.Zip(expected),
            pair => Assert.True(pair.First.grad!.allclose(pair.Second, 1e-4, 1e-6))
        );
    }

    [Fact]
    public void A_training_resumes_in_the_same_bits()
    {
        using var data = SmallRuns.Data(150);
        using var train = data.Batches(32, shuffleSeed: 5);
        Resumption.AssertSameBits(
            () => new Recipe { Epochs = 4, Seed = 11 },
            () =>
            {
                torch.manual_seed(3);
                return new SubNetworkRouting(SmallRuns.Tasks, new Mlp(SmallRuns.Inputs, [8]), 3, [6, 6]);
            },
            train,
            null
        );
    }

    [Fact]
    public void A_strong_penalty_closes_most_gates_and_none_leaves_most_open()
    {
        using var data = SmallRuns.Data(300);
        using var train = data.Batches(50, shuffleSeed: 5);
        var closed = new[] { 0.0, 3.0 }
            .Select(strength =>
            {
                using var scope = torch.NewDisposeScope();
                torch.manual_seed(3);
                using var network = new SubNetworkRouting(
                    SmallRuns.Tasks,
                    new Mlp(SmallRuns.Inputs, []),
                    3,
                    [8, 8],
                    strength: strength
                );
                new Trainer(network, new Recipe { Epochs = 20, Optimizer = new AdamOptimizer(0.05) }).Fit(train);
                network.eval();
                return network.TowerGates().eq(0).sum().item<long>() + network.GatesAbove(0).eq(0).sum().item<long>();
            })
            .ToArray();
        Assert.InRange(closed[0], 0, 4);
        Assert.InRange(closed[1], 9, 18);
    }

    private static Tensor Total(TaskOutputs outputs) =>
        Enumerable
            .Range(0, 3)
            .Select(task => Scalar(outputs[task]) + outputs.PenaltyOf(task)!)
            .Aggregate((a, b) => a + b);
}
