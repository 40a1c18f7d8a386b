using Plait.Data;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Benchmarks.Jobs;

/// <summary>Runs jobs one after the other, and keeps the data of the last one for the next.</summary>
public sealed class JobRunner : IDisposable
{
    private const int EvaluationBatch = 1024;

    private (string Benchmark, string? Split, string? Directory, long Seed) loadedFor;
    private BenchmarkData? loaded;

    /// <summary>Trains and tests.</summary>
    /// <param name="job">What to do.</param>
    /// <param name="checkpoints">Where checkpoints go, and are resumed from; null writes none.</param>
    /// <param name="progress">Told how the training goes.</param>
    /// <param name="cancel">Stops between steps, after a checkpoint.</param>
    /// <returns>The test metrics, and the training's history.</returns>
    /// <exception cref="FormatException">The specification names something that is not there.</exception>
    public (JobResult Result, TrainingResult History) Run(
        TrainingJob job,
        CheckpointFolder? checkpoints = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancel = default
    )
    {
        ArgumentNullException.ThrowIfNull(job);
        var data = Load(job);
        using var parts = Part(data, job.Tasks);
        using var network = job.Run.CreateNetwork(parts.Tasks, data.InputShape);
        using var train = parts.Train.Batches(job.Run.BatchSize, job.Run.Seed);
        using var validation = parts.Validation.Batches(EvaluationBatch);
        using var test = parts.Test.Batches(EvaluationBatch);
        var trainer = new Trainer(network, job.Run.CreateRecipe()) { Checkpoints = checkpoints };
        var history = trainer.Fit(train, validation, progress, cancel);
        var evaluation = Evaluator.Evaluate(network, test, cancel);
        return (
            new JobResult(
                evaluation.Metrics.ToDictionary(),
                network.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel()),
                history.Seconds,
                history.BestEpoch,
                history.History.Count,
                history.SkippedSteps
            ),
            history
        );
    }

    /// <inheritdoc/>
    public void Dispose() => loaded?.Dispose();

    private BenchmarkData Load(TrainingJob job)
    {
        var wanted = (job.Benchmark, job.Split, job.DataDirectory, job.Run.Seed);
        if (loaded is null || loadedFor != wanted)
        {
            loaded?.Dispose();
            loaded = BenchmarkCatalog
                .Get(job.Benchmark)
                .Load(
                    new BenchmarkOptions
                    {
                        Split = job.Split,
                        DataDirectory = job.DataDirectory,
                        Seed = job.Run.Seed,
                    }
                );
            loadedFor = wanted;
        }

        return loaded;
    }

    private static Parts Part(BenchmarkData data, IReadOnlyList<string>? tasks) =>
        tasks is null
            ? new Parts(data.Train, data.Validation, data.Test, Owned: false)
            : new Parts(Only(data.Train, tasks), Only(data.Validation, tasks), Only(data.Test, tasks), Owned: true);

    private static TensorData Only(TensorData data, IReadOnlyList<string> tasks) =>
        data.Only(tasks, dropUnlabelled: true);

    private sealed record Parts(TensorData Train, TensorData Validation, TensorData Test, bool Owned) : IDisposable
    {
        public TaskSet Tasks => Train.Tasks;

        public void Dispose()
        {
            if (Owned)
            {
                Train.Dispose();
                Validation.Dispose();
                Test.Dispose();
            }
        }
    }
}
