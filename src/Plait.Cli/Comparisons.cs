using Plait.Benchmarks.Comparison;
using Plait.Benchmarks.Jobs;
using Plait.Cli.Display;
using Plait.Cli.Workers;
using Plait.Reporting;

namespace Plait.Cli;

/// <summary>Runs a comparison's trainings side by side, keeps them in the store and draws the table.</summary>
internal sealed class Comparisons(RunStore store, int workers, ComparisonDisplay display)
{
    /// <summary>Starts a comparison.</summary>
    public Task<ComparisonOutcome> StartAsync(ComparisonPlan plan, CancellationToken cancel)
    {
        var run = store.Create(RunKind.Comparison, "compare", plan.Benchmark, plan.ToJson());
        foreach (var job in plan.Jobs())
        {
            store.Create(RunKind.Training, job.Recipe.Name, plan.Benchmark, WorkerLines.Write(job.Job), run.Id);
        }

        return RunAsync(run, plan, cancel);
    }

    /// <summary>Goes on with one that was interrupted: finished trainings stay as they are, the others go on from their checkpoints.</summary>
    public Task<ComparisonOutcome> ResumeAsync(RunRecord run, CancellationToken cancel)
    {
        store.Update(run.Id, RunStatus.Running);
        return RunAsync(run, ComparisonPlan.FromJson(run.Specification), cancel);
    }

    private async Task<ComparisonOutcome> RunAsync(RunRecord run, ComparisonPlan plan, CancellationToken cancel)
    {
        var jobs = plan.Jobs();
        var children = store.Children(run.Id);
        var results = new JobResult?[jobs.Count];
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < jobs.Count; i++)
        {
            places[children[i].Id] = i;
            results[i] = store.Result(children[i].Id) is { } json ? WorkerLines.Read<JobResult>(json) : null;
        }

        var requests = children
            .Where(child => results[places[child.Id]] is null)
            .Select(child => new WorkerRequest(
                child.Id,
                jobs[places[child.Id]].Job,
                Path.Combine(store.FolderOf(child.Id), "checkpoints")
            ))
            .ToArray();
        try
        {
            await display.WhileAsync(
                jobs,
                jobs.Where((_, i) => results[i] is not null),
                tell =>
                    new WorkerPool(workers).RunAsync(
                        requests,
                        (request, message) => Hear(request, message, results, places, jobs, tell),
                        cancel
                    )
            );
            var failed = children.Count(child => results[places[child.Id]] is null);
            if (failed > 0)
            {
                throw new CommandFailure(
                    $"{failed} of {jobs.Count} trainings failed, the first because: {store.Children(run.Id).First(child => child.Error is not null).Error} See: plait runs {run.Id}"
                );
            }
        }
        catch (OperationCanceledException)
        {
            foreach (var child in children.Where(child => results[places[child.Id]] is null))
            {
                store.Update(child.Id, RunStatus.Interrupted);
            }

            store.Update(run.Id, RunStatus.Interrupted);
            throw new CommandFailure($"interrupted; go on with: plait resume {run.Id}", ExitCode.Interrupted);
        }
        catch (Exception failure)
        {
            store.Update(run.Id, RunStatus.Failed, error: failure.Message);
            throw;
        }

        return Finish(run, plan, results!);
    }

    private void Hear(
        WorkerRequest request,
        WorkerMessage message,
        JobResult?[] results,
        Dictionary<string, int> places,
        IReadOnlyList<PlannedJob> jobs,
        Action<PlannedJob, double> tell
    )
    {
        var place = places[request.Id];
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
            results[place] = result;
            store.SetResult(request.Id, WorkerLines.Write(result));
            store.Update(request.Id, RunStatus.Finished, result.Seconds, result.Parameters);
            Directory.Delete(request.Checkpoints, recursive: true);
        }
        else if (message.Failure is { } failure)
        {
            store.Update(request.Id, RunStatus.Failed, error: failure);
        }

        tell(jobs[place], message.Progress);
    }

    private ComparisonOutcome Finish(RunRecord run, ComparisonPlan plan, JobResult[] results)
    {
        var table = plan.Table(results);
        store.SetResult(run.Id, table.ToJson());
        store.Update(
            run.Id,
            RunStatus.Finished,
            results.Sum(result => result.Seconds),
            results.Sum(result => result.Parameters)
        );
        var report = Path.Combine(store.FolderOf(run.Id), "report.html");
        HtmlReport.Write(store, run.Id, report);
        return new ComparisonOutcome(run.Id, table, report);
    }
}

/// <summary>A finished comparison.</summary>
/// <param name="Id">Its run.</param>
/// <param name="Table">What it came to.</param>
/// <param name="Report">The report's file.</param>
internal sealed record ComparisonOutcome(string Id, ComparisonTable Table, string Report);
