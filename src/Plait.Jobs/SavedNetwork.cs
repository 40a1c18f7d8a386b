using Plait.Data;
using Plait.Networks;
using Plait.Tasks;
using Plait.Torch;
using Plait.Training;

namespace Plait.Jobs;

/// <summary>A trained network that a job kept in its folder.</summary>
public sealed class SavedNetwork : IDisposable
{
    private const string JobFile = "job.json";
    private const string NetworkFile = "network.bin";
    private const int Rows = 1024;

    private SavedNetwork(TrainingJob job, MultiTaskNetwork network)
    {
        Job = job;
        Network = network;
    }

    /// <summary>The training that it comes from.</summary>
    public TrainingJob Job { get; }

    /// <summary>The network, in eval mode.</summary>
    public MultiTaskNetwork Network { get; }

    /// <summary>Loads it.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <param name="data">The data that it was trained on.</param>
    /// <exception cref="IOException">The folder or a file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static SavedNetwork Load(string folder, IDataParts data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var job = JobOf(folder);
        var tasks = job.Tasks is { } names
            ? new TaskSet(data.Tasks.Where(task => names.Contains(task.Name)))
            : data.Tasks;
        var network = job.Run.LoadNetwork(tasks, data.InputSpec, Path.Combine(folder, NetworkFile));
        network.eval();
        return new(job, network);
    }

    /// <summary>The training that a kept network comes from.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <exception cref="IOException">The folder or a file is missing.</exception>
    /// <exception cref="FormatException">A file there is something else.</exception>
    public static TrainingJob JobOf(string folder) =>
        TrainingJob.FromJson(File.ReadAllText(Path.Combine(folder, JobFile)));

    /// <summary>Whether a folder holds a kept network.</summary>
    /// <param name="folder">The job's folder.</param>
    public static bool IsIn(string folder) =>
        File.Exists(Path.Combine(folder, JobFile)) && File.Exists(Path.Combine(folder, NetworkFile));

    /// <summary>The names of the tasks of a network.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <exception cref="IOException">The folder or a file is missing.</exception>
    public static IReadOnlyList<string> TasksOf(string folder) => JobOf(folder).Tasks ?? [];

    /// <summary>What the network's first head reads, for each row of input, [rows, width].</summary>
    /// <param name="input">[rows, ...].</param>
    /// <exception cref="NotSupportedException">The architecture does not tell what its heads read.</exception>
    public Tensor Features(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        return torch.cat([.. input.split(Rows).Select(FeaturesOf)]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    internal static void Save(string folder, TrainingJob job, MultiTaskNetwork network)
    {
        NetworkState.Save(network, Path.Combine(folder, NetworkFile));
        AtomicFile.WriteText(Path.Combine(folder, JobFile), job.ToJson());
    }

    private Tensor FeaturesOf(Tensor rows) =>
        Network.Forward(MultiTaskBatch.Unlabelled(Network.Tasks.All, rows), Network.Tasks.All).FeaturesOf(0)?.Flat()
        ?? throw new NotSupportedException($"{Network.GetType().Name} does not tell what its heads read.");
}
