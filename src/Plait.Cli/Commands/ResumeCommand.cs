using System.CommandLine;
using Plait.Benchmarks.Comparison;
using Plait.Benchmarks.Extension;
using Plait.Cli.Display;
using Plait.Cli.Relationships;
using Plait.Cli.Runs;
using Plait.Jobs.Runs;

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
            Go on with a run where it was interrupted; the result is the same as if it had not been. Of a run that is finished, print
            what it came to.

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
                using var store = RunStore.OpenExisting(arguments.GetValue(Store)!);
                var run = store.Find(arguments.GetValue(Run)!);
                if (run.Parent is { } parent)
                {
                    run = store.Find(parent);
                }

                PluginOption.RequireThoseOf(store, run.Id, "resume");
                var isFinished = run.Status == RunStatus.Finished;
                if (isFinished)
                {
                    arguments.InvocationConfiguration.Warn(
                        $"run {run.Id} is finished, so nothing is trained; this is what it came to."
                    );
                }

                var json = arguments.GetValue(Json);
                var runs = PlanRuns.Of(arguments, store, arguments.GetValue(Workers), json);
                if (run.Kind == RunKind.Comparison)
                {
                    return CompareCommand.Show(
                        arguments,
                        isFinished
                            ? runs.Finished(run)
                            : await runs.ResumeAsync(run, ComparisonPlan.FromJson(run.Specification), cancel),
                        json
                    );
                }

                if (run.Kind == RunKind.Extension)
                {
                    ExtendCommand.Show(
                        arguments,
                        isFinished
                            ? runs.Finished(run)
                            : await runs.ResumeAsync(run, ExtensionPlan.FromJson(run.Specification), cancel),
                        json
                    );
                    return ExitCode.Success;
                }

                if (run.Kind == RunKind.Analysis)
                {
                    var analyses = new AnalysisRuns(store, runs);
                    AnalysisAnswer.Give(
                        arguments,
                        isFinished ? analyses.Finished(run) : await analyses.ResumeAsync(run, cancel),
                        json
                    );
                }
                else
                {
                    TrainCommand.Show(
                        arguments,
                        isFinished
                            ? TableOutcome.FromJson(store.Result(run.Id)!)
                            : TrainCommand.Runs(arguments, store, json).Resume(run, cancel),
                        json
                    );
                }

                return ExitCode.Success;
            }
        );
        return command;
    }
}
