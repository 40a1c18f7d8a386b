using CsCheck;
using Plait.Optimization.Bilevel;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Optimization.Bilevel;

[Collection("torch")]
public sealed class HyperGradientTests
{
    private const int Size = 4;
    private const double LearningRate = 0.1;
    private const double WeightDecay = 0.3;

    /// <summary>lower = θ'Aθ/2 - λ'θ, upper = ‖θ - t‖²/2 + λ'c: everything is known in closed form.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1e-9)]
    [InlineData(1e9)]
    public void Equals_the_closed_form_of_a_quadratic_problem(double scale) =>
        Gen.Double[-2, 2]
            .Array[5 * Size]
            .Sample(
                numbers =>
                {
                    using var scope = torch.NewDisposeScope();
                    var problem = new Quadratic(numbers, scale);

                    var byNumbers = problem
                        .HyperGradient()
                        .ByNumbers(
                            problem.Lower,
                            problem.Upper,
                            () => Numbers.Read(problem.Theta.neg()),
                            () => Numbers.Read(problem.Direct)
                        );
                    var byTensors = problem.HyperGradient().ByTensors([problem.Lambda], problem.Lower, problem.Upper);
                    var firstOrder = problem
                        .HyperGradient(HyperGradientOrder.First)
                        .ByTensors([problem.Lambda], problem.Lower, problem.Upper);

                    AssertClose(problem.Expected(), byNumbers);
                    AssertClose(problem.Expected(), Numbers.Read(byTensors[0]));
                    AssertClose(Numbers.Read(problem.Direct), Numbers.Read(firstOrder[0]));
                },
                iter: 20,
                threads: 1
            );

    /// <summary>A network with dropout-free layers whose features are scaled by λ: moved λ against the whole look ahead.</summary>
    /// <param name="scale">How many times the learning rate the first layer takes.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(7)]
    public void Equals_finite_differences_of_the_whole_look_ahead(double scale)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var network = Sequential(
            ("hidden", Linear(3, 5, dtype: ScalarType.Float64)),
            ("tanh", Tanh()),
            ("output", Linear(5, 1, dtype: ScalarType.Float64))
        );
        var storage = FlatParameters.Of(
            [.. network.parameters()],
            scaleOf: parameter => parameter.size(0) == 5 ? scale : 1
        );
        var rates = torch.full_like(storage.Values, LearningRate);
        rates.narrow(0, 0, 20).mul_(scale); // 5 x 3 weights and 5 biases
        var (input, target) = (Draw(16, 3), Draw(16, 1));
        var (otherInput, otherTarget) = (Draw(16, 3), Draw(16, 1));
        var velocity = torch.randn_like(storage.Values).mul(0.1);
        var lambda = Draw(3).requires_grad_();

        var derivative = new HyperGradient(storage, LearningRate, velocity, WeightDecay).ByTensors(
            [lambda],
            Lower,
            Upper
        );

        var start = storage.Values.clone();
        double[] expected = [.. Enumerable.Range(0, 3).Select(Slope)];
        AssertClose(expected, Numbers.Read(derivative[0]), 1e-4);

        Tensor Lower() => network.call(input * lambda).sub(target).square().mean();
        Tensor Upper() => network.call(otherInput).sub(otherTarget).square().mean() + lambda.square().sum().mul(0.01);

        double Slope(int place)
        {
            const double Distance = 1e-5;
            var above = AfterStep(place, Distance);
            return (above - AfterStep(place, -Distance)) / (2 * Distance);
        }

