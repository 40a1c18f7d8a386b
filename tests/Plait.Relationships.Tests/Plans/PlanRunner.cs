using Plait.Jobs;

namespace Plait.Relationships.Tests.Plans;

/// <summary>Runs the trainings of a plan one after the other in this process.</summary>
internal static class PlanRunner
{
    public static IReadOnlyList<FinishedJob> Run(IJobPlan plan, string folder)
    {
        using var runner = new JobRunner();
        var finished = new List<FinishedJob>();
        while (plan.Next(finished) is { Count: > 0 } stage)
        {
            foreach (var planned in stage)
            {
                var own = Directory.CreateDirectory(Path.Combine(folder, $"{finished.Count}")).FullName;
                var job = TrainingJob.FromJson(planned.Job.ToJson()); // as another process would read it
                finished.Add(new FinishedJob(planned, runner.Run(job, own).Result, own));
            }
        }

        return finished;
    }
}
