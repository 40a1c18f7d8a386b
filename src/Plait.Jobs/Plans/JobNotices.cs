namespace Plait.Jobs.Plans;

/// <summary>Gathers what trainings that run side by side say that a person should know, and tells it when they are done: a line for each.</summary>
internal sealed class JobNotices
{
    private readonly Dictionary<PlannedJob, List<string>> heard = new(ReferenceEqualityComparer.Instance);

    /// <summary>Takes what a training says.</summary>
    public void Hear(PlannedJob job, string? notice)
    {
        if (notice is null)
        {
            return;
        }

        if (!heard.TryGetValue(job, out var notices))
        {
            heard.Add(job, notices = []);
        }

        notices.Add(notice);
    }

    /// <summary>Tells what was heard of each training, and of those that have a result how many of their steps were skipped.</summary>
    public void Tell(IEnumerable<(PlannedJob Job, JobResult? Result)> jobs, Action<string> warn)
    {
        foreach (var (job, result) in jobs)
        {
            var notices = heard.GetValueOrDefault(job) ?? [];
            if (result is { SkippedSteps: > 0 } skipped)
            {
                warn(
                    $"{Name(job)}: {skipped.SkippedSteps} {(skipped.SkippedSteps == 1 ? "step was" : "steps were")} skipped, because a loss, a weight or a gradient was not finite{First(notices)}"
                );
            }
            else
            {
                foreach (var notice in notices.Distinct())
                {
                    warn($"{Name(job)}: {notice}");
                }
            }

            if (result is not null && Undefined(result) is { Length: > 0 } tasks)
            {
                warn($"{Name(job)}: nothing was learned of {string.Join(", ", tasks)}, whose test loss is not finite.");
            }
        }
    }

    private static string[] Undefined(JobResult result) =>
        [.. result.Losses.Where(task => !double.IsFinite(task.Value)).Select(task => task.Key)];

    private static string First(List<string> notices) => notices.Count > 0 ? $"; the first: {notices[0]}" : ".";

    private static string Name(PlannedJob job) =>
        $"{job.Name}{(job.Job.Tasks is { } tasks ? $" ({string.Join(", ", tasks)})" : "")}, seed {job.Job.Run.Seed}";
}
