using Plait.Data;
using Plait.Data.Augmentation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Data.Augmentation;

[Collection("torch")]
public sealed class AugmentedViewsTests
{
    private const int Height = 20;
    private const int Width = 30;

    [Fact]
    public void Turned_images_have_their_targets_and_nothing_beyond_the_borders()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(Dense("labels", Width), Dense("normals", 3));
        var ramp = torch.arange(Width).expand(12, Height, Width);
        var image = ramp.to(ScalarType.Float32).add(1).div(Width).unsqueeze(1);
        var right = torch.tensor(new float[] { 1, 0, 0 }).view(1, 3, 1, 1).expand(12, 3, Height, Width);
        using var data = TensorData.Shared(tasks, image, [TaskTarget.Of(ramp), TaskTarget.Of(right)]);
        using var source = new Augmented(
            data.Batches(12),
            ImageAugmentation.RotateScaleAndFlip,
            [TargetGeometry.Labels, TargetGeometry.NormalsUp],
            seed: 3
        );

        using var batch = source.Read(tasks.All, [0, 0]);

        var (labels, normals) = (batch.TargetOf(0), batch.TargetOf(1));
        var known = labels.Present!;
        Assert.InRange(known.mean().item<float>(), 0.7f, 0.999f);
        Assert.Equal(0, labels.Values.mul(known.eq(0)).sum().item<long>());
        var shown = batch.InputOf(0).squeeze(1).mul(Width).sub(1);
        var inner = shown.gt(2).logical_and(shown.lt(Width - 4)).logical_and(known.gt(0));
        Assert.True(
            shown
                .sub(labels.Values)
                .abs()
                .lt(1.2)
                .logical_or(inner.logical_not())
                .to(ScalarType.Float32)
                .mean()
                .item<float>() > 0.97f
        );
        Assert.True(normals.Present!.select(1, 0).eq(known).all().item<bool>());
        var up = normals.Values.select(1, 1).abs().amax([1L, 2L]);
        Assert.InRange(up.max().item<float>(), 0.1f, 0.343f); // the sine of 20 degrees
    }

    [Theory]
    [InlineData(TargetGeometry.Normals, "rotate-scale-and-flip", "normals")]
    [InlineData(TargetGeometry.MirrorOnly, "rotate-scale-and-flip", "belong to the scale")]
    [InlineData(TargetGeometry.MirrorOnly, "scale-and-flip", "belong to the scale")]
    public void Targets_that_cannot_follow_are_refused(TargetGeometry geometry, string name, string expected)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(Dense("map", 3));
        var map = torch.zeros(2, 3, 4, 4);
        using var data = TensorData.Shared(tasks, map, [TaskTarget.Of(map)]);
        using var source = data.Batches(2);
        var augmentation =
            name == "scale-and-flip" ? ImageAugmentation.ScaleAndFlip : ImageAugmentation.RotateScaleAndFlip;

        var refused = Assert.Throws<ArgumentException>(() => new Augmented(source, augmentation, [geometry], 1));

        Assert.Contains("'map'", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        using var flipped = new Augmented(data.Batches(2), ImageAugmentation.Flip, [geometry], 1);
        flipped.Read(tasks.All, [0]).Dispose();
    }

    [Fact]
    public void Each_row_and_each_epoch_has_its_own_view()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(Dense("labels", Width));
        var image = torch.rand(1, 3, Height, Width).expand(8, -1, -1, -1);
        var map = torch.arange(Width).expand(8, Height, Width);
        using var data = TensorData.Shared(tasks, image, [TaskTarget.Of(map)]);
        using var source = new Augmented(data.Batches(8), ImageAugmentation.ScaleAndFlip, [TargetGeometry.Labels], 3);
        var rows = new[] { 0L, 1 }
            .SelectMany(place =>
            {
                using var batch = source.Read(tasks.All, [place]);
                return Enumerable
                    .Range(0, 8)
                    .Select(row => string.Join(',', batch.TargetOf(0).Values[row, 0].data<long>().ToArray()))
                    .ToArray();
            })
            .ToArray();

        Assert.InRange(rows.Distinct().Count(), 10, 16);
    }

    [Fact]
    public void The_image_and_all_maps_of_a_row_show_the_same_view()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(Dense("labels", Width), Dense("near", 1));
        var ramp = torch.arange(Width).expand(12, Height, Width);
        var image = ramp.to(ScalarType.Float32).div(Width).unsqueeze(1);
        var disparity = ramp.to(ScalarType.Float32).unsqueeze(1).add(1);
        using var data = TensorData.Shared(tasks, image, [TaskTarget.Of(ramp), TaskTarget.Of(disparity)]);
        using var source = new Augmented(
            data.Batches(12),
            ImageAugmentation.ScaleAndFlip,
            [TargetGeometry.Labels, TargetGeometry.InverseDepth],
            3
        );
        using var batch = source.Read(tasks.All, [0, 0]);

        var labels = batch.TargetOf(0).Values.to(ScalarType.Float32);
        var shown = batch.Input.squeeze(1).mul(Width);
        var scales = batch.TargetOf(1).Values.squeeze(1).div(labels.add(1));
        Assert.InRange(shown.sub(labels).abs().max().item<float>(), 0, 0.51f);
        Assert.All(
            scales.data<float>().ToArray(),
            scale => Assert.Contains(new[] { 1, 1.2, 1.5 }, each => Math.Abs(each - scale) < 1e-4)
        );
        Assert.InRange(scales.select(1, 0).select(1, 0).data<float>().ToArray().Distinct().Count(), 2, 12);
    }

    [Fact]
    public void Tasks_with_images_of_their_own_have_views_of_their_own()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Classification("one", 2), LearningTask.Classification("two", 2));
        var images = torch.rand(16, 3, Height, Width);
        var target = TaskTarget.Of(torch.zeros(16, ScalarType.Int64));
        using var data = TensorData.PerTask(tasks, [images, images], [target, target]);
        using var source = new Augmented(
            data.Batches(16),
            ImageAugmentation.Flip,
            [TargetGeometry.None, TargetGeometry.None],
            3
        );
        using var both = source.Read(tasks.All, [0, 0]);
        using var second = source.Read(tasks.Select(1), [0, 0]);

        Assert.False(both.InputOf(0).eq(both.InputOf(1)).all().item<bool>());
        Assert.True(both.InputOf(1).eq(second.InputOf(1)).all().item<bool>());
    }

    private static LearningTask Dense(string name, int channels) =>
        new(name, new Numeric(channels, Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()]);
}
