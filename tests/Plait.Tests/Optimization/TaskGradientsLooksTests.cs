using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.MultiObjective;
using Plait.Tasks;
using Plait.Tests.Numerics;
using Plait.Torch;
using TorchSharp.Modules;

namespace Plait.Tests.Optimization;

/// <summary>Looks at gradients that leave the rest to be had: under a limit of memory, at other places, before losses are weighed.</summary>
[Collection("torch")]
public sealed class TaskGradientsLooksTests
{
    private bool cuts; // whether the passes of this test are cut

    [Theory]
    [InlineData("hard sharing", 1)]
    [InlineData("hard sharing, cut", 1)]
    [InlineData("uneven", 1)]
    [InlineData("hard sharing", 300)]
    [InlineData("hard sharing", 900)]
    [InlineData("hard sharing, cut", 900)]
    [InlineData("forked, cut", 1)]
    [InlineData("forked, half frozen, cut", 100)]
    public void A_lean_gramian_is_the_gramian_and_leaves_one_combination(string make, long memory)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make);
        var rows = SmallNetworks.OwnGradients(network, batch, _ => network.SharedParameters);
        var own = SmallNetworks.OwnGradients(network, batch, network.ParametersOf);

        using var gradients = Forward(network, batch, memory);
        AssertClose(Gramians.Of(rows), gradients.Gramian().Values.ToArray());
        AssertClose(Gramians.Combine(rows, [0.5, -1, 2]), Numbers.Read(gradients.Combine([0.5, -1, 2])));
        for (var task = 0; task < 3; task++)
        {
            AssertClose(own[task], network.ParametersOf(task).SelectMany(one => Numbers.Read(one.grad!)));
        }
    }

    [Theory]
    [InlineData("hard sharing")]
    [InlineData("hard sharing, cut")]
    [InlineData("uneven")]
    [InlineData("forked, cut")]
    [InlineData("forked, half frozen, cut")]
    public void A_lean_method_makes_the_same_update(string make)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make);
        var storage = network.Storage;
        Forward(network, batch).Apply(new Mgda());
        var expected = Numbers.Read(storage.Gradients);

        Forward(network, batch, rowMemory: 1).Apply(new Mgda());

        AssertClose(expected, Numbers.Read(storage.Gradients));
    }

    [Theory]
    [InlineData("hard sharing", 7)]
    [InlineData("hard sharing, cut", 7)]
    [InlineData("uneven", 4)]
    public void The_last_shared_layer_is_the_last_part_of_the_rows_that_is_no_vector(string make, long inputs)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make);
        Assert.Equal([4, inputs], Assert.Single(network.LastSharedLayer).shape); // its bias, the last of all, is a vector
        var rows = SmallNetworks.OwnGradients(network, batch, _ => [network.SharedParameters.ToArray()[^2]]);

        using var gradients = Forward(network, batch);

        AssertClose(rows.SelectMany(row => row), Numbers.Read(gradients.RowsAt(GradientLocation.LastSharedLayer)));
        AssertClose(Gramians.Of(rows), gradients.Gramian(GradientLocation.LastSharedLayer).Values.ToArray());
        Assert.Equal(3, gradients.Rows.size(0)); // and the whole rows are still to be had
    }

    [Theory]
    [InlineData("hard sharing", true)]
    [InlineData("hard sharing, cut", true)]
    [InlineData("hard sharing", false)]
    [InlineData("hard sharing, cut", false)]
    public void Weights_that_come_after_a_look_count_for_everything(string make, bool withRows)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make);
        var rows = SmallNetworks.OwnGradients(network, batch, _ => network.SharedParameters);
        var own = SmallNetworks.OwnGradients(network, batch, network.ParametersOf);
        double[] weights = [3, 0, 0.5];

        var gradients = Unweighed(network, batch);
        _ = gradients.Gramian(withRows ? GradientLocation.Parameters : GradientLocation.LastSharedLayer);
        gradients.Weigh(weights);
        var update = Numbers.Read(gradients.Combine([1, 2, 3]));

        AssertClose(Gramians.Combine(rows, [3, 0, 1.5]), update);
        for (var task = 0; task < 3; task++)
        {
            AssertClose(
                own[task].Select(value => value * weights[task]),
                network.ParametersOf(task).SelectMany(one => Numbers.Read(one.grad!))
            );
        }

        gradients.Dispose();
    }

    [Theory]
    [InlineData("hard sharing, cut")]
    [InlineData("forked, cut")]
    [InlineData("forked, half frozen, cut")]
    public void A_gradient_by_the_representation_goes_back_through_the_trunk(string make)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make);
        var rows = SmallNetworks.OwnGradients(network, batch, _ => network.SharedParameters);

        using var gradients = Forward(network, batch);
        using var atRepresentation = gradients.RowsAt(GradientLocation.Representation);
        var update = gradients.Backpropagate(atRepresentation.sum(0L));

        AssertClose(Gramians.Combine(rows, [1, 1, 1]), Numbers.Read(update));
    }

    [Theory]
    [InlineData("hard sharing, cut", true)]
    [InlineData("hard sharing, cut", false)]
    [InlineData("forked, cut", true)]
    [InlineData("forked, cut", false)]
    [InlineData("forked, half frozen, cut", true)]
    [InlineData("forked, half frozen, cut", false)]
    public void After_a_look_at_the_representation_and_without_any_the_way_back_is_the_same(
        string make,
        bool looksFirst
    )
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make);
        var rows = SmallNetworks.OwnGradients(network, batch, _ => network.SharedParameters);
        var own = SmallNetworks.OwnGradients(network, batch, network.ParametersOf);
        var there = Forward(network, batch)
            .RowsAt(GradientLocation.Representation)
            .t()
            .mv(torch.tensor([0.5, -1, 2], ScalarType.Float64));

        using var gradients = Forward(network, batch);
        if (looksFirst)
        {
            _ = gradients.RowsAt(GradientLocation.Representation);
        }

        var update = looksFirst ? gradients.Combine([0.5, -1, 2]) : gradients.Backpropagate(there);

        AssertClose(Gramians.Combine(rows, [0.5, -1, 2]), Numbers.Read(update));
        for (var task = 0; task < 3; task++)
        {
            AssertClose(own[task], network.ParametersOf(task).SelectMany(one => Numbers.Read(one.grad!)));
        }
    }

    [Theory]
    [InlineData("forked, cut")]
    [InlineData("forked, half frozen, cut")]
    public void A_combination_and_rows_count_every_tensor_of_the_representation(string make)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make);
        var rows = SmallNetworks.OwnGradients(network, batch, _ => network.SharedParameters);

        using var combined = Forward(network, batch);
        using var whole = Forward(network, batch);

        AssertClose(Gramians.Combine(rows, [0.5, -1, 2]), Numbers.Read(combined.Combine([0.5, -1, 2])));
        AssertClose(rows.SelectMany(row => row), Numbers.Read(whole.Rows));
    }

    [Fact]
    public void What_was_seen_of_inner_products_is_weighed_with_the_losses()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start("hard sharing");
        var rows = SmallNetworks.OwnGradients(network, batch, _ => network.SharedParameters);
        double[] weights = [3, 0, 0.5];
        double[][] weighed = [.. rows.Select((row, task) => row.Select(value => value * weights[task]).ToArray())];

        using var gradients = Unweighed(network, batch);
        AssertClose(Gramians.Of(rows), gradients.Gramian().Values.ToArray());
        gradients.Weigh(weights);

        AssertClose(Gramians.Of(weighed), gradients.Gramian().Values.ToArray());
    }

    [Fact]
    public void Private_gradients_can_be_scaled_by_task()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start("hard sharing");
        var own = SmallNetworks.OwnGradients(network, batch, network.ParametersOf);

        using var gradients = Forward(network, batch);
        gradients.Combine([1, 1, 1]);
        gradients.ScalePrivate([1, 1.5, 2]);
        gradients.ScalePrivate([2, 2, 2]); // by another part of the step

        for (var task = 0; task < 3; task++)
        {
            AssertClose(
                own[task].Select(value => value * (2 + task)),
                network.ParametersOf(task).SelectMany(one => Numbers.Read(one.grad!))
            );
        }
    }

    [Theory]
    [InlineData("hard sharing")]
    [InlineData("hard sharing, cut")]
    public void What_the_losses_learn_beside_the_network_has_its_gradient_once(string make)
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start(make);
        var extra = new Parameter(torch.ones(1, ScalarType.Float64));
        var storage = FlatParameters.Of([extra]);
        GradientAggregator[] aggregators = [new Sum(), new PCGrad(), new Mgda()];
        foreach (var aggregator in aggregators)
        {
            storage.ZeroGradients();
            var outputs = network.Forward(batch, batch.Tasks, cuts);
            var plain = SmallNetworks.Losses(outputs, batch);
            var losses = new TaskLosses(batch.Tasks, plain.Scalars.Select(loss => loss.add(extra.square().sum())));
            TaskGradients.Of(losses, network, outputs, losses.Values.mul(2), alsoLearned: [extra]).Apply(aggregator);

            Assert.Equal(2 * 3 * 2.0, Numbers.Read(extra.grad!)[0], 1e-12);
        }
    }

    [Fact]
    public void Rows_of_another_batch_leave_this_one_as_it_is()
    {
        using var scope = torch.NewDisposeScope();
        var (network, batch) = Start("hard sharing");
        var other = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true, seed: 2);
        var expected = SmallNetworks.OwnGradients(network, other, _ => network.SharedParameters);
        var own = SmallNetworks.OwnGradients(network, batch, network.ParametersOf);

        var outputs = network.Forward(batch, batch.Tasks);
        using var gradients = TaskGradients.Of(
            SmallNetworks.Losses(outputs, batch),
            network,
            outputs,
            another: _ => Unweighed(network, other).HandOverRows()
        );
        var found = Numbers.Read(gradients.RowsOfAnotherBatch());

        AssertClose(expected.SelectMany(row => row), found);
        for (var task = 0; task < 3; task++)
        {
            AssertClose(own[task], network.ParametersOf(task).SelectMany(one => Numbers.Read(one.grad!)));
        }
    }

    [Fact]
    public void Given_rows_have_a_gramian_and_combinations_and_no_other_place()
    {
        using var gradients = TaskGradients.OfRows(
            StepContexts.Regressions(2),
            torch.tensor(
                new double[,]
                {
                    { -4, 1, 1 },
                    { 6, 1, 1 },
                }
            )
        );

        Assert.Equal([18, -22, -22, 38], gradients.Gramian().Values.ToArray());
        using var combined = gradients.Combine([0.5, 0.5]);
        Assert.Equal([1, 1, 1], Numbers.Read(combined));
        Assert.Equal([0.5, 0.5], gradients.Factors.ToArray());
        Assert.Throws<InvalidOperationException>(() => gradients.Gramian(GradientLocation.Representation));
        Assert.Throws<InvalidOperationException>(() => gradients.Apply(new Sum()));
        Assert.Throws<InvalidOperationException>(() => gradients.Losses);
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    [InlineData(1e-25)]
    [InlineData(1e22)]
    public void A_gramian_of_single_precision_rows_is_right_at_any_scale(double scale)
    {
        double[,] rows =
        {
            { 1, -2, 0.5 },
            { 3, 1, -1 },
        };
        using var scope = torch.NewDisposeScope();
        using var gradients = TaskGradients.OfRows(
            StepContexts.Regressions(2),
            torch.tensor(rows).mul(scale).to(ScalarType.Float32)
        );

        double[] expected = [5.25, 0.5, 0.5, 11];

        AssertClose(expected, gradients.Gramian().Values.ToArray().Select(value => value / scale / scale), 1e-5);
    }

    private (MultiTaskNetwork Network, MultiTaskBatch Batch) Start(string make)
    {
        torch.manual_seed(5);
        cuts = SmallNetworks.IsCut(make);
        return (SmallNetworks.Make(make), SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true));
    }

    private GraphGradients Unweighed(MultiTaskNetwork network, MultiTaskBatch batch)
    {
        var outputs = network.Forward(batch, batch.Tasks, cuts);
        var losses = SmallNetworks.Losses(outputs, batch);
        return TaskGradients.OfGraph(losses, network, outputs.Representation, [], long.MaxValue);
    }

    private TaskGradients Forward(MultiTaskNetwork network, MultiTaskBatch batch, long rowMemory = long.MaxValue)
    {
        var outputs = network.Forward(batch, batch.Tasks, cuts);
        return TaskGradients.Of(SmallNetworks.Losses(outputs, batch), network, outputs, rowMemory: rowMemory);
    }

    private static void AssertClose(IEnumerable<double> expected, IEnumerable<double> found, double tolerance = 1e-12)
    {
        var (left, right) = (expected.ToArray(), found.ToArray());
        Assert.Equal(left.Length, right.Length);
        Assert.All(
            left.Zip(right),
            pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance)
        );
    }
}
