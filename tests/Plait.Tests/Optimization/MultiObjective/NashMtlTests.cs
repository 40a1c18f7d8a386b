using CsCheck;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Tests.Numerics;
using Plait.Torch;
using static TorchSharp.torch;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.MultiObjective;

[Collection("torch")]
public sealed class NashMtlTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 12],
        Gen.Int[1, 15],
        Gen.Int[0, int.MaxValue]
    );

    [Fact]
    public void Worked_example_of_two_conflicting_gradients() =>
        GoldenExample.AssertUpdate(new NashMtl(), [.591461, .407071], [0.076584, 0.998533, 0.998533]);

    [Fact]
    public void Every_task_gains_the_inverse_of_its_weight() =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));
            var weights = new NashMtl().Weigh(gramian, StepContexts.At());

            Assert.InRange(new NashMtl().Residual(new GramianView(gramian), weights), 0, 1e-10);
        });

    [Fact]
    public void Scaling_one_task_changes_nothing_of_the_update() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            double[][] scaled = [rows[0].Select(value => value * 1e9).ToArray(), .. rows[1..]];

            var update = Gramians.Combine(rows, new NashMtl().Weigh(Gramians.Of(rows), StepContexts.At()));
            var other = Gramians.Combine(scaled, new NashMtl().Weigh(Gramians.Of(scaled), StepContexts.At()));

            GoldenExample.Near(update, other, 1e-5);
        });

    [Fact]
    public void Exchanging_tasks_exchanges_their_weights() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            double[][] turned = [.. rows.Reverse()];

            var update = Gramians.Combine(rows, new NashMtl().Weigh(Gramians.Of(rows), StepContexts.At()));
            var other = Gramians.Combine(turned, new NashMtl().Weigh(Gramians.Of(turned), StepContexts.At()));

            GoldenExample.Near(update, other, 1e-5);
        });

    [Fact]
    public void Preference_is_the_share_of_the_product_of_weight_and_gain()
    {
        var gramian = Gramians.Of(GoldenExample.Rows);
        var weights = new NashMtl(preference: [3, 1]).Weigh(gramian, StepContexts.At());

        Assert.Equal(1.5, weights[0] * ((18 * weights[0]) - (22 * weights[1])), 12);
        Assert.Equal(0.5, weights[1] * ((38 * weights[1]) - (22 * weights[0])), 12);
    }

    [Fact]
    public void A_task_that_does_not_matter_has_no_weight() =>
        GoldenExample.Near(
            [Math.Sqrt(2) / Math.Sqrt(18), 0],
            new NashMtl(preference: [1, 0]).Weigh(Gramians.Of(GoldenExample.Rows), StepContexts.At()),
            1e-12
        );

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.01, 0.01)]
    [InlineData(10, 1.4142135623730951)]
    public void Update_is_no_longer_than_it_may_be(double most, double length)
    {
        var gramian = Gramians.Of(GoldenExample.Rows);
        var method = new NashMtl(maxNorm: most);
        var weights = method.Weigh(gramian, StepContexts.At());

        Assert.Equal(length, Gramians.Norm(Gramians.Combine(GoldenExample.Rows, weights)), 12);
        Assert.InRange(method.Residual(new GramianView(gramian), weights), 0, 1e-14);
    }

    [Fact]
    public void Residual_tells_wrong_weights_from_right_ones()
    {
        var gramian = new GramianView(Gramians.Of(GoldenExample.Rows));

        Assert.InRange(new NashMtl().Residual(gramian, [0.59, 0.41]), 1e-3, 1);
        Assert.InRange(new NashMtl().Residual(gramian, [0, 0]), 1e-3, 1);
    }

    [Fact]
    public void Weights_are_kept_between_updates_and_survive_a_checkpoint()
    {
        var tasks = StepContexts.Regressions(2);
        var method = new NashMtl(updateInterval: 2);
        method.Begin(2);
        var first = Aggregate(method, tasks, GoldenExample.Rows);
        var state = new StateDictionary();
        method.Save(state);
        var resumed = new NashMtl(updateInterval: 2);
        resumed.Begin(2);
        resumed.Load(state);
        double[][] other =
        [
            [1, 0, 0],
            [0, 2, 0],
        ];

        foreach (var each in new[] { method, resumed })
        {
            var second = Aggregate(each, tasks, other);
            var third = Aggregate(each, tasks, other);

            GoldenExample.Near([0.591461, 0.814142, 0], second, 2e-6); // the other gradients with the first weights
            GoldenExample.Near([1, 1, 0], third, 1e-12);
        }

        GoldenExample.Near([0.076584, 0.998533, 0.998533], first, 2e-5);
    }

    [Fact]
    public void Kept_weights_make_no_longer_update_than_may_be()
    {
        var tasks = StepContexts.Regressions(2);
        var method = new NashMtl(maxNorm: 0.5, updateInterval: 3);
        method.Begin(2);

        Assert.Equal(0.5, Gramians.Norm(Aggregate(method, tasks, GoldenExample.Rows)), 10);
        Assert.Equal(0.5, Gramians.Norm(Aggregate(method, tasks, GoldenExample.Rows)), 10);
    }

    [Theory]
    [InlineData("nash-mtl:max-norm=0", "max-norm")]
    [InlineData("nash-mtl:update-interval=0", "update-interval")]
    [InlineData("nash-mtl:preference=0/0", "preference")]
    [InlineData("nash-mtl:heads=all", "weighted")]
    public void Impossible_options_are_refused(string text, string named)
    {
        var fault = Assert.Throws<FormatException>(() => MethodCatalog.Create<GradientAggregator>(text));
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Heads_follow_the_weights_when_asked()
    {
        var (own, weighted) = (HeadGradient("nash-mtl"), HeadGradient("nash-mtl:heads=weighted"));

        Assert.NotEqual(own, weighted);
        var ratios = own.Zip(weighted, (a, b) => b / a).ToArray();
        Assert.All(ratios, ratio => Assert.InRange(ratio / ratios[0], 1 - 1e-4, 1 + 1e-4));
    }

    private static double[] HeadGradient(string text)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var network = SmallNetworks.Make("hard sharing");
        var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        var losses = SmallNetworks.Losses(network.Forward(batch, batch.Tasks), batch);
        TaskGradients.Of(losses, network).Apply(MethodCatalog.Create<GradientAggregator>(text));
        return [.. network.ParametersOf(0).SelectMany(parameter => parameter.grad!.flatten().data<double>().ToArray())];
    }

    private static double[] Aggregate(NashMtl method, Plait.Tasks.TaskSet tasks, double[][] rows)
    {
        using var scope = NewDisposeScope();
        using var gradients = TaskGradients.OfRows(
            tasks,
            tensor(rows.SelectMany(row => row).ToArray()).view(rows.Length, -1)
        );
        return method.Aggregate(gradients, StepContexts.At()).data<double>().ToArray();
    }
}
