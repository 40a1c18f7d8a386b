using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tests.Numerics;
using Plait.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Optimization;

/// <summary>The batches of a step, gone through several times, where forward passes draw by chance and move buffers.</summary>
[Collection("torch")]
public sealed class AccumulatedPassesTests
{
    private const int Parts = 3;
    private static readonly double[] Factors = [0.5, -1, 2];

    [Fact]
    public void Batches_that_are_gone_through_again_are_as_they_were_and_leave_what_once_would()
    {
        using var scope = torch.NewDisposeScope();
        var once = Start();
        var rows = Rows(once.Gradients.Rows);
        var between = torch.rand(1).item<float>(); // such as a method draws
        var (chance, buffers) = Left(once.Network);

        var often = Start(rowMemory: 1); // one round for each parameter, one for what is combined
        var losses = often.Gradients.Losses.Numbers.ToArray(); // and one before, without a graph
        Assert.Equal(between, torch.rand(1).item<float>());
        var gramian = often.Gradients.Gramian().Values.ToArray();
        var update = Numbers.Read(often.Gradients.Combine(Factors));

        AssertClose(once.Gradients.Losses.Numbers.ToArray(), losses);
        AssertClose(Gramians.Of(rows), gramian);
        AssertClose(Gramians.Combine(rows, Factors), update);
        Assert.Equal(chance, Left(often.Network).Chance);
        AssertClose(buffers, Left(often.Network).Buffers);
        once.Gradients.Dispose();
        often.Gradients.Dispose();
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void Weights_that_come_after_a_look_count_for_everything(bool isCut, bool withRows)
    {
        using var scope = torch.NewDisposeScope();
        double[] weights = [3, 0, 0.5];
        var plain = Start(isCut);
        var rows = Rows(plain.Gradients.Rows);
        var own = Own(plain.Network);
        var extra = Numbers.Read(Settled(plain).grad!)[0];

        var (network, gradients, learned) = Start(isCut, withRows ? long.MaxValue : 1);
        learned.grad = torch.full([1], 10.0, ScalarType.Float64); // by others, before
        var place = isCut ? GradientLocation.Representation : GradientLocation.Parameters;
        _ = gradients.Gramian(place);
        learned.grad = (learned.grad ?? torch.zeros([1], ScalarType.Float64)).add(100); // by others, since
        gradients.Weigh(weights);
        _ = gradients.Gramian(place);
        var update = Numbers.Read(gradients.Combine([1, 2, 3]));

        AssertClose(Gramians.Combine(rows, [3, 0, 1.5]), update);
        AssertClose(
            own.SelectMany((task, i) => task.Select(value => value * weights[i])),
            Own(network).SelectMany(one => one)
        );
        gradients.Dispose();
        var each = extra / 3; // each loss has the same term
        AssertClose([110 + (each * weights.Sum())], Numbers.Read(learned.grad!));
        gradients.Dispose();
        AssertClose([110 + (each * weights.Sum())], Numbers.Read(learned.grad!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_losses_are_the_sums_of_the_batches(bool afterRows)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using var network = SmallNetworks.Make("hard sharing");
        var learned = new Parameter(torch.ones(1, ScalarType.Float64));
        Part[] parts = [.. Enumerable.Range(0, Parts).Select(part => new Part(network, learned, part))];
        double[][] each =
        [
            .. parts.Select(part => part.Forward(withGraph: false, cut: false).Losses.Numbers.ToArray()),
        ];
        using var gradients = TaskGradients.OfParts(parts, network, cut: false, [learned], long.MaxValue);
        if (afterRows)
        {
            _ = gradients.Rows;
        }

        AssertClose(
            Enumerable.Range(0, 3).Select(task => each.Sum(losses => losses[task])),
            gradients.Losses.Numbers.ToArray()
        );
    }

    private static Parameter Settled((MultiTaskNetwork Network, GraphGradients Gradients, Parameter Learned) made)
    {
        made.Gradients.Dispose();
        return made.Learned;
    }

    private static (MultiTaskNetwork Network, GraphGradients Gradients, Parameter Learned) Start(
        bool isCut = false,
        long rowMemory = long.MaxValue
    )
    {
        torch.manual_seed(5);
        MultiTaskNetwork network = isCut
            ? new HardSharing(SmallNetworks.Tasks, new Mlp(5, [7, 4], dropout: 0.5))
            : new Chancy();
        network.to(ScalarType.Float64);
        var learned = new Parameter(torch.ones(1, ScalarType.Float64));
        var parts = Enumerable.Range(0, Parts).Select(part => new Part(network, learned, part)).ToArray();
        return (network, TaskGradients.OfParts(parts, network, isCut, [learned], rowMemory), learned);
    }

    private static double[][] Rows(Tensor rows) =>
        [.. Enumerable.Range(0, (int)rows.size(0)).Select(task => Numbers.Read(rows[task]))];

    private static double[][] Own(MultiTaskNetwork network) =>
        [
            .. Enumerable
                .Range(0, network.Tasks.Count)
                .Select(task => network.ParametersOf(task).SelectMany(one => Numbers.Read(one.grad!)).ToArray()),
        ];

    /// <summary>What comes next by chance, and the buffers.</summary>
    private static (double Chance, double[] Buffers) Left(MultiTaskNetwork network)
    {
        using var scope = torch.NewDisposeScope();
        var state = torch.get_rng_state();
        var next = torch.rand(1, ScalarType.Float64).item<double>();
        torch.set_rng_state(state);
        return (next, [.. network.buffers().SelectMany(buffer => Numbers.Read(buffer.to(ScalarType.Float64)))]);
    }

    private static void AssertClose(IEnumerable<double> expected, IEnumerable<double> found)
    {
        var (left, right) = (expected.ToArray(), found.ToArray());
        Assert.Equal(left.Length, right.Length);
        Assert.All(left.Zip(right), pair => Assert.InRange(pair.Second, pair.First - 1e-10, pair.First + 1e-10));
    }

    private sealed class Part(MultiTaskNetwork network, Parameter learned, int number) : IObjectivePart
    {
        public TaskSelection Tasks => SmallNetworks.Tasks.All;

        public IObjective Alone => throw new NotSupportedException("No part is looked at by itself here.");

        public (TaskLosses Losses, SharedRepresentation? Cut) Forward(bool withGraph, bool cut)
        {
            using var mode = torch.set_grad_enabled(withGraph);
            var batch = SmallNetworks.Batch(Tasks, shared: true, seed: number + 1);
            var outputs = network.Forward(batch, Tasks, cut);
            var plain = SmallNetworks.Losses(outputs, batch);
            var losses = plain.Scalars.Select(loss => loss.add(learned.square().sum()));
            return (new TaskLosses(Tasks, losses), outputs.Representation);
        }
    }

    private sealed class Chancy : MultiTaskNetwork
    {
        private readonly Linear first = Linear(5, 7);
        private readonly BatchNorm1d norm = BatchNorm1d(7);
        private readonly Dropout dropout = Dropout();
        private readonly Linear last = Linear(7, 4);
        private readonly ModuleList<Linear> heads = new(
            SmallNetworks.Tasks.Select(task => Linear(4, task.Output.Channels)).ToArray()
        );

        public Chancy()
            : base(SmallNetworks.Tasks, nameof(Chancy)) => RegisterComponents();

        public override IEnumerable<Parameter> SharedParameters =>
            first.parameters().Concat(norm.parameters()).Concat(last.parameters());

        public override IEnumerable<Parameter> ParametersOf(int task) => heads[task].parameters();

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs)
        {
            var features = last.call(dropout.call(torch.tanh(norm.call(first.call(input.Values)))));
            foreach (var task in tasks.Indices)
            {
                outputs[task] = heads[task].call(features);
            }
        }
    }
}
