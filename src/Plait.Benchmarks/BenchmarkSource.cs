using System.Text.Json.Serialization;
using Plait.Data.Augmentation;
using Plait.Jobs;

namespace Plait.Benchmarks;

/// <summary>A benchmark.</summary>
[DataSourceKind("benchmark")]
public sealed record BenchmarkSource : DataSource
{
    /// <summary>The benchmark's name.</summary>
    public required string Benchmark { get; init; }

    /// <summary>How its rows are divided; null for its default.</summary>
    public string? Split { get; init; }

    /// <summary>The folder that holds its files; null for the embedded data.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Whether rows are read when a batch asks for them even where they would fit in memory.</summary>
    public bool RowByRow { get; init; }

    /// <inheritdoc/>
    public override string Name => Benchmark;

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyDictionary<string, TargetGeometry>? Geometry
    {
        get
        {
            var benchmark = BenchmarkCatalog.Get(Benchmark);
            return benchmark
                .Geometry?.Zip(benchmark.Tasks, (geometry, task) => (task.Name, geometry))
                .ToDictionary(pair => pair.Name, pair => pair.geometry);
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool HasPlainImages => BenchmarkCatalog.Get(Benchmark).HasPlainImages;

    /// <inheritdoc/>
    public override IDataParts Load(long seed, int processes = 1) =>
        BenchmarkCatalog
            .Get(Benchmark)
            .LoadOrOpen(
                new BenchmarkOptions
                {
                    Split = Split,
                    DataDirectory = DataDirectory,
                    Seed = seed,
                },
                RowByRow,
                processes
            );
}
