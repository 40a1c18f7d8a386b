using Plait.Benchmarks.Extension;
using Plait.Reporting.Html;
using Plait.Reporting.Runs;

namespace Plait.Cli.Runs;

/// <summary>Runs the trainings of further tasks, keeps them in the store and what they came to.</summary>
internal sealed class ExtensionRuns(RunStore store, JobRuns jobs)
{
    /// <summary>Starts to train further tasks.</summary>
    /// <exception cref="CommandFailure">A training failed, or it was interrupted.</exception>
    public Task<ExtensionOutcome> StartAsync(ExtensionPlan plan, CancellationToken cancel) =>
        RunAsync(store.Create(RunKind.Extension, "extend", plan.Benchmark, plan.ToJson()), plan, cancel);

    /// <summary>Goes on where it was interrupted.</summary>
    public Task<ExtensionOutcome> ResumeAsync(RunRecord run, CancellationToken cancel)
    {
        store.Claim(run.Id);
        return RunAsync(run, ExtensionPlan.FromJson(run.Specification), cancel);
    }

    /// <summary>What a finished one came to; its report is written again, which the process that finished it may not have come to.</summary>
    public ExtensionOutcome Finished(RunRecord run) => Report(run.Id, ExtensionTable.FromJson(store.Result(run.Id)!));

    private async Task<ExtensionOutcome> RunAsync(RunRecord run, ExtensionPlan plan, CancellationToken cancel)
    {
        var finished = await jobs.RunAsync(run, plan, cancel);
        ExtensionTable table;
        try
        {
            table = plan.Table([.. finished.Select(job => job.Result)]);
        }
        catch (Exception fault)
        {
            store.Mark(run.Id, RunStatus.Failed, fault);
            throw;
        }

        store.Finish(
            run.Id,
            table.ToJson(),
            finished.Sum(job => job.Result.Seconds),
            finished.Sum(job => job.Result.Parameters)
        );
        return Report(run.Id, table);
    }

    private ExtensionOutcome Report(string id, ExtensionTable table)
    {
        var report = Path.Combine(store.FolderOf(id), "report.html");
        HtmlReport.Write(store, id, report);
        return new ExtensionOutcome(id, table, report);
    }
}

/// <summary>Further tasks that have been trained.</summary>
/// <param name="Id">The run.</param>
/// <param name="Table">What it came to.</param>
/// <param name="Report">The report's file.</param>
internal sealed record ExtensionOutcome(string Id, ExtensionTable Table, string Report);
