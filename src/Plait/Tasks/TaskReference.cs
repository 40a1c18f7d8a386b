using System.Globalization;
using Plait.Catalogue;

namespace Plait.Tasks;

/// <summary>A task that an option means: by its name, or by its place in the task set, from 0.</summary>
/// <remarks>Text that is both is the name: a task may be called 1.</remarks>
[OptionText]
public sealed record TaskReference
{
    private readonly string text;
    private readonly bool mayBeName;

    private TaskReference(string text, int? place, bool mayBeName)
    {
        this.text = text;
        this.mayBeName = mayBeName;
        Place = place;
    }

    /// <summary>Its place, where a place can be meant; null for a name.</summary>
    public int? Place { get; }

    /// <summary>Means the task at a place.</summary>
    /// <param name="place">From 0.</param>
    public static TaskReference At(int place) =>
        new(place.ToString(CultureInfo.InvariantCulture), place, mayBeName: false);

    /// <summary>Means the task of a name, or at the place that a number says.</summary>
    /// <param name="text">The name, or the number.</param>
    /// <exception cref="FormatException">It is empty.</exception>
    public static TaskReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.IsNullOrWhiteSpace(text)
            ? throw new FormatException("a task's name, or its place from 0")
            : new(
                text,
                int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var place)
                    ? place
                    : null,
                mayBeName: true
            );
    }

    /// <summary>Means the task at a place.</summary>
    public static implicit operator TaskReference(int place) => At(place);

    /// <summary>Means the task of a name.</summary>
    public static implicit operator TaskReference(string text) => Parse(text);

    /// <summary>The task's place in a set.</summary>
    /// <param name="tasks">The set.</param>
    /// <param name="option">The option that means the task, for the error.</param>
    /// <exception cref="ArgumentException">The set has no such task.</exception>
    public int IndexIn(TaskSet tasks, string option)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (mayBeName && tasks.Contains(text))
        {
            return tasks.IndexOf(text);
        }

        var names = tasks.Select(task => task.Name);
        return Place is >= 0 && Place < tasks.Count
            ? Place.Value
            : throw new ArgumentException(
                $"There is no task '{text}' to be {option}{NameSuggestion.Hint(text, names)}; the tasks are {string.Join(", ", names)}, or 0 to {tasks.Count - 1} by their places."
            );
    }

    /// <summary>The task's place among tasks that have no names.</summary>
    /// <param name="tasks">How many there are.</param>
    /// <param name="option">The option that means the task, for the error.</param>
    /// <exception cref="ArgumentException">There is no such place, or the task is meant by its name.</exception>
    public int IndexAmong(int tasks, string option) =>
        Place is >= 0 && Place < tasks
            ? Place.Value
            : throw new ArgumentException(
                $"There is no task '{text}' to be {option}; the tasks have the places 0 to {tasks - 1} here. Set {option} to one of these."
            );

    /// <inheritdoc/>
    public override string ToString() => text;
}
