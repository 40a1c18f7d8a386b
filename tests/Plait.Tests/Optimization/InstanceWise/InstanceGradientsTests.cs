using Plait.Networks.Encoders;
using Plait.Optimization.InstanceWise;
using Plait.Optimization.MultiObjective;
using Plait.Tests.Numerics;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Optimization.InstanceWise;

[Collection("torch")]
public sealed class InstanceGradientsTests
{
    public static TheoryData<string, long[]> Networks { get; } =
        new()
        {
            { "mlp", [7, 5] },
            { "sequence", [6, 4, 5] },
            { "convolutions", [5, 2, 9, 8] },
            { "used twice", [6, 5] },
            { "no bias", [6, 5] },
            { "lenet", [4, 1, 28, 28] },
        };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gramian_is_that_of_one_backward_pass_a_row(string name, long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        var (network, input) = Make(name, shape);
        double[][] rows = [.. Enumerable.Range(0, (int)shape[0]).Select(RowGradient)];

        using var gradients = new InstanceGradients(network);
        var gramian = gradients.Gramian(Losses(network.call(input)));

        var expected = Gramians.Of(rows);
        Assert.Equal(expected.Length, gramian.Length);
        Assert.All(
            expected.Zip(gramian),
            pair => Assert.Equal(pair.First, pair.Second, 1e-10 * expected.Max(Math.Abs))
        );

        double[] RowGradient(int row)
        {
            network.zero_grad();
            Losses(network.call(input))[row].backward();
            return [.. network.parameters().SelectMany(parameter => Numbers.Read(parameter.grad!))];
        }
    }

    [Fact]
    public void A_step_of_the_shortest_combination_makes_no_row_worse()
    {
        using var scope = torch.NewDisposeScope();
        var (network, input) = Make("mlp", [7, 5]);
        using var gradients = new InstanceGradients(network);
        using var optimizer = torch.optim.SGD(network.parameters(), 1e-3);
        var before = Losses(network.call(input));

        network.zero_grad();
        var weights = gradients.Descend(before, new Mgda());
        optimizer.step();

        Assert.Equal(1, weights.Sum(), 1e-9);
        var change = Numbers.Read(Losses(network.call(input)).sub(before));
        Assert.All(change, moved => Assert.True(moved < 1e-6, $"a row's loss moved by {moved}"));
        Assert.True(change.Min() < -1e-6);
    }

    [Fact]
    public void The_parameters_receive_the_weighted_sum_of_the_rows_gradients()
    {
        using var scope = torch.NewDisposeScope();
        var (network, input) = Make("mlp", [7, 5]);
        using var gradients = new InstanceGradients(network);

        network.zero_grad();
        var weights = gradients.Descend(Losses(network.call(input)), new Mgda());
        var found = network.parameters().SelectMany(parameter => Numbers.Read(parameter.grad!)).ToArray();
        network.zero_grad();
        Losses(network.call(input)).mul(torch.tensor(weights)).sum().backward();

        Assert.Equal(network.parameters().SelectMany(parameter => Numbers.Read(parameter.grad!)), found);
    }

    [Fact]
    public void A_layer_that_ties_rows_together_is_refused_by_name()
    {
        using var network = Sequential(("first", Linear(3, 4)), ("normal", BatchNorm1d(4)));

        var fault = Assert.Throws<NotSupportedException>(() => new InstanceGradients(network));

        Assert.Contains("'normal'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_that_are_not_one_a_row_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var (network, input) = Make("mlp", [7, 5]);
        using var gradients = new InstanceGradients(network);
        Assert.Throws<InvalidOperationException>(() => gradients.Gramian(torch.zeros(7)));

        var losses = Losses(network.call(input));

        Assert.Throws<ArgumentException>(() => gradients.Gramian(losses.mean()));
    }

    private static (Module<Tensor, Tensor> Network, Tensor Input) Make(string name, long[] shape)
    {
        torch.manual_seed(3);
        Module<Tensor, Tensor> network = name switch
        {
            "mlp" => Sequential(Linear(5, 6), Tanh(), Linear(6, 3)),
            "sequence" => Sequential(Linear(5, 2), Tanh(), Linear(2, 3)),
            "convolutions" => Sequential(
                Conv2d(2, 3, kernel_size: 3, stride: 2, padding: 1),
                Tanh(),
                Conv2d(3, 2, kernel_size: 2, dilation: 2, bias: false)
            ),
            "used twice" => Twice(),
            "no bias" => Sequential(Linear(5, 4, hasBias: false), Tanh(), Linear(4, 2)),
            "lenet" => new LeNet([1, 28, 28]),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        network.to(ScalarType.Float64);
        return (network, torch.randn(shape, ScalarType.Float64));
    }

    private static Sequential Twice()
    {
        var layer = Linear(5, 5);
        return Sequential(layer, Tanh(), layer);
    }

    private static Tensor Losses(Tensor output) => output.flatten(1).pow(2).mean([1L]).add(output.flatten(1).sum([1L]));
}
