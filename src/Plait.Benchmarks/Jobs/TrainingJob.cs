using Plait.Training;

namespace Plait.Benchmarks.Jobs;

/// <summary>One training on a benchmark, described as data, so that any process can run it.</summary>
public sealed record TrainingJob
{
    /// <summary>The benchmark's name.</summary>
    public required string Benchmark { get; init; }

    /// <summary>How the benchmark's rows are divided; null for its default.</summary>
    public string? Split { get; init; }

    /// <summary>The folder that holds the benchmark's files; null for the embedded data.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The tasks to train, by name; null for all. A row without a target for any of them is left out.</summary>
    public IReadOnlyList<string>? Tasks { get; init; }

    /// <summary>The network and the recipe. Its seed also divides the rows.</summary>
    public required RunSpecification Run { get; init; }
}

/// <summary>What a training came to, measured on the test part.</summary>
/// <param name="Metrics">Every metric of every task, on the test part.</param>
/// <param name="Parameters">Trainable numbers of the network.</param>
/// <param name="Seconds">How long the training took, loading and testing left out.</param>
/// <param name="BestEpoch">The epoch that was kept, from 0.</param>
/// <param name="Epochs">Epochs trained.</param>
/// <param name="SkippedSteps">Steps skipped because something was not finite.</param>
public sealed record JobResult(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Metrics,
    long Parameters,
    double Seconds,
    int BestEpoch,
    int Epochs,
    int SkippedSteps
);
