using System.Text.Json;
using Plait.Networks;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Jobs;

/// <summary>Runs jobs one after the other, and keeps the data of the last one for the next.</summary>
public sealed class JobRunner : IDisposable
{
    private const int EvaluationBatch = 1024; // rows at most
    private const long EvaluationNumbers = 1 << 20; // of input at most, which bounds what maps of large images take

    private static readonly JsonSerializerOptions Json = StoredJson.Plan(indented: false);

    private (DataSource Source, long Seed)? loadedFor;
    private IDataParts? loaded;

    /// <summary>How many processes share the machine's memory, each with data of its own; data that does not fit is read row by row.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>Trains and tests.</summary>
    /// <param name="job">What to do.</param>
    /// <param name="folder">Where checkpoints go and are resumed from, and where the job keeps what it is told to; null for nowhere.</param>
    /// <param name="progress">Makes, for the job's tasks, what is told how the training goes; null tells nobody.</param>
    /// <param name="cancel">Stops between steps, after a checkpoint.</param>
    /// <returns>The test metrics, and the training's history.</returns>
    /// <exception cref="FormatException">The specification names something that is not there.</exception>
    /// <exception cref="NotSupportedException">The data cannot be augmented, or the job needs it in memory and it is not.</exception>
    public (JobResult Result, TrainingResult History) Run(
        TrainingJob job,
        string? folder = null,
        Func<TaskSet, IProgress<TrainingProgress>>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(job);
        job = job.WithImages();
        var data = Load(job);
        using var parts = JobParts.Of(data, job);
        var further = FurtherTasks.Of(job, data);
        using var network = further?.Network ?? job.Run.CreateNetwork(parts.Tasks, parts.InputSpec);
        if (job.StartsFrom is { } folders)
        {
            JobStart.From(network, folders, data);
        }

        using var train = JobParts.TrainingBatches(parts.Train, job);
        var rows = (int)Math.Clamp(EvaluationNumbers / parts.InputSpec.Numbers, 1, EvaluationBatch);
        using var validation = parts.Validation.Batches(rows);
        using var test = parts.Test.Batches(rows);
        using var teachers = SavedTeachers.Load(job.Run, data);
        var recipe = job.Run.CreateRecipe(teachers);
        var trainer = new Trainer(network, recipe)
        {
            Checkpoints = folder is null ? null : new CheckpointFolder(CheckpointsIn(folder)),
            CheckpointInterval = job.Run.CheckpointInterval,
        };
        var history = trainer.Fit(train, validation, progress?.Invoke(parts.Tasks), cancel);
        (TaskSet Tasks, Evaluation Tested)[] tests =
        [
            .. further?.TestBefore(data, rows, cancel) ?? [],
            (parts.Tasks, Evaluator.Evaluate(network, test, cancel)),
        ];
        if (folder is not null && job.KeepsNetwork)
        {
            Keep(folder, job, network, further);
        }

        if (folder is not null && job.KeepsRowLosses)
        {
            RowLosses.Save(folder, network, JobParts.InMemory(parts.Validation), JobParts.InMemory(parts.Test));
        }

        if (folder is not null && job.KeepsAnswers > 0)
        {
            SavedAnswers.Save(folder, network, parts.Test, job.KeepsAnswers);
        }

        var result = new JobResult(
            tests.SelectMany(part => part.Tested.Metrics.ToDictionary()).ToDictionary(),
            network.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel()),
            history.Seconds,
            history.BestEpoch,
            history.History.Count,
            history.SkippedSteps
        )
        {
            Losses = tests.SelectMany(part => ByName(part.Tasks, part.Tested.Losses)).ToDictionary(),
            ValidationLosses = ByName(parts.Tasks, Evaluator.Evaluate(network, validation, cancel).Losses),
            TrainingLosses = parts
                .Tasks.Select(
                    (task, i) => (task.Name, Losses: history.History.Select(epoch => epoch.TrainingLosses[i]).ToArray())
                )
                .ToDictionary(pair => pair.Name, pair => pair.Losses),
            Affinities = Measured(job, recipe),
        };
        return (result, history);
    }

    /// <summary>Where in a job's folder its checkpoints are.</summary>
    public static string CheckpointsIn(string folder) => Path.Combine(folder, "checkpoints");

    /// <inheritdoc/>
    public void Dispose() => loaded?.Dispose();

    private static void Keep(string folder, TrainingJob job, MultiTaskNetwork network, FurtherTasks? further)
    {
        if (further is null)
        {
            SavedNetwork.Save(folder, job, network);
        }
        else
        {
            further.Save(folder, job);
        }
    }

    private IDataParts Load(TrainingJob job)
    {
        var wanted = (job.Data, job.Run.Seed);
        if (loaded is null || !SameSource(loadedFor, wanted))
        {
            loaded?.Dispose();
            (loaded, loadedFor) = (null, null);
            loaded = job.Data.Load(job.Run.Seed, Processes);
            loadedFor = wanted;
        }

        return loaded;
    }

    /// <summary>Compares by what is written, since records compare the lists in them by reference.</summary>
    private static bool SameSource((DataSource Source, long Seed)? one, (DataSource Source, long Seed) other) =>
        one is { } there
        && there.Seed == other.Seed
        && JsonSerializer.Serialize(there.Source, Json) == JsonSerializer.Serialize(other.Source, Json);

    private static Dictionary<string, double> ByName(TaskSet tasks, double[] losses) =>
        tasks.Select((task, i) => (task.Name, Loss: losses[i])).ToDictionary(pair => pair.Name, pair => pair.Loss);

    private static Dictionary<string, double[]> Measured(TrainingJob job, Recipe recipe) =>
        job
            .Run.Callbacks.Zip(recipe.Callbacks)
            .Select(pair => (Name: pair.First, Values: pair.Second.PairMeasurements))
            .Where(pair => pair.Values is not null)
            .ToDictionary(pair => pair.Name, pair => pair.Values!.ToArray());
}
