using Plait.Tasks;

namespace Plait.Data;

/// <content>What is refused when data is made.</content>
public sealed partial class TensorData
{
    private static void RequireOnePerTask(TaskSet tasks, int count, string what)
    {
        if (count != tasks.Count)
        {
            throw new ArgumentException($"{tasks.Count} tasks need as many {what}; got {count}.");
        }
    }

    private static void RequireRows(LearningTask task, BatchInput input, TaskTarget target)
    {
        var values = input.Parts[0].Values;
        if (values.dim() == 0 || target.Values.dim() == 0 || values.size(0) != target.Values.size(0))
        {
            throw new ArgumentException(
                $"Task '{task.Name}' has inputs of shape {TargetShapes.Text(values.shape)} and targets of shape "
                    + $"{TargetShapes.Text(target.Values.shape)}; both need one entry a row along the first axis."
            );
        }
    }

    private static void RequireFinite(BatchInput input, string what)
    {
        if (
            input
                .Parts.Select(part => TargetFaults.FirstNotFinite(part.Values))
                .FirstOrDefault(fault => fault is not null) is
            { } fault
        )
        {
            throw new ArgumentException(
                $"A number in {what} is {fault}, where a network needs finite ones; fill in what is missing, or leave out such rows."
            );
        }
    }

    private static void RequireInside(IReadOnlyList<long> rows, long count, string where)
    {
        foreach (var row in rows)
        {
            if (row < 0 || row >= count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(rows),
                    $"Row {row} is not in {where}, which has rows 0 to {count - 1}."
                );
            }
        }
    }
}
