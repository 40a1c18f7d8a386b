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

    private void RequireOnePerStream(int count)
    {
        if (count != Streams.Count)
        {
            throw new ArgumentException(
                Streams.AreShared
                    ? $"All tasks of this data look at the same rows, which need one list of rows; got {count}."
                    : $"The rows of this data are {Streams.Count} streams, which need as many lists of rows; got {count}."
            );
        }
    }

    /// <summary>The input of a stream, as errors name it.</summary>
    private static string NameOf(RowStreams streams, int stream) =>
        streams.AreShared ? "the input of all tasks" : $"the input of task '{streams.TasksOf(stream)[0].Name}'";

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

    /// <summary>The targets, missing behind the end of each row where there is one a step.</summary>
    /// <exception cref="ArgumentException">They are not of the rows, or not of the steps, of the input.</exception>
    private static TaskTarget WithinRows(LearningTask task, BatchInput input, TaskTarget target)
    {
        RequireRows(task, input, target);
        if (task.Answer.Layout != Layout.Step)
        {
            return target;
        }

        var sequence = input.Sequence;
        RequireSteps(task, sequence, target);
        if (sequence.Mask is not { } mask)
        {
            return target;
        }

        var marks = target.Values.dim() == 2 ? mask : mask.unsqueeze(1).expand(target.Values.shape);
        return target.Weigh(marks.to(target.Values.device));
    }

    /// <summary>Refuses targets of steps that are not one for each step of the input.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    internal static void RequireSteps(LearningTask task, BatchInput sequence, TaskTarget target)
    {
        var (steps, targets) = (sequence.Values.shape, target.Values.shape);
        if (steps.Length < 2 || targets.Length < 2 || steps[1] != targets[^1])
        {
            throw new ArgumentException(
                $"Task '{task.Name}' has inputs of shape {TargetShapes.Text(steps)} and targets of shape {TargetShapes.Text(targets)}; "
                    + "it answers for each step, so targets are [rows, steps] or [rows, channels, steps], of the input's rows and steps."
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
