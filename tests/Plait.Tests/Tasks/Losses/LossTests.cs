using Plait.Tasks;
using Plait.Tasks.Losses;

namespace Plait.Tests.Tasks.Losses;

public sealed class LossTests
{
    private static readonly double[] Errors = [0.5, -2, 3];

    [Fact]
    public void Losses_of_numbers_have_their_textbook_values()
    {
        Assert.Equal((0.25 + 4 + 9) / 3, OfErrors(new SquaredError()), 1e-12);
        Assert.Equal(5.5 / 3, OfErrors(new AbsoluteError()), 1e-12);
        Assert.Equal((0.125 + 1.5 + 2.5) / 3, OfErrors(new Huber()), 1e-12);
        Assert.Equal((0.125 + 2 + 4) / 3, OfErrors(new Huber(2)), 1e-12);
    }

    [Fact]
    public void Binary_cross_entropy_weighs_positives()
    {
        using var scope = torch.NewDisposeScope();
        var output = torch.tensor(new[] { 1.0, -2 }).view(2, 1);
        var target = TaskTarget.Of(torch.tensor(new[] { 1.0, 0 }));
        var (positive, negative) = (Math.Log(1 + Math.Exp(-1)), Math.Log(1 + Math.Exp(-2)));

        Assert.Equal((positive + negative) / 2, Value(new BinaryCrossEntropy(), output, target), 1e-12);
        Assert.Equal(((4 * positive) + negative) / 2, Value(new BinaryCrossEntropy(4), output, target), 1e-6);
    }

    [Fact]
    public void Cross_entropy_divides_by_the_weights_of_the_targets_it_counts()
    {
        using var scope = torch.NewDisposeScope();
        var output = torch.tensor(
            new[,]
            {
                { Math.Log(3), 0 },
                { 0, 0 },
            }
        );
        var target = TaskTarget.Of(torch.tensor(new long[] { 0, 1 }));
        var (first, second) = (Math.Log(4.0 / 3), Math.Log(2));

        Assert.Equal((first + second) / 2, Value(new CrossEntropy(), output, target), 1e-12);
        Assert.Equal((first + (3 * second)) / 4, Value(new CrossEntropy([1, 3]), output, target), 1e-12);
        Assert.Equal(first, Value(new CrossEntropy([1, 3], ignoreIndex: 1), output, target), 1e-12);
        // Half of the first target is spread over both classes: 3/4 on its own, 1/4 on the other, whose cost is log 4.
        Assert.Equal(
            ((0.75 * first) + (0.25 * Math.Log(4)) + second) / 2,
            Value(new CrossEntropy(labelSmoothing: 0.5), output, target),
            1e-12
        );
    }

    [Fact]
    public void Integer_targets_suit_binary_cross_entropy()
    {
        using var scope = torch.NewDisposeScope();
        var output = torch.tensor(new[] { 1.0f, -2, 4 }).view(3, 1);

        var integers = TaskTarget.FromRaw(torch.tensor(new long[] { 1, 0, -1 }));
        var floats = TaskTarget.FromRaw(torch.tensor(new[] { 1, 0, float.NaN }));

        var loss = new BinaryCrossEntropy().Compute(output, integers);
        Assert.Equal(ScalarType.Float32, loss.dtype);
        Assert.Equal(new BinaryCrossEntropy().Compute(output, floats).item<float>(), loss.item<float>());
    }

    [Fact]
    public void Loss_keeps_the_type_of_the_output()
    {
        using var scope = torch.NewDisposeScope();
        var doubles = TaskTarget.Of(torch.zeros(2, 3, ScalarType.Float64));

        Assert.Equal(ScalarType.Float32, new SquaredError().Compute(torch.ones(2, 3), doubles).dtype);
    }

    [Fact]
    public void Class_weights_outlive_scopes_and_serve_both_evaluation_and_training()
    {
        var loss = new CrossEntropy([1, 3]);
        for (var round = 0; round < 2; round++)
        {
            using var scope = torch.NewDisposeScope();
            var target = TaskTarget.Of(torch.tensor(new long[] { 0, 1 }));
            using (torch.inference_mode())
            {
                loss.Compute(torch.ones(2, 2), target);
            }

            using var output = torch.ones(2, 2).requires_grad_();
            loss.Compute(output, target).backward();
            Assert.Equal(-0.125f, output.grad![0, 0].item<float>(), 1e-6f);
            Assert.Equal(ScalarType.Float64, loss.Compute(torch.ones(2, 2, ScalarType.Float64), target).dtype);
        }
    }

    [Fact]
    public void A_loss_leaves_nothing_behind_in_the_callers_scope_but_its_temporaries()
    {
        using var outer = torch.NewDisposeScope();
        var loss = new CrossEntropy([1, 3]);
        var target = TaskTarget.Of(torch.tensor(new long[] { 0, 1 }));
        var output = torch.ones(2, 2);
        loss.Compute(output, target).Dispose();
        var before = outer.DisposablesCount;

        loss.Compute(output, target).Dispose();

        Assert.Equal(before, outer.DisposablesCount);
    }

    [Fact]
    public void Misfits_are_named()
    {
        using var scope = torch.NewDisposeScope();
        var two = TaskTarget.Of(torch.ones(2));
        var classes = TaskTarget.Of(torch.ones(2, ScalarType.Int64));

        Refuses("[3, 1]", () => new SquaredError().Compute(torch.ones(3, 1), two));
        Refuses("[2, 4]", () => new SquaredError().Compute(torch.ones(2, 4), two));
        Refuses("Int64", () => new CrossEntropy().Compute(torch.ones(2, 3), two));
        Refuses("[3, 3]", () => new CrossEntropy().Compute(torch.ones(3, 3), classes));
        Refuses("2 class weights for 3 classes", () => new CrossEntropy([1, 2]).Compute(torch.ones(2, 3), classes));
        Refuses("-1", () => new CrossEntropy([1, -1]));
        Refuses("all 0", () => new CrossEntropy([0, 0]));
        Refuses("1.5", () => new CrossEntropy(labelSmoothing: 1.5));
        Refuses("smoothing", () => new CrossEntropy(labelSmoothing: double.NaN));
        Refuses("above 0", () => new BinaryCrossEntropy(0));
        Refuses("above 0", () => new Huber(-1));
    }

    private static double OfErrors(TaskLoss loss)
    {
        using var scope = torch.NewDisposeScope();
        var target = torch.tensor(new[] { 10.0, 20, 30 });
        return Value(loss, target.add(torch.tensor(Errors)).view(3, 1), TaskTarget.Of(target));
    }

    private static double Value(TaskLoss loss, Tensor output, TaskTarget target) =>
        loss.Compute(output, target).item<double>();

    private static void Refuses(string part, Func<object> action) =>
        Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
}
