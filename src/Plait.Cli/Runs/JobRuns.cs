using System.CommandLine;
using Plait.Benchmarks.Jobs;
using Plait.Cli.Display;
using Plait.Cli.Workers;
using Plait.Reporting.Runs;

namespace Plait.Cli.Runs;

/// <summary>Runs the trainings of a plan side by side, each a run in the store.</summary>
/// <param name="store">Keeps the runs.</param>
/// <param name="workers">How many trainings are at work at a time.</param>
/// <param name="display">Shows them at work.</param>
/// <param name="warn">Takes what a person should know, once a stage is done.</param>
internal sealed class JobRuns(RunStore store, int workers, JobDisplay display, Action<string> warn)
{
    /// <summary>Takes what a person should know.</summary>
    public Action<string> Warn => warn;

    /// <summary>Trainings whose progress and warnings go where the invocation's go.</summary>
    public static JobRuns Of(ParseResult arguments, RunStore store, int workers, bool quiet)
    {
        var configuration = arguments.InvocationConfiguration;
        return new(store, workers, new JobDisplay(Terminal.Screen, quiet), configuration.Warn);
    }

    /// <summary>Runs all trainings of a plan as children of a run: those that are finished stay as they are, the others go on from their checkpoints.</summary>
    /// <returns>All trainings, in the plan's order.</returns>
    /// <exception cref="CommandFailure">A training failed, or it was interrupted; the run is marked so.</exception>
    public async Task<IReadOnlyList<FinishedJob>> RunAsync(RunRecord run, IJobPlan plan, CancellationToken cancel)
    {
        var ended = await EndAsync(run, plan, cancel);
        if (FailureOf(run, ended) is { } failure)
        {
            store.Mark(run.Id, RunStatus.Failed, failure);
            throw failure;
        }

        return [.. ended.Select(job => new FinishedJob(job.Planned, job.Result!, job.Folder))];
    }

    /// <summary>The same for a plan that makes something of the trainings that went well; where one fails, the others of its stage are finished.</summary>
    /// <returns>All trainings of the stages that were begun, in the plan's order.</returns>
    /// <exception cref="CommandFailure">It was interrupted; the run is marked so.</exception>
    public async Task<IReadOnlyList<EndedJob>> EndAsync(RunRecord run, IJobPlan plan, CancellationToken cancel)
    {
        using var inOrder = OrderlyStop.Begin();
        store.ClearFinished(warn);
        var ended = new List<EndedJob>();
        try
        {
            while (
                ended.TrueForAll(job => job.Result is not null)
                && plan.Next([.. ended.Select(job => new FinishedJob(job.Planned, job.Result!, job.Folder))])
                    is { Count: > 0 } stage
            )
            {
                ended.AddRange(await RunStageAsync(run, stage, ended.Count, cancel));
            }

            return ended;
        }
        catch (OperationCanceledException)
        {
            foreach (var child in store.Children(run.Id).Where(child => store.Result(child.Id) is null))
            {
                store.Mark(child.Id, RunStatus.Interrupted);
            }

            store.Mark(run.Id, RunStatus.Interrupted);
            throw new CommandFailure($"interrupted; go on with: plait resume {run.Id}", ExitCode.Interrupted);
        }
        catch (Exception failure)
        {
            store.Mark(run.Id, RunStatus.Failed, failure);
            throw;
        }
    }

    /// <summary>Which trainings failed and why, in one line; null where none did.</summary>
    public static CommandFailure? FailureOf(RunRecord run, IReadOnlyList<EndedJob> ended)
    {
        EndedJob[] failed = [.. ended.Where(job => job.Result is null)];
        var names = string.Join(", ", failed.Select(job => job.Planned.Name).Distinct());
        return failed.Length == 0
            ? null
            : new(
                $"{failed.Length} of {ended.Count} trainings failed ({names}), the first because: {failed[0].Failure} To repeat {(failed.Length == ended.Count ? "them" : "those alone")}: plait resume {run.Id}"
            );
    }

    private async Task<IReadOnlyList<EndedJob>> RunStageAsync(
        RunRecord run,
        IReadOnlyList<PlannedJob> stage,
        int before,
        CancellationToken cancel
    )
    {
        foreach (var planned in stage.Skip(store.Children(run.Id).Count - before))
        {
            store.Create(RunKind.Training, planned.Name, run.Benchmark, planned.Job.ToJson(), run.Id);
        }

        var children = store.Children(run.Id).Skip(before).Take(stage.Count).ToArray();
        var results = new JobResult?[stage.Count];
        var failures = new string?[stage.Count];
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < results.Length; i++)
        {
            places[children[i].Id] = i;
            results[i] = store.Result(children[i].Id) is { } json
                ? WorkerLines.Read<JobResult>(json, "a training's result")
                : null;
        }

        var requests = children
            .Where(child => results[places[child.Id]] is null)
            .Select(child => new WorkerRequest(child.Id, stage[places[child.Id]].Job, store.FolderOf(child.Id)));
        var notices = new JobNotices();
        await display.WhileAsync(
            stage,
            stage.Where((_, i) => results[i] is not null),
            tell =>
                new WorkerPool(workers).RunAsync(
                    requests,
                    (request, message) =>
                    {
                        var place = places[request.Id];
                        results[place] = Hear(request, message) ?? results[place];
                        failures[place] ??= message.Failure;
                        notices.Hear(stage[place], message.Notice);
                        tell(stage[place], message.Progress);
                    },
                    cancel
                )
        );
        notices.Tell(stage.Zip(results), warn);
        return
        [
            .. stage.Select(
                (planned, i) =>
                    new EndedJob(
                        planned,
                        results[i],
                        results[i] is null ? failures[i] ?? "it was not trained." : null,
                        store.FolderOf(children[i].Id)
                    )
            ),
        ];
    }

    private JobResult? Hear(WorkerRequest request, WorkerMessage message)
    {
        if (message.Measurements.Count > 0)
        {
            store.AddMeasurements(request.Id, message.Measurements);
        }

        if (message.Diagnostics.Count > 0)
        {
            store.AddDiagnostics(request.Id, message.Diagnostics);
        }

        if (message.Result is { } result)
        {
            store.Finish(request.Id, WorkerLines.Write(result), result.Seconds, result.Parameters);
            RunEnds.Delete(JobRunner.CheckpointsIn(request.Folder), warn);
        }
        else if (message.Failure is { } failure)
        {
            store.Update(request.Id, RunStatus.Failed, error: failure);
        }

        return message.Result;
    }
}
