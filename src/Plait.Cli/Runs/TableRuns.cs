using Plait.Cli.Display;
using Plait.Jobs;
using Plait.Jobs.Plans;
using Plait.Jobs.Runs;
using Plait.Tabular.Models;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Cli.Runs;

/// <summary>Trains on tables, and keeps each training in the store as a run that can be resumed.</summary>
/// <param name="store">Keeps the runs.</param>
/// <param name="display">Shows them at work.</param>
/// <param name="warn">Takes what a person should know.</param>
internal sealed class TableRuns(RunStore store, ITrainingDisplay display, Action<string> warn)
{
    /// <summary>Starts a training.</summary>
    public TableOutcome Start(TabularJob job, CancellationToken cancel)
    {
        torch.set_num_threads(job.Threads);
        job = job with { TableChecksum = TabularJob.ChecksumOf(job.Table) };
        using var training = Prepare(job);
        var run = store.Create(
            RunKind.Train,
            Path.GetFileName(Path.TrimEndingDirectorySeparator(job.ModelFolder!)),
            Path.GetFileName(job.Table),
            job.ToJson()
        );
        return Work(run, job, training, cancel);
    }

    /// <summary>Goes on with a training from its last checkpoint.</summary>
    /// <exception cref="RunStoreException">It is finished, or a process works on it.</exception>
    public TableOutcome Resume(RunRecord run, CancellationToken cancel)
    {
        var job = TabularJob.FromJson(run.Specification);
        torch.set_num_threads(job.Threads);
        store.Claim(run.Id);
        using var training = PrepareAgain(run, job);
        return Work(run, job, training, cancel);
    }

    private TabularTraining PrepareAgain(RunRecord run, TabularJob job)
    {
        try
        {
            return Prepare(job);
        }
        catch (Exception failure)
        {
            store.Mark(run.Id, RunStatus.Failed, failure);
            throw;
        }
    }

    private TabularTraining Prepare(TabularJob job)
    {
        var training = JobCheck.AsUsage(() => TabularTraining.Prepare(job));
        try
        {
            JobCheck.AsUsage(() =>
            {
                training.Check();
                return training;
            });
        }
        catch
        {
            training.Dispose();
            throw;
        }

        foreach (var warning in training.Warnings)
        {
            warn(warning);
        }

        return training;
    }

    private TableOutcome Work(RunRecord run, TabularJob job, TabularTraining training, CancellationToken cancel)
    {
        using var inOrder = OrderlyStop.Begin();
        store.ClearFinished(warn);
        var checkpoints = JobRunner.CheckpointsIn(store.FolderOf(run.Id));
        try
        {
            var (model, history) = display.While(progress =>
                training.Run(
                    new CheckpointFolder(checkpoints),
                    new Recorder(store, run.Id, training.Tasks, progress, warn),
                    cancel
                )
            );
            using (model)
            {
                return Finish(run, job, training, model, history, checkpoints);
            }
        }
        catch (OperationCanceledException)
        {
            store.Mark(run.Id, RunStatus.Interrupted);
            throw new CommandFailure($"interrupted; go on with: plait resume {run.Id}", ExitCode.Interrupted);
        }
        catch (Exception failure)
        {
            store.Mark(run.Id, RunStatus.Failed, failure);
            throw;
        }
    }

    private TableOutcome Finish(
        RunRecord run,
        TabularJob job,
        TabularTraining training,
        TabularModel model,
        TrainingResult history,
        string checkpoints
    )
    {
        string[] skipped = history.SkippedSteps == 0 ? [] : [Skipped(history.SkippedSteps)];
        Array.ForEach(skipped, warn);
        var outcome = new TableOutcome
        {
            Run = run.Id,
            Model = job.ModelFolder!,
            Table = job.Table,
            Rows = new(training.Split.Training.Length, training.Split.Validation.Length, training.Split.Test.Length),
            Parameters = training.Parameters,
            Epochs = history.History.Count,
            BestEpoch = history.BestEpoch + 1,
            StoppedEarly = history.StoppedEarly,
            SkippedSteps = history.SkippedSteps,
            Compliance = Mean(history.Gradients.Select(look => look.Compliance).Where(double.IsFinite)),
            Seconds = history.Seconds,
            Targets = model.Test?.Targets ?? [],
            Weights = model.Test?.Weights ?? [],
            Warnings = [.. training.Warnings, .. skipped],
        };
        if (model.Test is { } test)
        {
            store.AddMeasurements(
                run.Id,
                [
                    .. test.Targets.SelectMany(target =>
                        RunMeasurements.Of(history.BestEpoch, target.Name, target.Metrics)
                    ),
                ]
            );
        }

        store.Finish(run.Id, outcome.ToJson(), history.Seconds, training.Parameters);
        RunEnds.Delete(checkpoints, warn);
        return outcome;
    }

    private static double? Mean(IEnumerable<double> values) => values.Select(value => (double?)value).Average();

    private static string Skipped(int steps) =>
        $"{steps} {(steps == 1 ? "step was" : "steps were")} skipped, because a loss, a weight or a gradient was not finite: lower the learning rate, clip the gradients (--clip-norm), or look for huge values in the table.";

    /// <summary>Keeps what a training reports, and passes it on.</summary>
    private sealed class Recorder(
        RunStore store,
        string run,
        TaskSet tasks,
        IProgress<TrainingProgress> next,
        Action<string> warn
    ) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Finished is { } epoch)
            {
                store.AddMeasurements(run, RunMeasurements.Of(tasks, epoch));
                store.AddDiagnostics(run, RunMeasurements.Weights(tasks, epoch, value.StepsPerEpoch));
            }

            if (value.Gradients is { } gradients)
            {
                store.AddDiagnostics(run, RunMeasurements.Of(tasks, gradients));
            }

            if (value.Notice is { } notice)
            {
                warn(notice);
            }

            next.Report(value);
        }
    }
}
