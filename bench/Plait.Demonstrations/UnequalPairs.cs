using Plait.Benchmarks;
using Plait.Data;
using Plait.Jobs;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Networks.SingleTasking;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Demonstrations;

/// <summary>Fashion pairs of which one task has many images and the other few, none of them the same.</summary>
/// <remarks>The article at the top left is the large task, the one at the bottom right the small one; they are about as hard.</remarks>
internal sealed class UnequalPairs : IDisposable
{
    /// <summary>The large task's place.</summary>
    public const int Large = 0;

    /// <summary>The small task's place.</summary>
    public const int Small = 1;

    private const int BatchSize = 64;
    private const int RowsAtOnce = 500;

    private readonly DataParts whole = BenchmarkCatalog.Get("fashion-pairs").Load();

    /// <summary>Chooses the images.</summary>
    public UnequalPairs(int largeRows, int smallRows, int seed)
    {
        var rows = Enumerable.Range(0, (int)whole.Train.Rows).Select(row => (long)row).ToArray();
        new Random(seed).Shuffle(rows);
        using var large = whole.Train.Subset(rows[..largeRows]);
        using var small = whole.Train.Subset(rows[largeRows..(largeRows + smallRows)]);
        Train = TensorData.PerTask(
            whole.Tasks,
            [large.Input, small.Input],
            [large.TargetOf(Large), small.TargetOf(Small)]
        );
    }

    /// <summary>What networks learn from.</summary>
    public TensorData Train { get; }

    /// <summary>What schedules listen to.</summary>
    public TensorData Validation => whole.Validation;

    /// <summary>What results are about.</summary>
    public TensorData Test => whole.Test;

    /// <summary>The two tasks.</summary>
    public TaskSet Tasks => whole.Tasks;

    /// <summary>One LeNet for both tasks, its first weights drawn by the seed.</summary>
    public HardSharing Shared(int seed)
    {
        torch.manual_seed(seed);
        return new HardSharing(Tasks, new LeNet(Train.InputSpec.Shape!));
    }

    /// <summary>A LeNet for each task.</summary>
    public SingleTask Separate(int seed)
    {
        torch.manual_seed(seed);
        return new SingleTask(Tasks, new LeNet(Train.InputSpec.Shape!));
    }

    /// <summary>Trains for some epochs.</summary>
    /// <param name="network">A network for both tasks.</param>
    /// <param name="schedule">Chooses each step's tasks.</param>
    /// <param name="epochs">Epochs of the schedule.</param>
    /// <param name="seed">Decides the order of the images.</param>
    /// <param name="validation">What the schedule listens to, and chooses the epoch to keep; null keeps the last one.</param>
    public void Fit(
        MultiTaskNetwork network,
        TaskSchedule schedule,
        int epochs,
        int seed,
        TensorData? validation = null
    )
    {
        using var batches = Train.Batches(BatchSize, shuffleSeed: seed);
        using var listened = validation?.Batches(RowsAtOnce);
        var recipe = new Recipe
        {
            Schedule = schedule,
            Optimizer = new AdamOptimizer(learningRate: 1e-3),
            Epochs = epochs,
            Selection = CheckpointSelection.PrimaryMetric,
            Seed = seed,
        };
        new Trainer(network, recipe).Fit(batches, listened);
    }

    /// <summary>The accuracy of each task of a network on data of its tasks.</summary>
    public static IReadOnlyList<double> Accuracies(MultiTaskNetwork network, TensorData data)
    {
        using var batches = data.Batches(RowsAtOnce);
        var metrics = Evaluator.Evaluate(network, batches).Metrics;
        return [.. network.Tasks.Select((_, task) => metrics.Primary(task))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        whole.Dispose();
    }
}
