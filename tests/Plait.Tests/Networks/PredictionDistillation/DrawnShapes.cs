using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Networks.PredictionDistillation;

/// <summary>Images of one square and one disc before a wall: what a pixel shows, and how far away it is.</summary>
internal static class DrawnShapes
{
    public const long Side = 24;

    public static LearningTask Class { get; } =
        new("class", OutputShape.Dense(3), new CrossEntropy(), [new Accuracy()]);

    public static LearningTask Depth { get; } =
        new("depth", OutputShape.Dense(1), new AbsoluteError(), [new MeanAbsoluteError()]);

    public static TaskSet Both { get; } = new(Class, Depth);

    /// <summary>Noisy grey images whose shapes are darker the farther they are; the wall is at 3.</summary>
    /// <returns>[rows, 3, side, side]; classes 0 wall, 1 square, 2 disc [rows, side, side]; depths [rows, 1, side, side].</returns>
    public static (Tensor Images, Tensor Classes, Tensor Depths) Draw(int rows)
    {
        var (y, x) = (torch.arange(Side).view(1, -1, 1), torch.arange(Side).view(1, 1, -1));
        var square = (y - Place(rows)).abs().maximum((x - Place(rows)).abs()).le(4.2);
        var disc = ((y - Place(rows)).square() + (x - Place(rows)).square()).le(5.2 * 5.2);
        disc = disc.logical_and(square.logical_not());
        var (near, far) = (Distance(rows), Distance(rows));
        var depths = torch.full([rows, Side, Side], 3f);
        depths = torch.where(square, near, torch.where(disc, far, depths));
        var classes = square.to(ScalarType.Int64) + (disc.to(ScalarType.Int64) * 2);
        // A shape's texture tells its kind: columns of squares, rows of discs.
        var stripes = torch.where(square, x % 2, torch.where(disc, y % 2, torch.zeros(1, dtype: ScalarType.Int64)));
        var grey = (3.5 - depths + (stripes.to(ScalarType.Float32) * 0.5)).unsqueeze(1);
        var images = grey.expand(-1, 3, -1, -1) + (torch.randn(rows, 3, Side, Side) * 0.2);
        return (images, classes, depths.unsqueeze(1));
    }

    public static MultiTaskBatch Batch(int rows)
    {
        var (images, classes, depths) = Draw(rows);
        return MultiTaskBatch.Shared(Both.All, images, [TaskTarget.Of(classes), TaskTarget.Of(depths)]);
    }

    private static Tensor Place(int rows) => (torch.rand(rows, 1, 1) * (Side - 10)) + 5;

    private static Tensor Distance(int rows) => (torch.rand(rows, 1, 1) * 1.5) + 1;
}
