using Plait.Benchmarks;
using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;
using static TorchSharp.torch.nn;

namespace Plait.Demonstrations;

/// <summary>Many yes-or-no tasks on the canvases of <c>fashion-pairs</c> at half the resolution.</summary>
/// <remarks>
/// An attribute is a drawn half of the ten classes: whether the article at the top left, or at the bottom right, is one of them. So
/// attributes of one article are related, by how much their classes overlap, and those of different articles are not.
/// </remarks>
/// <param name="Train">What networks learn from.</param>
/// <param name="Validation">What their epochs are chosen by.</param>
/// <param name="Test">What is reported on.</param>
internal sealed record DrawnAttributes(TensorData Train, TensorData Validation, TensorData Test)
{
    private const int Classes = 10;

    /// <summary>Draws attributes, as many of either article, by torch's generator; into the dispose scope of the caller.</summary>
    /// <param name="attributes">How many.</param>
    /// <param name="flat">Whether an image is a vector; else it has a channel, [1, 18, 18].</param>
    /// <param name="rows">Training rows, at most.</param>
    public static DrawnAttributes Load(int attributes, bool flat, int rows = int.MaxValue)
    {
        using var data = BenchmarkCatalog.Get("fashion-pairs").Load();
        var tasks = new TaskSet(
            Enumerable.Range(0, attributes).Select(task => LearningTask.Binary($"attribute {task}"))
        );
        Tensor[] halves = [.. tasks.Select(_ => torch.randperm(Classes).lt(Classes / 2).to(ScalarType.Float32))];
        return new(Of(data.Train.Take(rows)), Of(data.Validation), Of(data.Test));

        TensorData Of(TensorData pairs)
        {
            var images = functional.avg_pool2d(pairs.Input, 2);
            return TensorData.Shared(
                tasks,
                flat ? images.flatten(1) : images,
                [.. halves.Select((half, task) => TaskTarget.Of(half.index_select(0, pairs.TargetOf(task % 2).Values)))]
            );
        }
    }
}
