using System.CommandLine;
using Plait.Cli.Display;
using Plait.Reporting;

namespace Plait.Cli.Commands;

/// <summary>Goes on with a run that was interrupted.</summary>
internal static class ResumeCommand
{
    private static readonly Argument<string> Run = new("run")
    {
        Description = "A run's id or the start of it, or last.",
        DefaultValueFactory = _ => RunStore.Last,
    };
    private static readonly Option<int> Workers = CommonOptions.Workers();
    private static readonly Option<string> Store = CommonOptions.Store();
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create()
    {
        var command = new DescribedCommand(
            "resume",
            """
            Go on with a run where it was interrupted; the result is the same as if it had not been.

            Examples:
              plait resume
              plait resume 261122-1815
            """
        )
        {
            Run,
            Workers,
            Store,
            Json,
        };
        command.SetAction(
            async (arguments, cancel) =>
            {
                using var store = RunStore.Open(arguments.GetValue(Store)!);
                var run = store.Find(arguments.GetValue(Run)!);
                if (run.Parent is { } parent)
                {
                    run = store.Find(parent);
                }

                RequireResumable(run);
                var json = arguments.GetValue(Json);
                if (run.Kind == RunKind.Comparison)
                {
                    var comparisons = new Comparisons(
                        store,
                        new JobRuns(store, arguments.GetValue(Workers), new JobDisplay(Terminal.Screen, quiet: json))
                    );
                    CompareCommand.Show(arguments, await comparisons.ResumeAsync(run, cancel), json);
                }
                else if (run.Kind == RunKind.Analysis)
                {
                    var outcome = await AnalysisOptions
                        .Runs(store, arguments.GetValue(Workers), quiet: json)
                        .ResumeAsync(run, cancel);
                    AnalysisOptions.Show(arguments, outcome, json);
                }
                else
                {
                    TrainCommand.Show(arguments, TrainCommand.Runs(arguments, store, json).Resume(run, cancel), json);
                }

                return ExitCode.Success;
            }
        );
        return command;
    }

    private static void RequireResumable(RunRecord run)
    {
        if (run.Status == RunStatus.Finished)
        {
            throw new CommandFailure($"Run {run.Id} is finished; see it with: plait report {run.Id}");
        }

        if (run.Status == RunStatus.Running)
        {
            throw new CommandFailure(
                $"Run {run.Id} is running in process {run.Owner.Id} on {run.Owner.Host}; stop it first."
            );
        }
    }
}
