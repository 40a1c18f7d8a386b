namespace Plait.Relationships.Grouping.Prediction;

/// <summary>What is known of a pair of tasks of which one is to help the other: the features of both, and their ratios.</summary>
/// <remarks>Bingel and Søgaard 2017: each feature of the main task, of the auxiliary one, and main over auxiliary.</remarks>
/// <param name="Main">The task that is to gain.</param>
/// <param name="Auxiliary">The task that is to help.</param>
/// <param name="Values">Numbers by name.</param>
public sealed record GainFeatures(string Main, string Auxiliary, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>
    /// What a ratio is cut off at, above and below: where a slope of the auxiliary task is next to nothing, the ratio's size says nothing,
    /// and one such pair would hide what the ratios of the others say.
    /// </summary>
    public const double LargestRatio = 100;

    /// <summary>Pairs two tasks.</summary>
    /// <param name="main">The task that is to gain.</param>
    /// <param name="auxiliary">The task that is to help.</param>
    /// <returns>Three numbers for each feature; the ratio of two zeros is 1.</returns>
    /// <exception cref="ArgumentException">The tasks have features of different names, or one that is not finite.</exception>
    public static GainFeatures Of(TaskFeatures main, TaskFeatures auxiliary)
    {
        ArgumentNullException.ThrowIfNull(main);
        ArgumentNullException.ThrowIfNull(auxiliary);
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var name in main.Values.Keys.Union(auxiliary.Values.Keys))
        {
            var (own, other) = (Value(main, name, auxiliary), Value(auxiliary, name, main));
            values[$"main {name}"] = own;
            values[$"auxiliary {name}"] = other;
            values[$"main/auxiliary {name}"] =
                own == other ? 1
                : other == 0 ? Math.Sign(own) * LargestRatio
                : Math.Clamp(own / other, -LargestRatio, LargestRatio);
        }

        return new GainFeatures(main.Task, auxiliary.Task, values);
    }

    /// <summary>All ordered pairs of different tasks.</summary>
    /// <param name="tasks">Two or more.</param>
    public static IReadOnlyList<GainFeatures> OfAll(IReadOnlyList<TaskFeatures> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return
        [
            .. tasks.SelectMany(
                (_, i) => Enumerable.Range(0, tasks.Count).Where(j => j != i),
                (main, j) => Of(main, tasks[j])
            ),
        ];
    }

    private static double Value(TaskFeatures task, string name, TaskFeatures other)
    {
        if (!task.Values.TryGetValue(name, out var value))
        {
            throw new ArgumentException($"Task '{other.Task}' has the feature '{name}', task '{task.Task}' has not.");
        }

        return double.IsFinite(value)
            ? value
            : throw new ArgumentException(
                $"The feature '{name}' of task '{task.Task}' is {value}; it must be finite, or be left out for all tasks."
            );
    }
}
