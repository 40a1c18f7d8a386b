using Plait.Analysis;
using Plait.Reporting;
using Plait.Torch;

namespace Plait.Cli;

/// <summary>Runs the trainings of an analysis of tasks, keeps them in the store and what they came to.</summary>
internal sealed class AnalysisRuns(RunStore store, JobRuns jobs)
{
    /// <summary>Starts an analysis.</summary>
    /// <param name="name">The command's name.</param>
    public Task<AnalysisOutcome> StartAsync(string name, AnalysisPlan plan, CancellationToken cancel) =>
        RunAsync(store.Create(RunKind.Analysis, name, plan.Data.Name, plan.ToJson()), plan, cancel);

    /// <summary>Goes on with one that was interrupted.</summary>
    public Task<AnalysisOutcome> ResumeAsync(RunRecord run, CancellationToken cancel)
    {
        store.Update(run.Id, RunStatus.Running);
        return RunAsync(run, AnalysisPlan.FromJson(run.Specification), cancel);
    }

    private async Task<AnalysisOutcome> RunAsync(RunRecord run, AnalysisPlan plan, CancellationToken cancel)
    {
        var finished = await jobs.RunAsync(run, plan, cancel);
        var answer = plan.Answer(finished);
        store.SetResult(run.Id, answer);
        store.Update(
            run.Id,
            RunStatus.Finished,
            finished.Sum(job => job.Result.Seconds),
            finished.Sum(job => job.Result.Parameters)
        );
        var kept = Path.Combine(store.FolderOf(run.Id), "answer.json");
        AtomicFile.WriteText(kept, answer);
        var report = Path.Combine(store.FolderOf(run.Id), "report.html");
        HtmlReport.Write(store, run.Id, report);
        return new AnalysisOutcome(run.Id, plan, answer, kept, report);
    }
}

/// <summary>A finished analysis.</summary>
/// <param name="Id">Its run.</param>
/// <param name="Plan">What was to be found out.</param>
/// <param name="Answer">What it came to, as JSON.</param>
/// <param name="File">The answer's file.</param>
/// <param name="Report">The report's file.</param>
internal sealed record AnalysisOutcome(string Id, AnalysisPlan Plan, string Answer, string File, string Report);
