using Plait.Benchmarks.Comparison;
using Plait.Benchmarks.Jobs;
using Plait.Reporting.Html;
using Plait.Reporting.Runs;

namespace Plait.Cli.Runs;

/// <summary>Runs a comparison's trainings, keeps them in the store and draws the table.</summary>
internal sealed class ComparisonRuns(RunStore store, JobRuns jobs)
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
    public ComparisonOutcome Finished(RunRecord run) =>
        Report(run.Id, ComparisonTable.FromJson(store.Result(run.Id)!), failure: null);

    private async Task<ComparisonOutcome> RunAsync(RunRecord run, ComparisonPlan plan, CancellationToken cancel)
    {
        var ended = await jobs.EndAsync(run, plan, cancel);
        try
        {
            return Finish(run, plan, ended);
        }
        catch (Exception fault)
        {
            store.Mark(run.Id, RunStatus.Failed, fault);
            throw;
        }
    }

    /// <summary>Draws the table; where trainings failed, of the others, and the run stays one that can be resumed.</summary>
    private ComparisonOutcome Finish(RunRecord run, ComparisonPlan plan, IReadOnlyList<EndedJob> ended)
    {
        var failure = JobRuns.FailureOf(run, ended);
        if (failure is not null && ended.All(job => job.Result is null))
        {
            throw failure;
        }

        if (plan.KeepsNetworks)
        {
            ComparisonTeachers.Keep(store.FolderOf(run.Id), ended);
        }

        var table = plan.Table([.. ended.Select(job => job.Result)], [.. ended.Select(job => job.Failure)]);
        if (failure is not null)
        {
            store.SetResult(run.Id, table.ToJson());
            store.Mark(run.Id, RunStatus.Failed, failure);
            return Report(run.Id, table, failure.Message);
        }

        store.Finish(
            run.Id,
            table.ToJson(),
            ended.Sum(job => job.Result!.Seconds),
            ended.Sum(job => job.Result!.Parameters)
        );
        return Report(run.Id, table, failure: null);
    }

    private ComparisonOutcome Report(string id, ComparisonTable table, string? failure)
    {
        var report = Path.Combine(store.FolderOf(id), "report.html");
        HtmlReport.Write(store, id, report);
        return new ComparisonOutcome(id, table, report, failure);
    }
}

/// <summary>A comparison whose trainings have ended.</summary>
/// <param name="Id">Its run.</param>
/// <param name="Table">What it came to.</param>
/// <param name="Report">The report's file.</param>
/// <param name="Failure">Which trainings failed and why; null where none did.</param>
internal sealed record ComparisonOutcome(string Id, ComparisonTable Table, string Report, string? Failure);
