namespace Plait.Optimization.GradientModulation;

/// <summary>Which task a method that tells one main task from the others serves.</summary>
/// <param name="place">Its place in the task set; the last task of each step when null.</param>
internal sealed class MainTask(int? place)
{
    private readonly int? place = place is null or >= 0
        ? place
        : throw new ArgumentException($"The main task is a place in the task set, 0 for the first; got {place}.");

    /// <summary>Refuses a place that the set does not have.</summary>
    /// <exception cref="ArgumentException">It is not below the number of tasks.</exception>
    public void Require(int tasks)
    {
        if (place >= tasks)
        {
            throw new ArgumentException(
                $"The main task is one of {tasks} places, 0 to {tasks - 1}; got {place}. Set main to one of these."
            );
        }
    }

    /// <summary>The row of the main task's gradient; negative in a step that the main task takes no part in.</summary>
    public int RowIn(GramianView gramian) =>
        place is not { } main ? gramian.Count - 1
        : !gramian.Tasks.IsEmpty ? gramian.Tasks.IndexOf(main)
        : main < gramian.Count ? main
        : -1;
}
