using Plait.Jobs.Runs;
using Plait.Relationships.Plans;
using Plait.Torch;

namespace Plait.Cli.Runs;

/// <summary>Runs analyses of tasks, and writes what they came to beside their reports.</summary>
internal sealed class AnalysisRuns(RunStore store, PlanRuns runs)
{
    /// <summary>Starts an analysis.</summary>
    /// <param name="name">The command's name.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="warn">Takes what a person should know.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="CommandFailure">It was interrupted, or what was asked for does not go together.</exception>
    public async Task<AnalysisOutcome> StartAsync(
        string name,
        AnalysisPlan plan,
        Action<string> warn,
        CancellationToken cancel
    )
    {
        if (plan.Next([]) is [var first, ..])
        {
            JobCheck.Require([first], warn);
        }

        return Write(plan, await runs.StartAsync(plan, name, cancel));
    }

    /// <summary>Goes on with one that was interrupted.</summary>
    public async Task<AnalysisOutcome> ResumeAsync(RunRecord run, CancellationToken cancel)
    {
        var plan = AnalysisPlan.FromJson(run.Specification);
        return Write(plan, await runs.ResumeAsync(run, plan, cancel));
    }

    /// <summary>What a finished one came to; its files are written again, which the process that finished it may not have come to.</summary>
    public AnalysisOutcome Finished(RunRecord run) =>
        Write(AnalysisPlan.FromJson(run.Specification), runs.Finished(run));

    private AnalysisOutcome Write(AnalysisPlan plan, ReportedRun run)
    {
        var kept = Path.Combine(store.FolderOf(run.Id), "answer.json");
        AtomicFile.WriteText(kept, run.Result);
        return new AnalysisOutcome(run.Id, plan, run.Result, kept, run.Report);
    }
}

/// <summary>A finished analysis.</summary>
/// <param name="Id">Its run.</param>
/// <param name="Plan">What was to be found out.</param>
/// <param name="Answer">What it came to, as JSON.</param>
/// <param name="File">The answer's file.</param>
/// <param name="Report">The report's file.</param>
internal sealed record AnalysisOutcome(string Id, AnalysisPlan Plan, string Answer, string File, string Report);
