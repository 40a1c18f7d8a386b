using Plait.Benchmarks.Comparison;
using Plait.Jobs;
using Plait.Relationships.Grouping;
using Plait.Tasks;

namespace Plait.Relationships.Plans;

/// <summary>How a grouping did on the test rows against networks of one task each, and one network of all tasks.</summary>
/// <param name="Seeds">The seeds.</param>
/// <param name="Grouping">Δm of the groups over single-task networks for each seed, in percent; positive is better.</param>
/// <param name="Together">The same of one network of all tasks.</param>
public sealed record GroupingVerification(
    IReadOnlyList<long> Seeds,
    IReadOnlyList<double> Grouping,
    IReadOnlyList<double> Together
)
{
    /// <summary>The mean Δm of the groups with its 95% interval.</summary>
    public Interval GroupingInterval => SeedStatistics.Interval([.. Grouping]);

    /// <summary>The mean Δm of one network of all tasks with its 95% interval.</summary>
    public Interval TogetherInterval => SeedStatistics.Interval([.. Together]);

    internal static GroupingVerification Of(TaskSet tasks, TaskGrouping grouping, IReadOnlyList<FinishedJob> finished)
    {
        var bySeed = finished.GroupBy(job => job.Planned.Job.Run.Seed).ToArray();
        return new(
            [.. bySeed.Select(seed => seed.Key)],
            [.. bySeed.Select(seed => DeltaM.Compute(Grouped(tasks, grouping, [.. seed]), Alone(tasks, seed)))],
            [.. bySeed.Select(seed => DeltaM.Compute(TogetherOf(tasks, seed), Alone(tasks, seed)))]
        );
    }

    private static TaskMetrics Alone(TaskSet tasks, IEnumerable<FinishedJob> jobs) =>
        Metrics(tasks, jobs.Where(job => job.Planned.Name == Names.Alone).SelectMany(job => job.Result.Metrics));

    private static TaskMetrics TogetherOf(TaskSet tasks, IEnumerable<FinishedJob> jobs) =>
        Metrics(tasks, jobs.Single(job => job.Planned.Name == Names.Together).Result.Metrics);

    private static TaskMetrics Grouped(TaskSet tasks, TaskGrouping grouping, IReadOnlyList<FinishedJob> jobs)
    {
        var groups = jobs.Where(job => job.Planned.Name == Names.Grouped).ToArray();
        return Metrics(
            tasks,
            tasks.Select(task =>
                KeyValuePair.Create(task.Name, groups[grouping.Serving[task.Name]].Result.Metrics[task.Name])
            )
        );
    }

    private static TaskMetrics Metrics(
        TaskSet tasks,
        IEnumerable<KeyValuePair<string, IReadOnlyDictionary<string, double?>>> metrics
    ) => TaskMetrics.FromDictionary(tasks, metrics.ToDictionary());
}
