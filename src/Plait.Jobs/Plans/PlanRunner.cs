using Plait.Jobs.Runs;
using Plait.Jobs.Workers;

namespace Plait.Jobs.Plans;

/// <summary>Runs the trainings of plans, in this process or side by side in workers, and keeps each as a run that can be resumed.</summary>
/// <remarks>
/// <code>
/// using var store = RunStore.Open("plait-runs");
/// var outcome = await new PlanRunner(store).StartAsync(plan, "my comparison");
/// </code>
/// A plan that is stopped by its token throws <see cref="PlanInterruptedException"/>, whose run <see cref="ResumeAsync"/> goes on with, to the same
/// end as without the stop where it takes as many threads: with the same number of workers, or always with workers, which have one each.
/// </remarks>
/// <param name="store">Keeps the runs.</param>
public sealed class PlanRunner(RunStore store)
{
    /// <summary>
    /// How many worker processes train side by side, each with one thread; 0 to train in this process, one after the other, with the
    /// threads that it has.
    /// </summary>
    public int Workers { get; init; }

    /// <summary>What a worker runs; this program with the argument "worker" unless said otherwise. See <see cref="WorkerServer"/>.</summary>
    public WorkerProgram Program { get; init; } = WorkerProgram.Current;

    /// <summary>Runs a plan as a new run.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="name">What people call the run.</param>
    /// <param name="progress">Told how it goes, by one thread at a time; null tells nobody.</param>
    /// <param name="cancel">Stops it after checkpoints.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="PlanFailedException">Trainings failed, and the plan makes nothing of the others.</exception>
    /// <exception cref="PlanInterruptedException">It was cancelled.</exception>
    public Task<PlanOutcome> StartAsync(
        IStoredPlan plan,
        string name,
        IProgress<PlanProgress>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        _ = plan.Next([]); // what is wrong with it leaves no run behind
        return ConcludeAsync(store.Create(plan.Kind, name, plan.DataName, plan.ToJson()), plan, progress, cancel);
    }

    /// <summary>Goes on with a run that failed or was stopped: trainings that are finished stay as they are, the others go on from their checkpoints.</summary>
    /// <param name="run">The id of the run.</param>
    /// <param name="plan">Its plan, as <see cref="RunRecord.Specification"/> has it.</param>
    /// <param name="progress">Told how it goes, by one thread at a time; null tells nobody.</param>
    /// <param name="cancel">Stops it after checkpoints.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="RunStoreException">There is no such run, it is finished, a process works on it, or it is of another plan.</exception>
    /// <exception cref="PlanFailedException">Trainings failed, and the plan makes nothing of the others.</exception>
    /// <exception cref="PlanInterruptedException">It was cancelled.</exception>
    public Task<PlanOutcome> ResumeAsync(
        string run,
        IStoredPlan plan,
        IProgress<PlanProgress>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        return ConcludeAsync(store.Claim(run), plan, progress, cancel);
    }

    /// <summary>
    /// Runs the trainings of a plan as children of a run that is there, and leaves open what they come to; where one fails, the others of its
    /// stage are finished, and no stage follows.
    /// </summary>
    /// <param name="run">The run; it is marked where the plan is stopped.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="progress">Told how it goes, by one thread at a time; null tells nobody.</param>
    /// <param name="cancel">Stops it after checkpoints.</param>
    /// <returns>All trainings of the stages that were begun, in the plan's order.</returns>
    /// <exception cref="PlanInterruptedException">It was cancelled.</exception>
    public async Task<IReadOnlyList<EndedJob>> RunAsync(
        RunRecord run,
        IJobPlan plan,
        IProgress<PlanProgress>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(plan);
        RequireNoWorker();
        using var own = Workers == 0 ? new OwnProcess() : null;
        var stages = new StageRunner(
            store,
            own ?? (ITrainings)new WorkerPool(Program, Workers),
            progress ?? new Nobody()
        );
        var ended = new List<EndedJob>();
        try
        {
            stages.ClearFinished();
            while (
                ended.TrueForAll(job => job.Result is not null)
                && plan.Next([.. ended.Select(job => new FinishedJob(job.Planned, job.Result!, job.Folder))])
                    is { Count: > 0 } stage
            )
            {
                ended.AddRange(await stages.RunAsync(run, stage, ended.Count, cancel).ConfigureAwait(false));
            }

            return ended;
        }
        catch (OperationCanceledException stopped)
        {
            Interrupt(store.Children(run.Id).Where(child => store.Result(child.Id) is null));
            store.Mark(run.Id, RunStatus.Interrupted);
            throw new PlanInterruptedException(run.Id, stopped);
        }
        catch (Exception failure)
        {
            Interrupt(store.Children(run.Id).Where(child => child.Status == RunStatus.Running));
            store.Mark(run.Id, RunStatus.Failed, failure);
            throw;
        }
    }

    private void Interrupt(IEnumerable<RunRecord> children)
    {
        foreach (var child in children)
        {
            store.Mark(child.Id, RunStatus.Interrupted);
        }
    }

    /// <summary>A program whose Main forgets to serve would start itself again without end.</summary>
    private void RequireNoWorker()
    {
        if (Workers > 0 && Environment.GetEnvironmentVariable(WorkerProcess.Mark) is not null)
        {
            throw new InvalidOperationException(
                $"This process is a worker and starts none of its own: let Main call WorkerServer.RunAsync, before anything else, where its arguments begin with '{string.Join(' ', Program.Arguments.TakeLast(1))}'."
            );
        }
    }

    private async Task<PlanOutcome> ConcludeAsync(
        RunRecord run,
        IStoredPlan plan,
        IProgress<PlanProgress>? progress,
        CancellationToken cancel
    )
    {
        var ended = await RunAsync(run, plan, progress, cancel).ConfigureAwait(false);
        try
        {
            var failure = FailureOf(run, ended);
            if (failure is not null && (!plan.AllowsFailures || ended.All(job => job.Result is null)))
            {
                throw failure;
            }

            var result = plan.Conclude(ended, store.FolderOf(run.Id));
            if (failure is null)
            {
                store.Finish(
                    run.Id,
                    result,
                    ended.Sum(job => job.Result!.Seconds),
                    ended.Sum(job => job.Result!.Parameters)
                );
            }
            else
            {
                store.SetResult(run.Id, result);
                store.Mark(run.Id, RunStatus.Failed, failure);
            }

            return new PlanOutcome(run.Id, result, failure?.Message);
        }
        catch (Exception fault)
        {
            store.Mark(run.Id, RunStatus.Failed, fault);
            throw;
        }
    }

    /// <summary>Which trainings failed and why, in one line; null where none did.</summary>
    private static PlanFailedException? FailureOf(RunRecord run, IReadOnlyList<EndedJob> ended)
    {
        EndedJob[] failed = [.. ended.Where(job => job.Result is null)];
        var names = string.Join(", ", failed.Select(job => job.Planned.Name).Distinct());
        return failed.Length == 0
            ? null
            : new(
                run.Id,
                $"{failed.Length} of {ended.Count} trainings failed ({names}), the first because: {failed[0].Failure!.TrimEnd('.', ' ')}. To repeat {(failed.Length == ended.Count ? "them" : "those alone")}: plait resume {run.Id}"
            );
    }

    private sealed class Nobody : IProgress<PlanProgress>
    {
        public void Report(PlanProgress value) { }
    }
}
