using Plait.Tasks;

namespace Plait.Tests.Tasks;

public sealed class TaskTargetTests
{
    [Fact]
    public void Nothing_missing_means_no_marks_and_no_copy()
    {
        using var raw = torch.tensor(new[] { 1f, 2 });
        var target = TaskTarget.FromRaw(raw);

        raw[0] = torch.tensor(5f);

        Assert.Null(target.Present);
        Assert.Equal(2, target.PresentCount);
        Assert.Equal(5, target.Values[0].item<float>());
    }

    [Fact]
    public void Nan_is_missing_and_becomes_a_finite_number()
    {
        using var raw = torch.tensor(new[] { 1f, float.NaN, 3 });

        var target = TaskTarget.FromRaw(raw);

        Assert.Equal([1f, 0, 1], target.Present!.data<float>().ToArray());
        Assert.Equal([1f, 0, 3], target.Values.data<float>().ToArray());
        Assert.Equal(2, target.PresentCount);
    }

    [Fact]
    public void Negative_classes_ignored_classes_and_masked_classes_are_missing()
    {
        using var raw = torch.tensor(new byte[] { 0, 255, 2, 3 });
        using var mask = torch.tensor(new[] { true, true, false, true });

        var target = TaskTarget.FromRaw(raw, mask, ignoreIndex: 255);

        Assert.Equal(ScalarType.Int64, target.Values.dtype);
        Assert.Equal([1f, 0, 0, 1], target.Present!.data<float>().ToArray());
        Assert.Equal([0L, 0, 0, 3], target.Values.data<long>().ToArray());
    }

    [Fact]
    public void Mask_marks_targets_rows_or_pixels()
    {
        using var raw = torch.ones(2, 3, 2, 2);
        using var row = torch.tensor(new[] { 1f, 0 });
        using var pixels = torch.ones(2, 2, 2);
        pixels[1, 0, 1] = torch.tensor(0f);

        Assert.Equal(12, TaskTarget.FromRaw(raw, row).PresentCount);
        var byPixel = TaskTarget.FromRaw(raw, pixels);
        Assert.Equal(21, byPixel.PresentCount);
        Assert.Equal(0, byPixel.Present![1, .., 0, 1].sum().item<float>());
        Assert.Equal(raw.shape, byPixel.Present.shape);
    }

    [Fact]
    public void Mask_of_steps_marks_every_channel_of_a_step()
    {
        using var raw = torch.ones(2, 3, 4);
        using var steps = torch.ones(2, 4);
        steps[1, 2] = torch.tensor(0f);

        var bySteps = TaskTarget.FromRaw(raw, steps);

        Assert.Equal(21, bySteps.PresentCount);
        Assert.Equal(0, bySteps.Present![1, .., 2].sum().item<float>());
    }

    [Fact]
    public void Masked_infinity_is_missing_and_any_other_is_refused()
    {
        using var raw = torch.tensor(new[] { 1f, float.PositiveInfinity });
        using var mask = torch.tensor(new[] { true, false });

        Assert.Equal(1, TaskTarget.FromRaw(raw, mask).PresentCount);
        Assert.Throws<ArgumentException>(() => TaskTarget.FromRaw(raw));
    }