        double AfterStep(int place, double distance)
        {
            using (torch.no_grad())
            {
                lambda[place].add_(distance);
            }

            storage.ZeroGradients();
            Lower().backward();
            using var noGrad = torch.no_grad();
            storage.Values.sub_(storage.Gradients.add(velocity).add(start, WeightDecay).mul(rates));
            var value = Upper().item<double>();
            storage.Values.copy_(start);
            lambda[place].add_(-distance);
            return value;
        }
    }

    [Theory]
    [InlineData(HyperGradientOrder.First)]
    [InlineData(HyperGradientOrder.Second)]
    public void Parameters_gradients_statistics_and_chance_are_as_before_to_the_bit(HyperGradientOrder order)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var network = Sequential(
            ("hidden", Linear(3, 5)),
            ("norm", BatchNorm1d(5)),
            ("dropout", Dropout(0.5)),
            ("output", Linear(5, 1))
        );
        var storage = FlatParameters.Of([.. network.parameters()]);
        storage.Gradients.copy_(torch.randn_like(storage.Gradients));
        var lambda = torch.ones(1).requires_grad_();
        lambda.grad = torch.full(1, 7f);
        var input = torch.randn([8, 3]);
        var before = Bits();

        var derivative = new HyperGradient(storage, LearningRate, buffers: network.buffers(), order: order).ByTensors(
            [lambda],
            () => network.call(input).square().mean() * lambda.sum(),
            () => network.call(input).sub(1).square().mean()
        );

        Assert.Equal(before, Bits());
        Assert.Equal(order == HyperGradientOrder.Second, derivative[0].item<float>() != 0);

        byte[] Bits() =>
            [
                .. storage.Values.bytes.ToArray(),
                .. storage.Gradients.bytes.ToArray(),
                .. network.buffers().SelectMany(buffer => buffer.bytes.ToArray()),
                .. torch.get_rng_state().bytes.ToArray(),
                .. lambda.bytes.ToArray(),
                .. lambda.grad!.bytes.ToArray(),
            ];
    }

    [Fact]
    public void Dropout_draws_the_same_masks_on_both_sides()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        using var network = Sequential(
            ("dropout", Dropout(0.5)),
            ("output", Linear(40, 1, hasBias: false, dtype: ScalarType.Float64))
        );
        var storage = FlatParameters.Of([.. network.parameters()]);
        var input = Draw(1, 40).abs();
        var seen = new List<double>();

        new HyperGradient(storage, LearningRate).ByNumbers(
            () => network.call(input).sum(),
            () => storage.Parameters[0].square().sum().mul(1e-3),
            () =>
            {
                seen.Add(network.call(input).sum().item<double>());
                return [seen[^1]];
            }
        );

        // The objective is linear, so the middle of both sides is its value at the parameters with the same mask.
        Assert.Equal(network.call(input).sum().item<double>(), seen.Average(), 9);
    }

    [Fact]
    public void An_upper_objective_at_rest_has_no_derivative()
    {
        using var scope = torch.NewDisposeScope();
        var theta = new Parameter(torch.ones(Size, ScalarType.Float64));
        var storage = FlatParameters.Of([theta]);

        var derivative = new HyperGradient(storage, LearningRate).ByNumbers(
            () => theta.square().sum(),
            () => theta.mul(0).sum(),
            () => [theta.sum().item<double>(), 1]
        );

        Assert.Equal([0, 0], derivative);
    }

    private static Tensor Draw(params long[] shape) => torch.randn(shape, ScalarType.Float64);

    private static void AssertClose(double[] expected, double[] actual, double tolerance = 1e-7)
    {
        var largest = expected.Max(Math.Abs);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(
            expected.Zip(actual),
            pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, tolerance * largest)
        );
    }

    private sealed class Quadratic
    {
        private readonly Tensor curvature; // [size, size]
        private readonly Tensor goal;
        private readonly Tensor velocity;
        private readonly FlatParameters storage;
        private readonly double scale;

        public Quadratic(double[] numbers, double scale)
        {
            this.scale = scale;
            var rows = torch.tensor(numbers, ScalarType.Float64).view(5, Size);
            Theta = new Parameter(rows[0].clone());
            goal = rows[1];
            velocity = rows[2];
            Direct = rows[3].mul(scale * 0.1);
            Lambda = rows[4].clone().requires_grad_();
            curvature = torch.diag(torch.arange(1, Size + 1, ScalarType.Float64));
            storage = FlatParameters.Of([Theta]);
        }

        public Parameter Theta { get; }

        public Tensor Lambda { get; }

        /// <summary>∂upper/∂λ.</summary>
        public Tensor Direct { get; }

        public Tensor Lower() => curvature.mv(Theta).mul(Theta).sum().mul(0.5).sub(Lambda.mul(Theta).sum());

        public Tensor Upper() => Theta.sub(goal).square().sum().mul(0.5 * scale).add(Lambda.mul(Direct).sum());

        public HyperGradient HyperGradient(HyperGradientOrder order = HyperGradientOrder.Second) =>
            new(storage, LearningRate, velocity, WeightDecay, order: order);

        /// <summary>c + η (θ' - t), since the mixed derivative of the lower objective is -1.</summary>
        public double[] Expected()
        {
            using var noGrad = torch.no_grad();
            var gradient = curvature.mv(Theta).sub(Lambda);
            var ahead = Theta.sub(gradient.add(velocity).add(Theta, WeightDecay).mul(LearningRate));
            return Numbers.Read(Direct.add(ahead.sub(goal).mul(LearningRate * scale)));
        }
    }
}
