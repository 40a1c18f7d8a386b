using Plait.Tasks;

namespace Plait.Tests.Tasks;

public sealed class TaskTargetTests
{
    [Fact]
    public void Nothing_missing_means_no_marks_and_no_copy()
    {
        using var raw = torch.tensor(new[] { 1f, 2 });
        var target = TaskTarget.FindMissing(raw);

        raw[0] = torch.tensor(5f);

        Assert.Null(target.Present);
        Assert.Equal(2, target.PresentCount);
        Assert.Equal(5, target.Values[0].item<float>());
    }

    [Fact]
    public void Nan_is_missing_and_becomes_a_finite_number()
    {
        using var raw = torch.tensor(new[] { 1f, float.NaN, 3 });

        var target = TaskTarget.FindMissing(raw);

        Assert.Equal([1f, 0, 1], target.Present!.data<float>().ToArray());
        Assert.Equal([1f, 0, 3], target.Values.data<float>().ToArray());
        Assert.Equal(2, target.PresentCount);
    }

    [Fact]
    public void Negative_classes_ignored_classes_and_masked_classes_are_missing()
    {
        using var raw = torch.tensor(new byte[] { 0, 255, 2, 3 });
        using var mask = torch.tensor(new[] { true, true, false, true });

        var target = TaskTarget.FindMissing(raw, mask, ignoreIndex: 255);

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

        Assert.Equal(12, TaskTarget.FindMissing(raw, row).PresentCount);
        var byPixel = TaskTarget.FindMissing(raw, pixels);
        Assert.Equal(21, byPixel.PresentCount);
        Assert.Equal(0, byPixel.Present![1, .., 0, 1].sum().item<float>());
        Assert.Equal(raw.shape, byPixel.Present.shape);
    }

    [Fact]
    public void Masked_infinity_is_missing_and_any_other_is_refused()
    {
        using var raw = torch.tensor(new[] { 1f, float.PositiveInfinity });
        using var mask = torch.tensor(new[] { true, false });

        Assert.Equal(1, TaskTarget.FindMissing(raw, mask).PresentCount);
        Assert.Throws<ArgumentException>(() => TaskTarget.FindMissing(raw));
    }

    [Fact]
    public void Masks_and_marks_of_other_shapes_are_refused()
    {
        using var raw = torch.ones(2, 3);
        using var mask = torch.ones(3);
        using var integers = torch.ones(2, 3, ScalarType.Int64);

        Assert.Contains(
            "[3]",
            Assert.Throws<ArgumentException>(() => TaskTarget.FindMissing(raw, mask)).Message,
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
