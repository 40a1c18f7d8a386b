using Plait.Jobs.Runs;
using Plait.Jobs.Workers;

namespace Plait.Jobs.Plans;

/// <summary>Runs the trainings of one stage of a plan, each a run in the store.</summary>
/// <param name="store">Keeps the runs.</param>
/// <param name="trainings">Where they are done.</param>
/// <param name="progress">Told how it goes.</param>
internal sealed class StageRunner(RunStore store, ITrainings trainings, IProgress<PlanProgress> progress)
{
    /// <summary>Deletes the checkpoints that finished runs still have.</summary>
    public void ClearFinished() => store.ClearFinished(Warn);

    /// <summary>Runs those that are not finished.</summary>
    /// <param name="run">The plan's run.</param>
    /// <param name="stage">The trainings.</param>
    /// <param name="before">How many trainings the stages before this one have.</param>
    /// <param name="cancel">Stops each after a checkpoint.</param>
    /// <returns>All of them, in order.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<IReadOnlyList<EndedJob>> RunAsync(
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
            RequireSame(run, children[i], stage[i]);
            places[children[i].Id] = i;
            results[i] = store.Result(children[i].Id) is { } json
                ? WorkerLines.Read<JobResult>(json, "a training's result")
                : null;
        }

        double[] shares = [.. results.Select(result => result is null ? 0.0 : 1)];
        var notices = new JobNotices();
        Report();
        try
        {
            await trainings.RunAsync(
                children
                    .Where(child => results[places[child.Id]] is null)
                    .Select(child => new WorkerRequest(child.Id, stage[places[child.Id]].Job, store.FolderOf(child.Id)))
                    .ToArray(),
                (request, message) =>
                {
                    var place = places[request.Id];
                    results[place] = Hear(request, message) ?? results[place];
                    failures[place] ??= message.Failure;
                    notices.Hear(stage[place], message.Notice);
                    shares[place] = Math.Max(shares[place], message.Progress);
                    Report();
                },
                cancel
            );
        }
        finally
        {
            Report(isOver: true);
        }

        notices.Tell(stage.Zip(results), notice => progress.Report(new(stage, [.. shares], IsOver: true, notice)));
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

        void Report(bool isOver = false) => progress.Report(new(stage, [.. shares], isOver));
    }

    /// <summary>A training that is there counts for the one of its place in the plan, which must be the same.</summary>
    private static void RequireSame(RunRecord run, RunRecord child, PlannedJob planned)
    {
        if (Kept(TrainingJob.FromJson(child.Specification)) != Kept(planned.Job))
        {
            throw new RunStoreException(
                $"Run {run.Id} is of another plan: its training {child.Id} ('{child.Name}') is not the one that this plan has in its place ('{planned.Name}'). Resume it with its own plan, or start this one as a new run."
            );
        }
    }

    /// <summary>What a job says where the store stands elsewhere than before, with the folders of earlier trainings in it.</summary>
    private static string Kept(TrainingJob job) =>
        (
            job with
            {
                Sources = [],
                StartsFrom = null,
                GoesOnFrom = null,
                Run = job.Run with { Teachers = [] },
            }
        ).ToJson();

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
            RunEnds.Delete(JobRunner.CheckpointsIn(request.Folder), Warn);
        }
        else if (message.Failure is { } failure)
        {
            store.Update(request.Id, RunStatus.Failed, error: failure);
        }

        return message.Result;
    }

    private void Warn(string notice) => progress.Report(new([], [], IsOver: true, notice));
}
