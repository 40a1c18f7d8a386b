using Plait.Tasks;

namespace Plait.Optimization.LossWeighting;

/// <summary>Refuses options that are out of range, in one line.</summary>
internal static class OptionRange
{
    /// <exception cref="ArgumentException">The value is 0, below 0 or not finite.</exception>
    public static double Positive(double value, string what) =>
        value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentException($"The {what} is above 0 and finite; got {value}.");

    /// <exception cref="ArgumentException">The value is below 0 or not finite.</exception>
    public static double NotNegative(double value, string what) =>
        value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentException($"The {what} is 0 or more and finite; got {value}.");

    /// <exception cref="ArgumentException">A place is below 0, or a task named twice.</exception>
    public static TaskReference[]? Tasks(TaskReference[]? tasks, string what) =>
        tasks is null
        || (Array.TrueForAll(tasks, task => task.Place is not < 0) && tasks.Distinct().Count() == tasks.Length)
            ? tasks
            : throw new ArgumentException(
                $"The {what} are names of tasks, or places from 0, each named once; got {string.Join<TaskReference>("/", tasks)}."
            );

    /// <summary>The places of tasks in the set of a run; null for null.</summary>
    /// <exception cref="ArgumentException">The set has no such task, or one is meant twice.</exception>
    public static int[]? Places(TaskReference[]? tasks, TaskSet set, string what)
    {
        int[]? places = tasks is null ? null : [.. tasks.Select(task => task.IndexIn(set, $"one of the {what}"))];
        return places is null || places.Distinct().Count() == places.Length
            ? places
            : throw new ArgumentException(
                $"The {what} are each named once; got {string.Join<TaskReference>("/", tasks!)}."
            );
    }
}
