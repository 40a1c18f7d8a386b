using System.CommandLine;
using Plait.Cli.Display;
using Plait.Cli.Runs;
using Plait.Jobs.Runs;
using Plait.Relationships.Plans;

namespace Plait.Cli.Commands;

/// <summary>Starts an analysis that a command line asks for.</summary>
internal static class AnalysisStart
{
    /// <summary>Says what it takes, runs it, and returns what it came to.</summary>
    public static async Task<AnalysisOutcome> RunAsync(
        ParseResult arguments,
        string name,
        AnalysisPlan plan,
        bool quiet,
        CancellationToken cancel
    )
    {
        JobCheck.AsUsage(() =>
        {
            plan.Check();
            return plan;
        });
        if (!quiet)
        {
            arguments.InvocationConfiguration.Output.WriteLine($"It takes {plan.Effort}.");
        }

        using var store = RunStore.Open(arguments.GetValue(AnalysisOptions.Store)!);
        var runs = PlanRuns.Of(arguments, store, arguments.GetValue(AnalysisOptions.Workers), quiet);
        return await new AnalysisRuns(store, runs).StartAsync(
            name,
            plan,
            arguments.InvocationConfiguration.Warn,
            cancel
        );
    }
}
