using Plait.Benchmarks.Comparison;
using Plait.Reporting;

namespace Plait.Cli;

/// <summary>Runs a comparison's trainings, keeps them in the store and draws the table.</summary>
internal sealed class Comparisons(RunStore store, JobRuns jobs)
{
    /// <summary>Starts a comparison.</summary>
    public Task<ComparisonOutcome> StartAsync(ComparisonPlan plan, CancellationToken cancel) =>
        RunAsync(store.Create(RunKind.Comparison, "compare", plan.Benchmark, plan.ToJson()), plan, cancel);

    /// <summary>Goes on with one that was interrupted.</summary>
    public Task<ComparisonOutcome> ResumeAsync(RunRecord run, CancellationToken cancel)
    {
        store.Update(run.Id, RunStatus.Running);
        return RunAsync(run, ComparisonPlan.FromJson(run.Specification), cancel);
    }

    private async Task<ComparisonOutcome> RunAsync(RunRecord run, ComparisonPlan plan, CancellationToken cancel)
    {
        var finished = await jobs.RunAsync(run, plan, cancel);
        var table = plan.Table([.. finished.Select(job => job.Result)]);
        store.SetResult(run.Id, table.ToJson());
        store.Update(
            run.Id,
            RunStatus.Finished,
            finished.Sum(job => job.Result.Seconds),
            finished.Sum(job => job.Result.Parameters)
        );
        var report = Path.Combine(store.FolderOf(run.Id), "report.html");
        HtmlReport.Write(store, run.Id, report);
        return new ComparisonOutcome(run.Id, table, report);
    }
}

/// <summary>A finished comparison.</summary>
/// <param name="Id">Its run.</param>
/// <param name="Table">What it came to.</param>
/// <param name="Report">The report's file.</param>
internal sealed record ComparisonOutcome(string Id, ComparisonTable Table, string Report);
