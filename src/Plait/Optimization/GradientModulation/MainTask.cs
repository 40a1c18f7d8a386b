using Plait.Tasks;

namespace Plait.Optimization.GradientModulation;

/// <summary>Which task a method that tells one main task from the others serves.</summary>
internal sealed class MainTask
{
    private readonly TaskReference? task;
    private int? place;

    /// <param name="task">The task; the last of each step when null.</param>
    /// <exception cref="ArgumentException">It is a place below 0.</exception>
    public MainTask(TaskReference? task)
    {
        this.task = task;
        place = task?.Place;
        if (place < 0)
        {
            throw new ArgumentException(
                $"The main task is a name, or a place in the task set, 0 for the first; got {place}."
            );
        }
    }

    /// <summary>Finds the task in the set of a run.</summary>
    /// <exception cref="ArgumentException">The set has no such task.</exception>
    public void Begin(TaskSet tasks) => place = task?.IndexIn(tasks, "main");

    /// <summary>The same where the tasks have no names.</summary>
    /// <exception cref="ArgumentException">There is no such place, or the task is meant by its name.</exception>
    public void Begin(int tasks) => place = task?.IndexAmong(tasks, "main");

    /// <summary>The row of the main task's gradient; negative in a step that the main task takes no part in.</summary>
    public int RowIn(GramianView gramian) =>
        task is null ? gramian.Count - 1
        : place is not { } main ? throw new InvalidOperationException($"No run has begun, so '{task}' is no place yet.")
        : !gramian.Tasks.IsEmpty ? gramian.Tasks.IndexOf(main)
        : main < gramian.Count ? main
        : -1;
}
