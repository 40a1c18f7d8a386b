using Plait.Catalogue;
using Plait.Tasks;

namespace Plait.Networks.PredictionDistillation;

/// <summary>Tells the dense tasks that are predicted early only from those that they help.</summary>
internal static class AuxiliaryTasks
{
    /// <summary>The positions among the dense tasks of those that have a last head, rising.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="auxiliary">The names of the others.</param>
    /// <exception cref="ArgumentException">A name is of no dense task, or none is left.</exception>
    public static int[] MainsOf(TaskSet tasks, IReadOnlyList<string> auxiliary)
    {
        LearningTask[] dense = [.. tasks.Where(task => task.Output.IsDense)];
        var names = dense.Select(task => task.Name).ToArray();
        if (auxiliary.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new ArgumentException(
                tasks.Contains(unknown)
                    ? $"'{unknown}' has one answer an image, and auxiliary tasks have one a pixel: choose from {string.Join(", ", names)}."
                    : $"There is no task '{unknown}' to be auxiliary{NameSuggestion.Hint(unknown, names)}; choose from {string.Join(", ", names)}."
            );
        }

        int[] mains = [.. Enumerable.Range(0, dense.Length).Where(position => !auxiliary.Contains(names[position]))];
        return mains.Length > 0 || dense.Length == 0
            ? mains
            : throw new ArgumentException(
                $"Auxiliary tasks help others, and all tasks of pixels are auxiliary here: leave one of {string.Join(", ", names)} out."
            );
    }
}
