using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Networks.PredictionDistillation;

/// <summary>Images of one square and one disc before a wall: what a pixel shows, and how far away it is.</summary>
internal static class DrawnShapes
{
    public const long Side = 16;

    public static LearningTask Class { get; } =
        new("class", new Categorical(3, Layout.Pixel), new CrossEntropy(), [new Accuracy()]);

    public static LearningTask Depth { get; } =
        new("depth", new Numeric(layout: Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()]);

    public static TaskSet Both { get; } = new(Class, Depth);

    /// <summary>Noisy images; the wall is at a distance of 3, shapes are nearer.</summary>
    /// <returns>[rows, 3, side, side]; classes 0 wall, 1 square, 2 disc [rows, side, side]; depths [rows, 1, side, side].</returns>
    public static (Tensor Images, Tensor Classes, Tensor Depths) Draw(int rows)
    {
        var (y, x) = (torch.arange(Side).view(1, -1, 1), torch.arange(Side).view(1, 1, -1));
        var square = (y - Place(rows)).abs().maximum((x - Place(rows)).abs()).le(3.2);
        var disc = ((y - Place(rows)).square() + (x - Place(rows)).square()).le(4.2 * 4.2);
        disc = disc.logical_and(square.logical_not());
        var (near, far) = (Distance(rows), Distance(rows));
        var depths = torch.full([rows, Side, Side], 3f);
        depths = torch.where(square, near, torch.where(disc, far, depths));
        var classes = square.to(ScalarType.Int64) + (disc.to(ScalarType.Int64) * 2);
        // Red squares and blue discs, the darker the farther away.
        var light = 3.5 - depths;
        var (red, blue) = (torch.where(classes.eq(1), light, light / 2), torch.where(classes.eq(2), light, light / 2));
        var images = torch.stack([red, light / 2, blue], 1) + (torch.randn(rows, 3, Side, Side) * 0.1);
        return (images, classes, depths.unsqueeze(1));
    }

    public static MultiTaskBatch Batch(int rows)
    {
        var (images, classes, depths) = Draw(rows);
        return MultiTaskBatch.Shared(Both.All, images, [TaskTarget.Of(classes), TaskTarget.Of(depths)]);
    }

    private static Tensor Place(int rows) => (torch.rand(rows, 1, 1) * (Side - 8)) + 4;

    private static Tensor Distance(int rows) => (torch.rand(rows, 1, 1) * 1.5) + 1;
}
