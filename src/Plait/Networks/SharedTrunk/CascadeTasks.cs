using Plait.Tasks;

namespace Plait.Networks.SharedTrunk;

/// <summary>The places of a cascade's three tasks in a set.</summary>
/// <param name="Box">A regression of four numbers.</param>
/// <param name="Mask">A task with an output a pixel.</param>
/// <param name="Category">A classification.</param>
internal readonly record struct CascadeTasks(int Box, int Mask, int Category)
{
    /// <summary>Finds them by name, or by kind.</summary>
    /// <exception cref="NotSupportedException">There is no task of a kind.</exception>
    /// <exception cref="ArgumentException">A name is no task's, or of a task of another kind.</exception>
    public static CascadeTasks Find(TaskSet tasks, string? box, string? mask, string? category)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return new(
            Find(tasks, nameof(box), box, IsBox, "a regression of four numbers"),
            Find(tasks, nameof(mask), mask, task => task.Output.IsDense, "a task with one output a pixel"),
            Find(tasks, nameof(category), category, IsCategory, "a classification")
        );
    }

    /// <summary>Whether a task is one of the three.</summary>
    public bool Contains(int task) => task == Box || task == Mask || task == Category;

    private static int Find(TaskSet tasks, string role, string? name, Func<LearningTask, bool> fits, string kind)
    {
        if (name is null)
        {
            return tasks.FirstOrDefault(fits) is { } found
                ? tasks.IndexOf(found)
                : throw new NotSupportedException(
                    $"mnc needs {kind} as its {role}, and none of {string.Join(", ", tasks)} is one; choose another architecture, such as hps."
                );
        }

        return !tasks.Contains(name)
                ? throw new ArgumentException(
                    $"There is no task '{name}' to be the {role}; the tasks are {string.Join(", ", tasks)}.",
                    role
                )
            : fits(tasks[name]) ? tasks.IndexOf(name)
            : throw new ArgumentException($"Task '{name}' cannot be the {role}, which is {kind}.", role);
    }

    private static bool IsBox(LearningTask task) =>
        task.Output == new OutputShape(4) && task.Answer.Meaning == OutputMeaning.Numbers;

    private static bool IsCategory(LearningTask task) =>
        !task.Output.IsDense && task.Answer.Meaning == OutputMeaning.Classes;
}
