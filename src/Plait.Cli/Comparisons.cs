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
        store.Claim(run.Id);
        return RunAsync(run, ComparisonPlan.FromJson(run.Specification), cancel);
    }

    /// <summary>What a finished one came to; its report is written again, which the process that finished it may not have come to.</summary>
    public ComparisonOutcome Finished(RunRecord run) => Report(run.Id, ComparisonTable.FromJson(store.Result(run.Id)!));

    private async Task<ComparisonOutcome> RunAsync(RunRecord run, ComparisonPlan plan, CancellationToken cancel)
    {
        var finished = await jobs.RunAsync(run, plan, cancel);
        var table = plan.Table([.. finished.Select(job => job.Result)]);
        store.Finish(
            run.Id,
            table.ToJson(),
            finished.Sum(job => job.Result.Seconds),
            finished.Sum(job => job.Result.Parameters)
        );
        return Report(run.Id, table);
    }

    private ComparisonOutcome Report(string id, ComparisonTable table)
    {
        var report = Path.Combine(store.FolderOf(id), "report.html");
        HtmlReport.Write(store, id, report);
        return new ComparisonOutcome(id, table, report);
    }
}

/// <summary>A finished comparison.</summary>
/// <param name="Id">Its run.</param>
/// <param name="Table">What it came to.</param>
/// <param name="Report">The report's file.</param>
internal sealed record ComparisonOutcome(string Id, ComparisonTable Table, string Report);
