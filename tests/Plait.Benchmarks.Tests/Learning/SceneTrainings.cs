using Plait.Benchmarks.Tests.Learning;
using Plait.Jobs;
using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Training;

[assembly: AssemblyFixture(typeof(SceneTrainings))]

namespace Plait.Benchmarks.Tests.Learning;

/// <summary>Trains on rendered scenes, which are rendered at the first use, once for all tests.</summary>
public sealed class SceneTrainings : IDisposable
{
    private readonly JobRunner runner = new();
    private readonly Lazy<TaskMetrics> blind;
    private readonly Lazy<string> folder = new(() => Directory.CreateTempSubdirectory("plait-scenes").FullName);

    public SceneTrainings() =>
        blind = new(() =>
        {
            using var data = Load(Settings.Seed);
            return BlindAnswers.Judge(data);
        });

    /// <summary>What all trainings here have in common: small enough that one core does each in a minute.</summary>
    public static RunSpecification Settings { get; } =
        new()
        {
            Encoder = "tiny-resnet:width=8",
            BatchSize = 16,
            Epochs = 4,
            Optimizer = "adam:learning-rate=0.005",
            LearningRate = "cosine",
            GradientRecordInterval = 0,
            Seed = 1,
        };

    /// <summary>What answers reach that do not look at the images, with the seed of <see cref="Settings"/>.</summary>
    internal TaskMetrics Blind => blind.Value;

    /// <summary>Where the scenes are.</summary>
    public BenchmarkSource Source => new() { Benchmark = "scenes", DataDirectory = folder.Value };

    /// <summary>Trains and tests.</summary>
    public JobResult Train(TrainingJob job) => runner.Run(job).Result;

    /// <summary>The scenes, divided by a seed.</summary>
    public DataParts Load(long seed) => (DataParts)Source.Load(seed);

    /// <summary>Trains hard sharing, and keeps the weights of its encoder.</summary>
    /// <returns>The file.</returns>
    public string TrainEncoder(TrainingJob job)
    {
        var kept = Directory.CreateDirectory(Path.Combine(folder.Value, "encoder")).FullName;
        runner.Run(job with { KeepsNetwork = true }, kept);
        using var data = Load(job.Run.Seed);
        using var network = SavedNetwork.Load(kept, data);
        var file = Path.Combine(kept, "encoder.safetensors");
        EncoderWeights.Save(network.Network.modules().OfType<Encoder>().First(), file);
        return file;
    }

    public void Dispose()
    {
        runner.Dispose();
        if (folder.IsValueCreated)
        {
            Directory.Delete(folder.Value, recursive: true);
        }
    }
}
