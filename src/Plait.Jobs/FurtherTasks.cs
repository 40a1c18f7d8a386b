using Plait.Catalogue;
using Plait.Networks;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Jobs;

/// <summary>A kept network that a job gives further tasks: these alone are trained, the others are tested as they were when it was kept.</summary>
public sealed class FurtherTasks
{
    private readonly SomeTasks trained;
    private readonly IReadOnlyList<IReadOnlyList<string>> before;

    private FurtherTasks(SomeTasks trained, IReadOnlyList<IReadOnlyList<string>> before)
    {
        this.trained = trained;
        this.before = before;
    }

    /// <summary>The names of the architectures whose networks take further tasks.</summary>
    public static IEnumerable<string> Takers =>
        MethodCatalog
            .Of(MethodKind.Architecture)
            .Where(entry => entry.Type.IsAssignableTo(typeof(ITakesFurtherTasks)))
            .Select(entry => entry.Name);

    /// <summary>Whether the network of a job is one that takes further tasks.</summary>
    /// <param name="job">The job.</param>
    public static bool AreTakenBy(TrainingJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return Takers.Contains(MethodSpecification.Parse(job.Run.Network).Name);
    }

    /// <summary>What is trained: the network seen through the further tasks. The caller's to dispose.</summary>
    internal MultiTaskNetwork Network => trained;

    /// <summary>Loads the kept network of a job and adds the job's tasks to it, with heads that the job's seed decides.</summary>
    /// <param name="job">The job.</param>
    /// <param name="data">The data that the kept network was trained on.</param>
    /// <returns>Null where the job goes on from no network.</returns>
    /// <exception cref="NotSupportedException">The network takes no further tasks.</exception>
    /// <exception cref="ArgumentException">A task is there already, or the kept network is of another make.</exception>
    /// <exception cref="IOException">The folder or a file is missing.</exception>
    internal static FurtherTasks? Of(TrainingJob job, IDataParts data)
    {
        if (job.GoesOnFrom is not { } folder)
        {
            return null;
        }

        using var kept = SavedNetwork.Load(folder, data);
        var there = kept.Network.Tasks;
        var further = job.Tasks ?? [];
        if (further.FirstOrDefault(there.Contains) is { } twice)
        {
            throw new ArgumentException($"The network has learned '{twice}' already; it takes other tasks.");
        }

        var tasks = new TaskSet(data.Tasks.Where(task => there.Contains(task.Name) || further.Contains(task.Name)));
        var whole = job.Run.CreateNetwork(tasks, data.InputSpec);
        try
        {
            if (whole is not ITakesFurtherTasks growing)
            {
                throw new NotSupportedException(
                    $"'{job.Run.Network}' takes no further tasks once it is trained; {string.Join(", ", Takers)} can."
                );
            }

            growing.GoOnFrom(kept.Network);
            return new(
                new SomeTasks(whole, further),
                kept.Job.TasksByStage
                    ??
                    [
                        [.. there.Select(task => task.Name)],
                    ]
            );
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    /// <summary>Tests the tasks that were there before, on the rows and in the batches in which they were tested then.</summary>
    /// <param name="data">The data that the kept network was trained on.</param>
    /// <param name="rows">Rows of a batch.</param>
    /// <param name="cancel">Stops between batches.</param>
    internal IEnumerable<(TaskSet Tasks, Evaluation Tested)> TestBefore(
        IDataParts data,
        int rows,
        CancellationToken cancel
    )
    {
        foreach (var stage in before)
        {
            using var part = data.Test.SelectTasks(stage, dropUnlabelled: true);
            using var batches = part.Batches(rows);
            var seen = new SomeTasks(trained.Whole, stage); // the whole is the caller's to dispose, and nothing else is in it
            yield return (seen.Tasks, Evaluator.Evaluate(seen, batches, cancel));
        }
    }

    /// <summary>Keeps the network with all of its tasks.</summary>
    internal void Save(string folder, TrainingJob job) =>
        SavedNetwork.Save(
            folder,
            job with
            {
                Tasks = [.. trained.Whole.Tasks.Select(task => task.Name)],
                TasksByStage = [.. before, [.. trained.Tasks.Select(task => task.Name)]],
            },
            trained.Whole
        );
}
