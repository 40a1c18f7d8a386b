using System.Collections;

namespace Plait.Tasks;

/// <summary>The tasks that one network learns, in a fixed order, with unique names.</summary>
public sealed class TaskSet : IReadOnlyList<LearningTask>
{
    private readonly LearningTask[] tasks;
    private readonly Dictionary<string, int> byName = new(StringComparer.Ordinal);

    /// <summary>Collects tasks.</summary>
    /// <exception cref="ArgumentException">There is no task, or two share a name.</exception>
    public TaskSet(params IEnumerable<LearningTask> tasks)
    {
        this.tasks = [.. tasks];
        if (this.tasks.Length == 0)
        {
            throw new ArgumentException("A task set needs at least one task.", nameof(tasks));
        }

        for (var index = 0; index < this.tasks.Length; index++)
        {
            if (!byName.TryAdd(this.tasks[index].Name, index))
            {
                throw new ArgumentException(
                    $"Two tasks are called '{this.tasks[index].Name}'; give each its own name.",
                    nameof(tasks)
                );
            }
        }

        All = new TaskSelection(this, [.. Enumerable.Range(0, this.tasks.Length)]);
    }

    /// <inheritdoc/>
    public int Count => tasks.Length;

    /// <inheritdoc/>
    public LearningTask this[int index] => tasks[index];

    /// <summary>The task of this name.</summary>
    /// <exception cref="KeyNotFoundException">No task has it.</exception>
    public LearningTask this[string name] => tasks[IndexOf(name)];

    /// <summary>All tasks, selected.</summary>
    public TaskSelection All { get; }

    /// <summary>The place of a task in this set.</summary>
    /// <exception cref="KeyNotFoundException">It is not in the set.</exception>
    public int IndexOf(LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return IndexOf(task.Name);
    }

    /// <summary>The place of the task of this name.</summary>
    /// <exception cref="KeyNotFoundException">No task has it.</exception>
    public int IndexOf(string name) =>
        byName.TryGetValue(name, out var index)
            ? index
            : throw new KeyNotFoundException(
                $"There is no task '{name}'; the tasks are {string.Join(", ", byName.Keys)}."
            );

    /// <summary>Whether a task of this name is in the set.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>Some of the tasks, by their places.</summary>
    /// <exception cref="ArgumentException">A place is outside the set, or the places do not rise.</exception>
    public TaskSelection Select(params IEnumerable<int> indices)
    {
        int[] chosen = [.. indices];
        for (var i = 0; i < chosen.Length; i++)
        {
            if (chosen[i] < 0 || chosen[i] >= tasks.Length || (i > 0 && chosen[i] <= chosen[i - 1]))
            {
                throw new ArgumentException(
                    $"Task places must rise from 0 to {tasks.Length - 1}; got {string.Join(", ", chosen)}.",
                    nameof(indices)
                );
            }
        }

        return chosen.Length == tasks.Length ? All : new TaskSelection(this, chosen);
    }

    /// <inheritdoc/>
    public IEnumerator<LearningTask> GetEnumerator() => ((IEnumerable<LearningTask>)tasks).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
