using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.MultiObjective;
using Plait.Tasks;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Tests.Optimization;

[Collection("torch")]
public sealed class MultiTaskBackwardTests
{
    [Theory]
    [InlineData("pcgrad", false)]
    [InlineData("pcgrad", true)]
    [InlineData("epo", true)] // chooses between the tasks as wholes: their own parameters follow its weights
    [InlineData("pareto-mtl", false)]
    [InlineData("nash-mtl:heads=weighted", true)]
    public void Fills_the_gradients_as_task_gradients_of_a_network_do(string method, bool weighted)
    {
        using var scope = torch.NewDisposeScope();
        double[][] gradients =
        [
            .. new[] { true, false }.Select(plain =>
            {
                torch.manual_seed(3);
                var network = SmallNetworks.Make("hard sharing");
                var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
                var losses = SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch);
                var objective = weighted ? losses.Values.log() : null;
                var aggregator = MethodCatalog.Create<GradientAggregator>(method);
                aggregator.Begin(SmallNetworks.Tasks.Count);
                if (plain)
                {
                    losses.Backward(network.SharedParameters, aggregator, objective: objective);
                }
                else
                {
                    TaskGradients.Of(losses, network, objective: objective).Apply(aggregator);
                }

                return network.parameters().SelectMany(parameter => Numbers.Read(parameter.grad!)).ToArray();
            }),
        ];

        Assert.Contains(gradients[0], value => value != 0);
        Assert.All(gradients[0].Zip(gradients[1]), pair => Assert.Equal(pair.First, pair.Second, 12));
    }

    [Theory]
    [InlineData("sum")]
    [InlineData("pcgrad")]
    [InlineData("mgda")]
    public void A_frozen_trunk_leaves_the_tasks_their_own_gradients(string method)
    {
        using var scope = torch.NewDisposeScope();
        var (frozen, own, other) = (Scalar(2), Scalar(3), Scalar(5));
        frozen.requires_grad = false;
        var aggregator = MethodCatalog.Create<GradientAggregator>(method);
        aggregator.Begin(2);

        TaskLosses
            .Of(StepContexts.Regressions(2), frozen.mul(own).square().sum(), frozen.mul(other).square().sum())
            .Backward([frozen], aggregator);

        Assert.Null(frozen.grad);
        Assert.Equal(2 * 2 * 2 * 3, own.grad!.item<double>());
        Assert.Equal(2 * 2 * 2 * 5, other.grad!.item<double>());
    }

    [Fact]
    public void Factors_of_private_parameters_multiply()
    {
        using var scope = torch.NewDisposeScope();
        using var gradients = new GivenGradients(
            StepContexts.Regressions(2).All,
            torch.ones([2, 3], ScalarType.Float64),
            losses: null,
            another: null
        );

        gradients.ScalePrivate([2, 3]);
        gradients.ScalePrivate([0.5, 2]);

        Assert.Equal([1, 6], gradients.PrivateFactors);
    }

    [Fact]
    public void A_parameter_that_a_task_does_not_touch_counts_as_zero_for_it()
    {
        using var scope = torch.NewDisposeScope();
        var (first, second) = (Scalar(2), Scalar(3));
        var tasks = StepContexts.Regressions(2);

        TaskLosses.Of(tasks, first.mul(4).sum(), first.mul(second).sum()).Backward([first, second], new Sum());

        Assert.Equal(4 + 3, first.grad!.item<double>());
        Assert.Equal(2, second.grad!.item<double>());
    }

    [Fact]
    public void Some_of_the_tasks_keep_their_places_in_the_set()
    {
        using var scope = torch.NewDisposeScope();
        var shared = Scalar(2);
        var probe = new Probe();

        new TaskLosses(StepContexts.Regressions(3).Select(0, 2), shared.mul(4).sum(), shared.mul(5).sum()).Backward(
            [shared],
            probe
        );

        Assert.Equal([0, 2], probe.Places);
        Assert.Equal(5, shared.grad!.item<double>());
    }

    [Fact]
    public void Refuses_a_gradient_that_is_not_finite_by_the_name_of_its_task()
    {
        using var scope = torch.NewDisposeScope();
        var shared = Scalar(0);

        var failure = Assert.Throws<NonFiniteException>(() =>
            TaskLosses
                .Of(StepContexts.Regressions(2), shared.mul(4).sum(), shared.sqrt().sum())
                .Backward([shared], new Mgda())
        );

        Assert.Equal("task 1", failure.Task);
    }

    [Fact]
    public void Leaves_nothing_behind()
    {
        using var shared = Scalar(2);
        using (torch.NewDisposeScope())
        {
            TaskLosses
                .Of(StepContexts.Regressions(2), shared.mul(4).sum(), shared.neg().sum())
                .Backward([shared], new Mgda());
        }

        var before = torch.Tensor.TotalCount;
        for (var step = 0; step < 5; step++)
        {
            using var scope = torch.NewDisposeScope();
            var losses = TaskLosses.Of(StepContexts.Regressions(2), shared.mul(4).sum(), shared.neg().sum());
            losses.Backward([shared], new Mgda());
        }

        Assert.InRange(torch.Tensor.TotalCount - before, long.MinValue, 1);
    }

    private static Parameter Scalar(double value) =>
        new(torch.tensor([value], ScalarType.Float64).DetachFromDisposeScope());

    private sealed class Probe : GramianAggregator
    {
        public int[] Places { get; private set; } = [];

        protected internal override void Weigh(GramianView gramian, Span<double> weights, StepContext step)
        {
            Places = gramian.Tasks.ToArray();
            weights[^1] = 1;
        }
    }
}
