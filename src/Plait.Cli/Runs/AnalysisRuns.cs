using Plait.Relationships.Plans;
using Plait.Reporting.Html;
using Plait.Reporting.Runs;
using Plait.Torch;

namespace Plait.Cli.Runs;

/// <summary>Runs the trainings of an analysis of tasks, keeps them in the store and what they came to.</summary>
internal sealed class AnalysisRuns(RunStore store, JobRuns jobs)
{
    /// <summary>Starts an analysis.</summary>
    /// <param name="name">The command's name.</param>
    /// <exception cref="CommandFailure">A training failed, it was interrupted, or what was asked for does not go together.</exception>
    public Task<AnalysisOutcome> StartAsync(string name, AnalysisPlan plan, CancellationToken cancel)
    {
        if (plan.Next([]) is [var first, ..])
        {
            JobCheck.Require([first], jobs.Warn);
        }

        return RunAsync(store.Create(RunKind.Analysis, name, plan.Data.Name, plan.ToJson()), plan, cancel);
    }

    /// <summary>Goes on with one that was interrupted.</summary>
    public Task<AnalysisOutcome> ResumeAsync(RunRecord run, CancellationToken cancel)
    {
        store.Claim(run.Id);
        return RunAsync(run, AnalysisPlan.FromJson(run.Specification), cancel);
    }

    /// <summary>What a finished one came to; its files are written again, which the process that finished it may not have come to.</summary>
    public AnalysisOutcome Finished(RunRecord run) =>
        Report(run.Id, AnalysisPlan.FromJson(run.Specification), store.Result(run.Id)!);

    private async Task<AnalysisOutcome> RunAsync(RunRecord run, AnalysisPlan plan, CancellationToken cancel)
    {
        var finished = await jobs.RunAsync(run, plan, cancel);
        string answer;
        try
        {
            answer = plan.Answer(finished);
        }
        catch (Exception fault)
        {
            store.Mark(run.Id, RunStatus.Failed, fault);
            throw;
        }

        store.Finish(
            run.Id,
            answer,
            finished.Sum(job => job.Result.Seconds),
            finished.Sum(job => job.Result.Parameters)
        );
        return Report(run.Id, plan, answer);
    }

    private AnalysisOutcome Report(string id, AnalysisPlan plan, string answer)
    {
        var kept = Path.Combine(store.FolderOf(id), "answer.json");
        AtomicFile.WriteText(kept, answer);
        var report = Path.Combine(store.FolderOf(id), "report.html");
        HtmlReport.Write(store, id, report);
        return new AnalysisOutcome(id, plan, answer, kept, report);
    }
}

/// <summary>A finished analysis.</summary>
/// <param name="Id">Its run.</param>
/// <param name="Plan">What was to be found out.</param>
/// <param name="Answer">What it came to, as JSON.</param>
/// <param name="File">The answer's file.</param>
/// <param name="Report">The report's file.</param>
internal sealed record AnalysisOutcome(string Id, AnalysisPlan Plan, string Answer, string File, string Report);
