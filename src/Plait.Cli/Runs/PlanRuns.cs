using System.CommandLine;
using Plait.Cli.Display;
using Plait.Jobs.Plans;
using Plait.Jobs.Runs;
using Plait.Reporting.Html;

namespace Plait.Cli.Runs;

/// <summary>Runs the plans of commands, shows them at work and writes their reports.</summary>
/// <param name="store">Keeps the runs.</param>
/// <param name="runner">Runs the trainings.</param>
/// <param name="display">Shows them at work.</param>
internal sealed class PlanRuns(RunStore store, PlanRunner runner, JobDisplay display)
{
    /// <summary>Trainings whose progress and warnings go where the invocation's go.</summary>
    public static PlanRuns Of(ParseResult arguments, RunStore store, int workers, bool quiet) =>
        new(
            store,
            new PlanRunner(store) { Workers = workers },
            new JobDisplay(Terminal.Screen, quiet, arguments.InvocationConfiguration.Warn)
        );

    /// <summary>Starts a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="name">The command's name.</param>
    /// <exception cref="PlanFailedException">Trainings failed.</exception>
    /// <exception cref="CommandFailure">It was interrupted.</exception>
    public Task<ReportedRun> StartAsync(IStoredPlan plan, string name, CancellationToken cancel) =>
        RunAsync(() => runner.StartAsync(plan, name, display, cancel));

    /// <summary>Goes on with one that was interrupted.</summary>
    public Task<ReportedRun> ResumeAsync(RunRecord run, IStoredPlan plan, CancellationToken cancel) =>
        RunAsync(() => runner.ResumeAsync(run.Id, plan, display, cancel));

    /// <summary>What a finished one came to; its report is written again, which the process that finished it may not have come to.</summary>
    public ReportedRun Finished(RunRecord run) => Report(new PlanOutcome(run.Id, store.Result(run.Id)!, Failure: null));

    private async Task<ReportedRun> RunAsync(Func<Task<PlanOutcome>> work)
    {
        using var inOrder = OrderlyStop.Begin();
        try
        {
            return Report(await work());
        }
        catch (PlanInterruptedException stopped)
        {
            throw new CommandFailure(stopped.Message, ExitCode.Interrupted);
        }
    }

    private ReportedRun Report(PlanOutcome outcome)
    {
        var report = Path.Combine(store.FolderOf(outcome.Run), "report.html");
        HtmlReport.Write(store, outcome.Run, report);
        return new ReportedRun(outcome.Run, outcome.Result, report, outcome.Failure);
    }
}

/// <summary>A plan whose trainings have ended.</summary>
/// <param name="Id">Its run.</param>
/// <param name="Result">What it came to, as JSON.</param>
/// <param name="Report">The report's file.</param>
/// <param name="Failure">Which trainings failed and why; null where none did.</param>
internal sealed record ReportedRun(string Id, string Result, string Report, string? Failure);
