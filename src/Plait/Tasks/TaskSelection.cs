using System.Collections;

namespace Plait.Tasks;

/// <summary>Some tasks of a <see cref="TaskSet"/>, in its order: those that one step or one forward pass is about.</summary>
public sealed class TaskSelection : IReadOnlyList<LearningTask>
{
    private readonly int[] indices;

    internal TaskSelection(TaskSet tasks, int[] indices)
    {
        Tasks = tasks;
        this.indices = indices;
    }

    /// <summary>The set that is chosen from.</summary>
    public TaskSet Tasks { get; }

    /// <summary>The places of the chosen tasks in <see cref="Tasks"/>, rising.</summary>
    public ReadOnlySpan<int> Indices => indices;

    /// <inheritdoc/>
    public int Count => indices.Length;

    /// <summary>The <paramref name="index"/>-th chosen task.</summary>
    public LearningTask this[int index] => Tasks[indices[index]];

    /// <summary>Whether the task at this place of the set is chosen.</summary>
    public bool Contains(int taskIndex) => Array.BinarySearch(indices, taskIndex) >= 0;

    /// <summary>The chosen tasks whose place in the set meets a condition.</summary>
    public TaskSelection Where(Func<int, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Array.TrueForAll(indices, i => condition(i))
            ? this
            : new TaskSelection(Tasks, [.. indices.Where(condition)]);
    }

    /// <summary>The tasks that are chosen here and there; one of the two selections itself where it is all of them.</summary>
    public TaskSelection And(TaskSelection other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Array.TrueForAll(indices, other.Contains) ? this : other.Where(Contains);
    }

    /// <inheritdoc/>
    public IEnumerator<LearningTask> GetEnumerator()
    {
        foreach (var index in indices)
        {
            yield return Tasks[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
