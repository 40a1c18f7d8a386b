using Plait.Tasks;
using Plait.Tasks.Losses;

namespace Plait.Tests.Tasks.Losses;

public sealed class DenseLossTests
{
    [Fact]
    public void BerHu_is_absolute_below_a_fifth_of_the_largest_error_and_squared_above()
    {
        using var scope = torch.NewDisposeScope();
        // The largest error is 5, so the border is 1: 0.5, then (9 + 1) / 2 and (25 + 1) / 2.
        var (output, target) = (Map(0.5, -3, 5), Map(0, 0, 0));

        Assert.Equal((0.5 + 5 + 13) / 3, Value(new BerHu(), output, TaskTarget.Of(target)), 1e-12);
        // At a border of 5 all is absolute.
        Assert.Equal((0.5 + 3 + 5) / 3, Value(new BerHu(1), output, TaskTarget.Of(target)), 1e-12);
        Assert.Equal(0, Value(new BerHu(), target, TaskTarget.Of(target)));
    }

    [Fact]
    public void BerHu_takes_its_border_from_present_pixels_only()
    {
        using var scope = torch.NewDisposeScope();
        var target = TaskTarget.FromRaw(Map(0, 0, 0, double.NaN));

        Assert.Equal((0.5 + 5 + 13) / 3, Value(new BerHu(), Map(0.5, -3, 5, 1000), target), 1e-12);
    }

    [Fact]
    public void BerHu_takes_the_border_for_a_constant_in_its_gradient()
    {
        using var scope = torch.NewDisposeScope();
        using var output = Map(0.5, -3, 5, 7, 0).requires_grad_();
        new BerHu().Compute(output, TaskTarget.FromRaw(Map(0, 0, 0, double.NaN, 0))).backward();

        // Slopes 1, e / c and e / c over 4 pixels; none where a target is missing or met.
        Assert.Equal([0.25, -0.75, 1.25, 0, 0], output.grad!.data<double>().ToArray());
    }

    [Fact]
    public void BerHu_of_exact_outputs_has_no_gradient()
    {
        using var scope = torch.NewDisposeScope();
        using var output = Map(1, 2).requires_grad_();
        new BerHu().Compute(output, TaskTarget.Of(Map(1, 2))).backward();

        Assert.Equal([0, 0], output.grad!.data<double>().ToArray());
    }

    [Fact]
    public void Balanced_cross_entropy_weighs_both_classes()
    {
        using var scope = torch.NewDisposeScope();
        var output = Map(1, -2, 0.5);
        var (positive, first, second) = (Softplus(-1), Softplus(-2), Softplus(0.5));

        var expected = ((0.95 * positive) + (0.05 * (first + second))) / 3;
        Assert.Equal(expected, Value(new BalancedCrossEntropy(0.95), output, TaskTarget.Of(Map(1, 0, 0))), 1e-12);
        // One positive of three: it weighs 2/3, a negative 1/3.
        expected = ((2 * positive) + first + second) / 9;
        Assert.Equal(expected, Value(new BalancedCrossEntropy(), output, TaskTarget.Of(Map(1, 0, 0))), 1e-12);
    }

    [Fact]
    public void Balance_of_a_batch_is_that_of_its_present_pixels()
    {
        using var scope = torch.NewDisposeScope();
        var missing = TaskTarget.FromRaw(Map(1, 0, 0, 1, double.NaN), mask: null);
        var marked = TaskTarget.FromRaw(Map(1, 0, 0, 1, 1), Map(1, 1, 1, 1, 0));

        foreach (var target in new[] { missing, marked })
        {
            Assert.Equal(
                Value(new BalancedCrossEntropy(), Map(1, -2, 0.5, 3), TaskTarget.Of(Map(1, 0, 0, 1))),
                Value(new BalancedCrossEntropy(), Map(1, -2, 0.5, 3, 9), target),
                1e-12
            );
        }
    }

