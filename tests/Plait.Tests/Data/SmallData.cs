using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Data;

/// <summary>Data in which every number tells its row: input r, first target r with some missing, second target r + 1000.</summary>
internal static class SmallData
{
    public static readonly TaskSet Tasks = new(LearningTask.Regression("some"), LearningTask.Regression("all"));

    public static TensorData Shared(int rows, int missingEvery = 3)
    {
        using var scope = torch.NewDisposeScope();
        float[] some = [.. Enumerable.Range(0, rows).Select(row => row % missingEvery == 1 ? float.NaN : row)];
        return TensorData.Shared(
            Tasks,
            Column(rows, 0),
            [TaskTarget.FromRaw(torch.tensor(some)), TaskTarget.Of(Column(rows, 1000).squeeze(1))]
        );
    }

    public static TensorData PerTask(int firstRows, int secondRows)
    {
        using var scope = torch.NewDisposeScope();
        return TensorData.PerTask(
            Tasks,
            [Column(firstRows, 0), Column(secondRows, 5000)],
            [TaskTarget.Of(Column(firstRows, 0).squeeze(1)), TaskTarget.Of(Column(secondRows, 1000).squeeze(1))]
        );
    }

    public static float[] Numbers(Tensor tensor) => tensor.cpu().contiguous().data<float>().ToArray();

    /// <summary>All that is in a batch, for comparing.</summary>
    public static float[][] Content(MultiTaskBatch batch) =>
        [
            .. batch
                .Tasks.Indices.ToArray()
                .SelectMany(task =>
                    new[]
                    {
                        Numbers(batch.InputOf(task)),
                        Numbers(batch.TargetOf(task).Values),
                        batch.TargetOf(task).Present is { } present ? Numbers(present) : [],
                        [batch.TargetOf(task).PresentCount],
                    }
                ),
        ];

    /// <summary>The tensors that are alive, without those that only wait for the garbage collector.</summary>
    public static long CountTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    private static Tensor Column(int rows, float first) =>
        torch.tensor([.. Enumerable.Range(0, rows).Select(row => row + first)]).unsqueeze(1);
}
