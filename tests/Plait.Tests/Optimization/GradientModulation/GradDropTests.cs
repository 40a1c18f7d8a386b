using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tests.Numerics;
using static Plait.Tests.Optimization.GivenRows;

namespace Plait.Tests.Optimization.GradientModulation;

[Collection("torch")]
public sealed class GradDropTests
{
    [Fact]
    public void Worked_example_draws_a_sign_as_often_as_its_purity()
    {
        const int Draws = 2000;
        var positive = 0;
        for (var step = 0; step < Draws; step++)
        {
            var update = new GradDrop().Update(Golden, step);
            Assert.True(
                update.SequenceEqual([6.0, 2, 2]) || update.SequenceEqual([-4.0, 2, 2]),
                string.Join(" ", update)
            );
            positive += update[0] > 0 ? 1 : 0;
        }

        Assert.InRange((double)positive / Draws, 0.6 - 0.045, 0.6 + 0.045); // four standard deviations
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    public void The_scale_of_the_gradients_changes_no_draw(double scale) =>
        Assert.All(
            Enumerable.Range(0, 20),
            step =>
                Close.Equal(
                    new GradDrop().Update(Golden, step),
                    new GradDrop().Update(Golden, step, scale).Select(value => value / scale),
                    1e-12 // rounding of 6 by the scale and back
                )
        );

    [Fact]
    public void A_leak_lets_its_share_of_what_is_dropped_through()
    {
        Assert.Equal([2, 2, 2], new GradDrop(leak: [1]).Update(Golden));
        var updates = Enumerable.Range(0, 40).Select(step => new GradDrop(leak: [0.5, 0]).Update(Golden, step)[0]);
        Assert.Equal([-4, 4], updates.Distinct().Order()); // half of -4 leaks beside 6; nothing of 6 beside -4
    }

    [Fact]
    public void Numbers_that_no_task_moves_stay() =>
        Assert.Equal(
            [0, 1],
            new GradDrop().Update([
                [0, 1],
                [0, 0],
            ])
        );

    [Fact]
    public void At_the_representation_all_rows_of_a_feature_follow_one_draw_of_the_rows_votes()
    {
        using var scope = torch.NewDisposeScope();
        var network = SmallNetworks.Make("hard sharing, cut");
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: true);
        var outputs = network.Forward(batch, batch.Tasks, cut: true);
        using var gradients = TaskGradients.Of(SmallNetworks.Losses(outputs, batch), network, outputs);
        var values = outputs.Representation!.Values[0]; // [rows, features]
        var own = gradients.RowsAt(GradientLocation.Representation).view(3, values.size(0), values.size(1));
        var votes = own.mul(values.detach().sign()).sum(dim: 1L);

        var step = StepContexts.At(step: 3, tasks: 3);
        var found = new GradDrop().Aggregate(gradients, step).clone();

        // Every feature is either the positive voters' or the negative ones': one of 2^features updates.
        var features = (int)values.size(1);
        var updates = Enumerable
            .Range(0, 1 << features)
            .Select(choice =>
            {
                long[] signs = [.. Enumerable.Range(0, features).Select(f => (choice >> f & 1) == 1 ? 1L : -1L)];
                var passing = votes.mul(torch.tensor(signs)).gt(0).to(own.dtype).unsqueeze(1);
                var mixed = own.mul(passing).sum(dim: 0L);
                using var again = Forward(network, batch);
                return Difference(found, again.Backpropagate(mixed.flatten()));
            });
        Assert.True(updates.Min() < 1e-12);
    }

    [Fact]
    public void At_the_parameters_a_run_of_a_network_draws_for_each_of_them()
    {
        using var scope = torch.NewDisposeScope();
        var network = SmallNetworks.Make("uneven");
        using var batch = SmallNetworks.Batch(SmallNetworks.Tasks.All, shared: false);
        using var gradients = Forward(network, batch);
        var rows = gradients.Rows;

        var update = new GradDrop(GradientLocation.Parameters).Aggregate(gradients, StepContexts.At(tasks: 3));

        var positive = rows.clamp_min(0).sum(dim: 0L);
        var negative = rows.clamp_max(0).sum(dim: 0L);
        var nearest = torch.minimum(update.sub(positive).abs(), update.sub(negative).abs());
        Assert.InRange(nearest.max().ToDouble(), 0, 1e-12);
        Assert.True(Difference(update, rows.sum(dim: 0L)) > 1e-3);
    }

    [Fact]
    public void A_place_that_is_left_open_is_the_representation_where_there_is_one()
    {
        using var uneven = SmallNetworks.Make("uneven");
        using var other = SmallNetworks.Make("hard sharing");
        var method = new GradDrop();

        Assert.Equal(GradientLocation.Parameters, method.LocationIn(uneven, sharesInput: true));
        Assert.Equal(GradientLocation.Representation, method.LocationIn(other, sharesInput: true));
        Assert.Equal(GradientLocation.Parameters, method.LocationIn(other, sharesInput: false));
        Assert.Equal(
            GradientLocation.Parameters,
            new GradDrop(GradientLocation.Parameters).LocationIn(other, sharesInput: true)
        );
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_named()
    {
        var failure = Assert.Throws<NonFiniteException>(() =>
            new GradDrop().Update([
                [1, 2],
                [double.NaN, 0],
            ])
        );
        Assert.Contains("task 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaks_out_of_range_or_of_another_number_of_tasks_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new GradDrop(leak: [1.5]));
        Assert.Throws<ArgumentException>(() => new GradDrop(leak: [0.1, 0.2]).Begin(3));
    }

    private static TaskGradients Forward(Plait.Networks.MultiTaskNetwork network, Plait.Data.MultiTaskBatch batch)
    {
        var outputs = network.Forward(batch, batch.Tasks, cut: true);
        return TaskGradients.Of(SmallNetworks.Losses(outputs, batch), network, outputs);
    }

    private static double Difference(Tensor a, Tensor b) => a.sub(b).abs().max().ToDouble();
}