    [Fact]
    public void A_batch_of_one_class_alone_costs_nothing_when_it_balances_itself()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Equal(0, Value(new BalancedCrossEntropy(), Map(1, 2), TaskTarget.Of(Map(1, 1))));
        Assert.Equal(0, Value(new BalancedCrossEntropy(), Map(1, 2), TaskTarget.Of(Map(0, 0))));
    }

    [Fact]
    public void Cosine_distance_is_blind_to_length()
    {
        using var scope = torch.NewDisposeScope();
        // Right angle, opposite, equal: 1 + 2 + 0; the fourth has no direction and the fifth lacks a number.
        var target = TaskTarget.FromRaw(Normals([1, 0, 0], [0, 2, 0], [0, 0, 1], [0, 0, 0], [1, double.NaN, 0]));
        var output = Normals([0, 3, 0], [0, -1, 0], [0, 0, 5], [1, 2, 3], [-1, 0, 0]);

        Assert.Equal(1, Value(new CosineDistance(), output, target), 1e-12);
        Assert.Equal(1, Value(new CosineDistance(), output.mul(7), target), 1e-12);
    }

    [Fact]
    public void Cosine_distance_has_no_gradient_where_a_pixel_is_missing()
    {
        using var scope = torch.NewDisposeScope();
        using var output = Normals([1, 2, 3], [3, 2, 1], [1, 1, 1]).requires_grad_();
        var target = TaskTarget.FromRaw(Normals([0, 1, 0], [1, double.NaN, 0], [0, 0, 0]));
        new CosineDistance().Compute(output, target).backward();

        Assert.Equal(0, output.grad!.narrow(0, 1, 2).count_nonzero().item<long>());
        Assert.Equal(3, output.grad!.narrow(0, 0, 1).count_nonzero().item<long>());
    }

    [Fact]
    public void An_output_without_length_learns_the_targets_direction()
    {
        using var scope = torch.NewDisposeScope();
        using var output = Normals([0, 0, 0]).requires_grad_();
        var loss = new CosineDistance().Compute(output, TaskTarget.Of(Normals([0, 0, 2])));
        loss.backward();

        Assert.Equal(1, loss.item<double>());
        Assert.Equal([0, 0, -1], output.grad!.data<double>().ToArray());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 0.5)]
    [InlineData(1, 0)]
    public void A_wrong_scale_costs_its_logarithm_squared_less_what_is_forgiven(double forgiven, double share)
    {
        using var scope = torch.NewDisposeScope();
        var target = Rows([1, 2, 4], [3, 5, 0.5]);

        Assert.Equal(
            share * Math.Log(3) * Math.Log(3),
            Value(new ScaleInvariantLog(forgiven), target.mul(3), TaskTarget.Of(target)),
            1e-12
        );
    }

    [Fact]
    public void Scale_invariant_loss_is_that_of_each_image_by_its_present_pixels()
    {
        using var scope = torch.NewDisposeScope();
        var (e, e2) = (Math.E, Math.E * Math.E);
        var target = TaskTarget.FromRaw(Rows([1, 1, double.NaN], [1, 1, 1]));
        var output = Rows([e, e2, 100], [1, e, 1]);

        // Differences 1, 2 and 0, 1, 0: (1 + 4 - 9 / 4) + (1 - 1 / 6), over 5 pixels.
        Assert.Equal((2.75 + (5.0 / 6)) / 5, Value(new ScaleInvariantLog(), output, target), 1e-12);
    }

    [Fact]
    public void Depths_without_a_logarithm_still_learn()
    {
        using var scope = torch.NewDisposeScope();
        using var output = Rows([-2, 0, 0.1]).requires_grad_();
        var loss = new ScaleInvariantLog(forgiven: 0, least: 0.1).Compute(output, TaskTarget.Of(Rows([0.1, 0.1, 0.1])));
        loss.backward();

        Assert.Equal(((21.0 * 21) + 1) / 3, loss.item<double>(), 1e-9);
        Assert.Equal(
            [2 * -21 * 10 / 3.0, 2 * -1 * 10 / 3.0, 0],
            output.grad!.data<double>().ToArray(),
            (a, b) => Math.Abs(a - b) < 1e-9
        );
    }

    [Fact]
    public void Misfits_are_named()
    {
        using var scope = torch.NewDisposeScope();
        var map = TaskTarget.Of(torch.ones(2, 1, 4, 5));

        Refuses("[2, 3, 4, 5]", () => new CosineDistance().Compute(torch.ones(2, 3, 4, 5), map));
        Refuses("[2, 1, 4, 4]", () => new BerHu().Compute(torch.ones(2, 1, 4, 4), map));
        Refuses("[2, 1, 4, 4]", () => new BalancedCrossEntropy().Compute(torch.ones(2, 1, 4, 4), map));
        Refuses("[2, 1, 4, 4]", () => new ScaleInvariantLog().Compute(torch.ones(2, 1, 4, 4), map));
        Refuses("0.95", () => new BalancedCrossEntropy(1));
        Refuses("share", () => new BerHu(0));
        Refuses("forgiven", () => new ScaleInvariantLog(2));
        Refuses("above 0", () => new ScaleInvariantLog(least: 0));
    }

    private static double Softplus(double x) => Math.Log(1 + Math.Exp(x));

    private static Tensor Map(params double[] numbers) => torch.tensor(numbers).view(1, 1, 1, numbers.Length);

    private static Tensor Rows(params double[][] images) =>
        torch.stack([.. images.Select(image => torch.tensor(image).view(1, 1, image.Length))]);

    private static Tensor Normals(params double[][] vectors) =>
        torch.stack([.. vectors.Select(vector => torch.tensor(vector).view(3, 1, 1))]);

    private static double Value(TaskLoss loss, Tensor output, TaskTarget target) =>
        loss.Compute(output, target).item<double>();

    private static void Refuses(string part, Func<object> action) =>
        Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
}
