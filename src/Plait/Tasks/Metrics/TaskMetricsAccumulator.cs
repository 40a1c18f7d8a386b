namespace Plait.Tasks.Metrics;

/// <summary>Gathers all metrics of all tasks of a set, batch by batch: an evaluation. Not safe for two threads at once.</summary>
public sealed class TaskMetricsAccumulator
{
    private readonly TaskSet tasks;
    private readonly MetricAccumulator[][] accumulators;
    private readonly MetricAccumulator[][] fed;

    /// <summary>Starts empty.</summary>
    public TaskMetricsAccumulator(TaskSet tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        this.tasks = tasks;
        accumulators = [.. tasks.Select(task => task.Metrics.Select(metric => metric.Start(task.Answer)).ToArray())];
        fed = [.. accumulators.Select(row => row.Where((accumulator, i) => !ReadsAnEarlierOne(row, i)).ToArray())];
    }

    /// <summary>Takes in one batch of one task.</summary>
    /// <param name="task">The task's place in the set.</param>
    /// <param name="output">The network's raw output for it.</param>
    /// <param name="target">Targets of the same rows; those that are missing do not count.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public void Add(int task, Tensor output, TaskTarget target)
    {
        foreach (var accumulator in fed[task])
        {
            accumulator.Add(output, target);
        }
    }

    /// <summary>The metrics over all that was added; NaN where one is not defined.</summary>
    public TaskMetrics Compute() =>
        new(tasks, [.. accumulators.Select(row => row.Select(accumulator => accumulator.Compute()).ToArray())]);

    /// <summary>Lets a metric read what an earlier one of its task gathers anyway, so that batches are gone through once for both.</summary>
    private static bool ReadsAnEarlierOne(MetricAccumulator[] row, int place) =>
        row[place] is Reading reading
        && row.Take(place).OfType<Reading>().Any(earlier => reading.ReadFrom(earlier.Source));
}
