using Plait.Data.Augmentation;
using Plait.Tasks;

namespace Plait.Tests.Data.Augmentation;

[Collection("torch")]
public sealed class TargetViewsTests
{
    private const int Height = 40;
    private const int Width = 60;

    private static readonly ImageView Mirror = new(1, 0, 0, Height, Width, Mirrored: true);
    private static readonly ImageView LowerRight = new(2, 20, 30, 20, 30, Mirrored: false);

    [Fact]
    public void Boxes_have_marks_only_where_one_of_them_left_the_view()
    {
        using var scope = torch.NewDisposeScope();
        var boxes = TaskTarget.Of(
            torch.tensor(new float[] { 0.125f, 0.25f, 0.375f, 0.5f, 0.125f, 0.25f, 0.375f, 0.5f }).view(2, 4)
        );

        var kept = Follow(boxes, Mirror, Mirror);
        var lost = Follow(boxes, Mirror, LowerRight);

        Assert.Null(kept.Present);
        Assert.Equal([0.625f, 0.25f, 0.875f, 0.5f, 0.625f, 0.25f, 0.875f, 0.5f], Numbers(kept.Values));
        Assert.Equal([1, 1, 1, 1, 0, 0, 0, 0], Numbers(lost.Present!));
        Assert.Equal([0.625f, 0.25f, 0.875f, 0.5f, 0, 0, 0, 0], Numbers(lost.Values));
    }

    [Fact]
    public void Boxes_of_double_precision_are_those_of_single_precision()
    {
        using var scope = torch.NewDisposeScope();
        var values = torch.tensor(new[] { 0.125, 0.25, 0.375, 0.5, 0.5, 0.5, 1, 0.75 }).view(2, 4);

        var seen = Follow(TaskTarget.Of(values), Mirror, LowerRight);

        Assert.Equal([0.625f, 0.25f, 0.875f, 0.5f, 0, 0, 1, 0.5f], Numbers(seen.Values));
    }

    [Fact]
    public void Marks_of_double_precision_are_those_of_single_precision()
    {
        using var scope = torch.NewDisposeScope();
        var values = torch.tensor(new float[] { 0, 0, 0, 0, 0.125f, 0.25f, 0.375f, 0.5f }).view(2, 4);
        var marks = torch.tensor(new double[] { 0, 0, 0, 0, 1, 1, 1, 1 }).view(2, 4);

        var seen = Follow(TaskTarget.Of(values, marks), Mirror, Mirror);

        Assert.Equal([0, 0, 0, 0, 0.625f, 0.25f, 0.875f, 0.5f], Numbers(seen.Values));
    }

    private static TaskTarget Follow(TaskTarget target, params ImageView[] views) =>
        TargetViews.Follow(TargetGeometry.Box, target, views, Height, Width);

    private static float[] Numbers(Tensor tensor) => tensor.to(ScalarType.Float32).data<float>().ToArray();
}
