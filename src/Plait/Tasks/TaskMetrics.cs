using System.Globalization;

namespace Plait.Tasks;

/// <summary>How well one network does each task of a set: a value for each metric of each task. Never changes.</summary>
/// <remarks>A value is NaN where its metric is undefined, such as the AUC of a task whose targets are all of one class.</remarks>
public sealed class TaskMetrics
{
    private readonly double[][] values;

    /// <summary>Holds a copy of values.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="values">For each task, in order, a value for each of its metrics, in order.</param>
    /// <exception cref="ArgumentException">There is not one value for each metric of each task.</exception>
    public TaskMetrics(TaskSet tasks, IReadOnlyList<IReadOnlyList<double>> values)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != tasks.Count)
        {
            throw new ArgumentException(
                $"{tasks.Count} tasks need as many lists of values; got {values.Count}.",
                nameof(values)
            );
        }

        for (var task = 0; task < tasks.Count; task++)
        {
            if (values[task].Count != tasks[task].Metrics.Count)
            {
                throw new ArgumentException(
                    $"Task '{tasks[task].Name}' is judged by {string.Join(", ", tasks[task].Metrics)}; got {values[task].Count} values.",
                    nameof(values)
                );
            }
        }

        Tasks = tasks;
        this.values = [.. values.Select(row => row.ToArray())];
    }

    /// <summary>The tasks that are judged.</summary>
    public TaskSet Tasks { get; }

    /// <summary>The value of a metric of a task, by their places in the set and in <see cref="LearningTask.Metrics"/>.</summary>
    public double this[int task, int metric] => values[task][metric];

    /// <summary>The value of a metric of a task, by their names.</summary>
    /// <exception cref="KeyNotFoundException">No task has this name, or the task no metric of this name.</exception>
    public double this[string task, string metric]
    {
        get
        {
            var place = Tasks.IndexOf(task);
            var metrics = Tasks[place].Metrics;
            for (var i = 0; i < metrics.Count; i++)
            {
                if (metrics[i].Name == metric)
                {
                    return values[place][i];
                }
            }

            throw new KeyNotFoundException(
                $"Task '{task}' has no metric '{metric}'; it has {string.Join(", ", metrics)}."
            );
        }
    }

    /// <summary>The values of the task at this place of the set, in the order of its metrics.</summary>
    public ReadOnlySpan<double> Of(int task) => values[task];

    /// <summary>The value of the primary metric of the task at this place of the set.</summary>
    public double Primary(int task) => values[task][0];

    /// <summary>The value of the primary metric of the task of this name.</summary>
    /// <exception cref="KeyNotFoundException">No task has it.</exception>
    public double Primary(string task) => values[Tasks.IndexOf(task)][0];

    /// <summary>The mean, metric by metric, over several runs of the same tasks: a baseline of several seeds.</summary>
    /// <exception cref="ArgumentException">There is no run, or two are of different tasks or metrics.</exception>
    public static TaskMetrics Mean(params IEnumerable<TaskMetrics> runs)
    {
        TaskMetrics[] all = [.. runs];
        if (all.Length == 0)
        {
            throw new ArgumentException("A mean needs at least one run.", nameof(runs));
        }

        foreach (var run in all)
        {
            all[0].RequireSameTasks(run);
        }

        return new(
            all[0].Tasks,
            [
                .. all[0]
                    .values.Select(
                        (row, task) => (double[])[.. row.Select((_, metric) => all.Average(run => run[task, metric]))]
                    ),
            ]
        );
    }

    /// <summary>Task names to metric names to values, in order, for JSON: a value that is undefined or infinite is null.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> ToDictionary()
    {
        var table = new OrderedDictionary<string, IReadOnlyDictionary<string, double?>>();
        for (var task = 0; task < Tasks.Count; task++)
        {
            var row = new OrderedDictionary<string, double?>();
            for (var metric = 0; metric < values[task].Length; metric++)
            {
                var value = values[task][metric];
                row.Add(Tasks[task].Metrics[metric].Name, double.IsFinite(value) ? value : null);
            }

            table.Add(Tasks[task].Name, row);
        }

        return table;
    }

    /// <summary>Reads back what <see cref="ToDictionary"/> wrote; null, and what is not there, becomes NaN.</summary>
    /// <param name="tasks">The tasks; others in the table are left out.</param>
    /// <param name="table">Task names to metric names to values.</param>
    public static TaskMetrics FromDictionary(
        TaskSet tasks,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> table
    )
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(table);
        return new(
            tasks,
            [
                .. tasks.Select(task =>
                    (double[])
                        [
                            .. task.Metrics.Select(metric =>
                                table.TryGetValue(task.Name, out var row) && row.TryGetValue(metric.Name, out var value)
                                    ? value ?? double.NaN
                                    : double.NaN
                            ),
                        ]
                ),
            ]
        );
    }

    /// <summary>One line: "left: accuracy 0.97; right: accuracy 0.95".</summary>
    public override string ToString() =>
        string.Join(
            "; ",
            Tasks.Select(
                (task, place) =>
                    $"{task.Name}: {string.Join(", ", task.Metrics.Select((metric, i) => string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {values[place][i]:G4}")))}"
            )
        );

    internal void RequireSameTasks(TaskMetrics other)
    {
        if (!ReferenceEquals(Tasks, other.Tasks) && !Names(Tasks).SequenceEqual(Names(other.Tasks)))
        {
            throw new ArgumentException(
                $"Only values of the same tasks and metrics compare; got {string.Join(", ", Names(Tasks))} and {string.Join(", ", Names(other.Tasks))}."
            );
        }

        static IEnumerable<string> Names(TaskSet tasks) =>
            tasks.Select(task => $"{task.Name} ({string.Join(", ", task.Metrics)})");
    }
}
