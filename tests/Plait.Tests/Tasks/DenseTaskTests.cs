using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;

namespace Plait.Tests.Tasks;

public sealed class DenseTaskTests
{
    [Fact]
    public void Each_kind_has_its_outputs_loss_and_metrics()
    {
        Assert.Equal(
            (OutputShape.Dense(7), "cross-entropy", "mean iou, accuracy"),
            Of(LearningTask.Segmentation("parts", 7))
        );
        Assert.Equal((OutputShape.Dense(1), "l1", "rmse, abs err, abs rel"), Of(LearningTask.Depth("depth")));
        Assert.Equal("berhu", LearningTask.Depth("depth", new BerHu()).Loss.Name);
        Assert.Equal(
            (OutputShape.Dense(3), "cosine-distance", "mean angle, median angle, within 11.25, within 22.5, within 30"),
            Of(LearningTask.SurfaceNormals("normals"))
        );
        Assert.Equal((OutputShape.Dense(1), "balanced-cross-entropy", "ods f, ois f"), Of(LearningTask.Edges("edges")));
        Assert.Equal(
            (OutputShape.Dense(1), "balanced-cross-entropy", "max f, max iou"),
            Of(LearningTask.Saliency("saliency"))
        );
    }

    [Fact]
    public void Classes_are_checked_as_for_rows()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningTask.Segmentation("parts", 1));
        var error = Assert.Throws<ArgumentException>(() => LearningTask.Segmentation("parts", 3, [1, 2]));
        Assert.Contains("3 classes and 2 class weights", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningTask.Edges("edges", positiveShare: 1));
    }

    [Fact]
    public void Exact_outputs_of_every_kind_are_perfect()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new torch.Generator(5);
        var classes = torch.randint(0, 3, [2, 16, 16], generator: generator);
        var depth = torch.rand(2, 1, 16, 16, generator: generator).add(0.5);
        var normals = torch.nn.functional.normalize(torch.randn(2, 3, 16, 16, generator: generator), dim: 1);
        var marks = torch.rand(2, 1, 16, 16, generator: generator).gt(0.7).to(ScalarType.Float32);
        (LearningTask Task, Tensor Output, Tensor Target)[] exact =
        [
            (
                LearningTask.Segmentation("classes", 3),
                torch.nn.functional.one_hot(classes, 3).movedim([3], [1]).to(ScalarType.Float32).mul(50),
                classes
            ),
            (LearningTask.Depth("depth"), depth, depth),
            (LearningTask.SurfaceNormals("normals"), normals.mul(3), normals),
            (LearningTask.Edges("edges"), marks.mul(40).sub(20), marks),
            (LearningTask.Saliency("saliency"), marks.mul(40).sub(20), marks),
        ];
        foreach (var (task, output, target) in exact)
        {
            Assert.Equal(0, task.Loss.Compute(output, TaskTarget.Of(target)).item<float>(), 1e-5f);
            foreach (var metric in task.Metrics)
            {
                var accumulator = metric.Start(task.Answer);
                accumulator.Add(output, TaskTarget.Of(target));
                Assert.Equal(metric.HigherIsBetter ? 1 : 0, accumulator.Compute(), 1e-4);
            }
        }
    }

    private static (OutputShape Output, string Loss, string Metrics) Of(LearningTask task) =>
        (task.Output, task.Loss.Name, string.Join(", ", task.Metrics));
}