    [Fact]
    public void Masks_and_marks_of_other_shapes_are_refused()
    {
        using var raw = torch.ones(2, 3);
        using var mask = torch.ones(3);
        using var integers = torch.ones(2, 3, ScalarType.Int64);

        Assert.Contains(
            "[3]",
            Assert.Throws<ArgumentException>(() => TaskTarget.FromRaw(raw, mask)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "[3]",
            Assert.Throws<ArgumentException>(() => TaskTarget.Of(raw, mask)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Int64",
            Assert.Throws<ArgumentException>(() => TaskTarget.Of(raw, integers)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(2f, "2 in row 1")]
    [InlineData(0.5f, "0.5 in row 1")]
    [InlineData(-1f, "-1 in row 1")]
    [InlineData(float.NaN, "NaN in row 1")]
    public void Marks_are_0_and_1(float mark, string shown)
    {
        using var values = torch.zeros(2, 2);
        using var marks = torch.tensor(
            new[,]
            {
                { 1f, 0 },
                { 1, mark },
            }
        );

        var fault = Assert.Throws<ArgumentException>(() => TaskTarget.Of(values, marks));

        Assert.Contains(shown, fault.Message, StringComparison.Ordinal);
        Assert.Contains("Weighted", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_rows_pixels_and_targets_are_multiplied()
    {
        using var scope = torch.NewDisposeScope();
        var raw = torch.ones(2, 3, 2, 2);
        raw[0, 0, 0, 0] = torch.tensor(float.NaN);
        var target = TaskTarget.FromRaw(raw).Weighted(torch.tensor(new[] { 2, 3 }));

        Assert.Equal((11 * 2) + (12 * 3), target.WeightSum);
        Assert.Equal(23, target.PresentCount);
        Assert.Equal(0, target.Weights![0, 0, 0, 0].item<float>());

        var pixels = torch.ones(2, 2, 2);
        pixels[1] = torch.zeros(2, 2);
        target = target.Weighted(pixels);
        Assert.Equal((22, 11L), (target.WeightSum, target.PresentCount));
        Assert.Equal(44, target.Weighted(torch.full_like(raw, 2)).WeightSum);
    }

    [Fact]
    public void Weights_that_are_alike_need_no_tensor()
    {
        using var scope = torch.NewDisposeScope();
        var target = TaskTarget.Of(torch.ones(3)).Weighted(torch.tensor(new[] { 1f, 0, 1 }));

        Assert.Null(target.Weights);
        Assert.Equal([1f, 0, 1], target.Present!.data<float>().ToArray());
        Assert.Equal((2L, 2.0), (target.PresentCount, target.WeightSum));
    }

    [Theory]
    [InlineData(-1f, "-1 in row 1")]
    [InlineData(float.NaN, "NaN in row 1")]
    [InlineData(float.PositiveInfinity, "Infinity in row 1")]
    public void Weights_are_finite_and_0_or_more(float weight, string shown)
    {
        using var values = torch.zeros(2);
        using var weights = torch.tensor(new[] { 1f, weight });

        var fault = Assert.Throws<ArgumentException>(() => TaskTarget.Of(values).Weighted(weights));

        Assert.Contains(shown, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_leave_nothing_and_weights_of_another_shape_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var target = TaskTarget.FromRaw(torch.tensor(new[] { 1f, float.NaN }));

        Refuse(torch.tensor(new[] { 0f, 1 }), "weigh 0");
        Refuse(torch.ones(3), "[3]");
        Assert.Equal(0, TaskTarget.FromRaw(torch.full(2, float.NaN)).Weighted(torch.zeros(2)).PresentCount);

        void Refuse(Tensor weights, string expected) =>
            Assert.Contains(
                expected,
                Assert.Throws<ArgumentException>(() => target.Weighted(weights)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void Other_values_keep_marks_and_weights_and_are_as_many()
    {
        using var scope = torch.NewDisposeScope();
        var target = TaskTarget
            .FromRaw(torch.tensor(new[] { 1f, float.NaN, 3 }))
            .Weighted(torch.tensor(new[] { 2, 2, 3 }));

        var other = target.WithValues(torch.ones(3, ScalarType.Float64));

        Assert.Equal((5, 2L), (other.WeightSum, other.PresentCount));
        Assert.Throws<ArgumentException>(() => target.WithValues(torch.ones(2)));
    }

    [Fact]
    public void Marks_are_counted_when_nobody_did()
    {
        using var values = torch.zeros(2, 3);
        using var present = torch.tensor(
            new[,]
            {
                { 1f, 0, 1 },
                { 0, 0, 1 },
            }
        );

        Assert.Equal(3, TaskTarget.Of(values, present).PresentCount);
    }
}
