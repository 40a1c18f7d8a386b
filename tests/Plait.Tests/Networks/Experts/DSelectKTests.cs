using CsCheck;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Experts;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks.Experts;

[Collection("torch")]
public sealed class DSelectKTests
{
    [Fact]
    public void Gates_equal_the_papers_products_over_binary_digits() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 4], Gen.Bool, Gen.Double[0.3, 2], Gen.Int[0, 99])
            .Sample(
                (experts, k, perExample, width, seed) =>
                {
                    using var scope = torch.NewDisposeScope();
                    torch.manual_seed(seed);
                    k = Math.Min(k, experts);
                    using var network = new DSelectK(Three, new Mlp(Inputs, [4]), experts, k, perExample, 1e-3, width);
                    network.to(ScalarType.Float64);
                    var state = network.state_dict();
                    Spread(state);
                    using var batch = Batch(Three.All, rows: 3, ScalarType.Float64);
                    var weights = network.GateWeights(batch.Input, Three.All);
                    var features = Features(network, batch);
                    for (var task = 0; task < 3; task++)
                    {
                        for (var row = 0; row < weights.size(0); row++)
                        {
                            var logits = state[$"gates.{task}.bias"];
                            if (perExample)
                            {
                                logits = logits + state[$"gates.{task}.weight"].mv(features[row]);
                            }

                            var expected = Gate(logits.data<double>().ToArray(), experts, k, width);
                            var actual = weights[row][task].data<double>().ToArray();
                            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
                        }
                    }
                },
                iter: 40,
                threads: 1
            );

    [Theory]
    [InlineData(8, 1)]
    [InlineData(8, 3)]
    [InlineData(16, 2)]
    public void Saturated_selectors_choose_at_most_k_experts_whose_weights_have_sum_1(int experts, int k)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(experts + k);
        using var network = new DSelectK(Three, new Mlp(Inputs, [4]), experts, k, perExample: true);
        using (torch.no_grad())
        {
            foreach (var (name, values) in network.state_dict())
            {
                if (name.StartsWith("gates", StringComparison.Ordinal))
                {
                    values.normal_().mul_(1e6); // a digit close enough to 0 to be undecided is as good as impossible
                }
            }
        }

        var weights = network.GateWeights(torch.randn(50, Inputs), Three.All);
        Assert.Equal([50L, 3, experts], weights.shape);
        Assert.True(weights.sum(2L).sub(1).abs().max().item<float>() < 1e-6);
        Assert.True(weights.gt(0).sum(2L).max().item<long>() <= k);
        Assert.True(weights.amax([0, 1]).gt(0).sum().item<long>() > k, "rows and tasks choose differently");
    }

    [Theory]
    [InlineData(8)]
    [InlineData(6)]
    public void Losses_gain_the_selectors_entropy_and_what_keeps_weight_from_experts_that_do_not_exist(int experts)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(experts);
        using var network = new DSelectK(
            Three,
            new Mlp(Inputs, []),
            experts,
            k: 2,
            perExample: true,
            entropy: 0.1,
            stepWidth: 4
        );
        network.to(ScalarType.Float64);
        var state = network.state_dict();
        Spread(state);
        using var batch = Batch(Three.All, rows: 4, ScalarType.Float64);
        var outputs = network.Forward(batch, Three.All);
        for (var task = 0; task < 3; task++)
        {
            var expected = 0.0;
            for (var row = 0; row < 4; row++)
            {
                var logits = (state[$"gates.{task}.bias"] + state[$"gates.{task}.weight"].mv(batch.Input[row]))
                    .data<double>()
                    .ToArray();
                foreach (var choice in Choices(logits, experts, 2, 4))
                {
                    expected -= 0.1 / 4 * choice.Sum(r => r * Math.Log(r + 1e-6));
                    expected += experts == 6 ? ((1 / choice.Sum()) - 1) / 4 : 0;
                }
            }

            Assert.Equal(expected, outputs.PenaltyOf(task)!.ToDouble(), 1e-10);
        }

        network.eval();
        Assert.Null(network.Forward(batch, Three.All).PenaltyOf(0));
    }

    [Fact]
    public void Gradients_agree_with_finite_differences_through_experts_gates_and_penalty()
    {
        foreach (var perExample in new[] { false, true })
        {
            using var scope = torch.NewDisposeScope();
            torch.manual_seed(5);
            using var network = new DSelectK(Three, new Mlp(Inputs, [4]), 5, 2, perExample, 0.1, 3, [4]);
            network.to(ScalarType.Float64);
            Spread(network.state_dict());
            using var batch = Batch(Three.All, type: ScalarType.Float64);
            FiniteDifference.AssertGradients(
                network.parameters(),
                () =>
                {
                    var outputs = network.Forward(batch, Three.All);
                    return Enumerable
                        .Range(0, 3)
                        .Select(task => Scalar(outputs[task]) + outputs.PenaltyOf(task)!)
                        .Aggregate((a, b) => a + b);
                }
            );
        }
    }

    [Fact]
    public void Descent_on_the_entropy_alone_brings_every_selector_to_one_expert()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        using var network = new DSelectK(Three, new Mlp(Inputs, []), experts: 8, k: 2, entropy: 1);
        using var optimizer = torch.optim.SGD(network.parameters(), 0.05);
        using var batch = Batch(Three.All);
        for (var step = 0; step < 300; step++)
        {
            using var inner = torch.NewDisposeScope();
            optimizer.zero_grad();
            var outputs = network.Forward(batch, Three.All);
            (outputs.PenaltyOf(0)! + outputs.PenaltyOf(1)! + outputs.PenaltyOf(2)!).backward();
            optimizer.step();
        }

        var weights = network.GateWeights(batch.Input, Three.All);
        Assert.True(weights.gt(0).sum(2L).max().item<long>() <= 2);
        Assert.True(weights.sum(2L).sub(1).abs().max().item<float>() < 1e-6);
    }

    [Theory]
    [InlineData(8, 0, 1.0)]
    [InlineData(4, 5, 1.0)]
    [InlineData(8, 2, 0.0)]
    public void Numbers_that_make_no_selection_are_refused(int experts, int k, double width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new DSelectK(Three, new Mlp(Inputs), experts, k, stepWidth: width)
        );

    /// <summary>Gate parameters of size 1/3, so that digits are between 0 and 1 as well as at them.</summary>
    private static void Spread(Dictionary<string, Tensor> state)
    {
        using var noGrad = torch.no_grad();
        foreach (var (name, values) in state)
        {
            if (name.StartsWith("gates", StringComparison.Ordinal))
            {
                values.normal_(0, 1.0 / 3);
            }
        }
    }

    private static double[] Gate(double[] logits, int experts, int k, double width)
    {
        var choices = Choices(logits, experts, k, width);
        var shares = logits[^k..].Select(Math.Exp).ToArray();
        return
        [
            .. Enumerable
                .Range(0, experts)
                .Select(expert => choices.Zip(shares, (choice, share) => share / shares.Sum() * choice[expert]).Sum()),
        ];
    }

    /// <summary>What each selector gives each expert.</summary>
    private static double[][] Choices(double[] logits, int experts, int k, double width)
    {
        var digits = (int)Math.Ceiling(Math.Log2(experts));
        return
        [
            .. Enumerable
                .Range(0, k)
                .Select(selector =>
                    Enumerable
                        .Range(0, experts)
                        .Select(expert =>
                            Enumerable
                                .Range(0, digits)
                                .Aggregate(
                                    1.0,
                                    (product, digit) =>
                                    {
                                        var step = Step(logits[(selector * digits) + digit], width);
                                        return product
                                            * (((expert >> (digits - 1 - digit)) & 1) == 1 ? step : 1 - step);
                                    }
                                )
                        )
                        .ToArray()
                ),
        ];
    }

    private static double Step(double t, double width) =>
        t <= -width / 2 ? 0
        : t >= width / 2 ? 1
        : (-2 * Math.Pow(t / width, 3)) + (1.5 * t / width) + 0.5;

    private static Tensor Features(DSelectK network, MultiTaskBatch batch) =>
        ((Encoder)network.named_children().Single(child => child.name == "encoder").module).call(batch.Input);
}
