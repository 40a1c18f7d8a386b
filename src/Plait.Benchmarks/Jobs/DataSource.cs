using System.Text.Json.Serialization;
using Plait.Data.Augmentation;
using Plait.Tabular;
using Plait.Tabular.Features;
using Plait.Tabular.Models;

namespace Plait.Benchmarks.Jobs;

/// <summary>Where a training's data comes from, described as data.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(BenchmarkSource), "benchmark")]
[JsonDerivedType(typeof(TableSource), "table")]
public abstract record DataSource
{
    /// <summary>What people call it.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>How each task's targets follow when an image is changed; null where rows are no images, or targets cannot follow.</summary>
    [JsonIgnore]
    public virtual IReadOnlyDictionary<string, TargetGeometry>? Geometry => null;

    /// <summary>Whether its rows are colour images from 0 to 1.</summary>
    [JsonIgnore]
    public virtual bool HasPlainImages => false;

    /// <summary>Divides the rows, and reads them into memory where they fit.</summary>
    /// <param name="seed">What chance in the division is drawn from.</param>
    /// <param name="processes">How many processes share the machine's memory, each with data of its own.</param>
    /// <returns>The caller's to dispose.</returns>
    public abstract IDataParts Load(long seed, int processes = 1);
}

/// <summary>A benchmark.</summary>
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

/// <summary>A user's table.</summary>
public sealed record TableSource : DataSource
{
    /// <summary>The CSV file, gzipped or not; an absolute path.</summary>
    public required string Table { get; init; }

    /// <summary>The columns to be learned.</summary>
    public required IReadOnlyList<TargetSpecification> Targets { get; init; }

    /// <summary>What the file alone does not say of its columns.</summary>
    public TableOptions Options { get; init; } = new();

    /// <summary>The share of rows that choose the epoch, and what is best; above 0 and below 1.</summary>
    public double ValidationShare { get; init; } = 0.15;

    /// <summary>The share of rows that judge the result; above 0, and together with <see cref="ValidationShare"/> below 1.</summary>
    public double TestShare { get; init; } = 0.15;

    /// <summary>What <see cref="TabularJob.ChecksumOf"/> says of the table; null when any will do.</summary>
    public string? Checksum { get; init; }

    /// <inheritdoc/>
    public override string Name => Path.GetFileName(Table);

    /// <inheritdoc/>
    /// <exception cref="TableException">The table cannot be read, a target cannot be learned, or the rows are too few.</exception>
    /// <exception cref="InvalidDataException">The table has changed since its checksum was taken.</exception>
    public override IDataParts Load(long seed, int processes = 1)
    {
        if (Checksum is { } expected && TabularJob.ChecksumOf(Table) != expected)
        {
            throw new InvalidDataException(
                $"{Table}: the file has changed since this analysis began; put the old one back, or begin anew."
            );
        }

        var data = TabularData.Read(Table, TableSchema.Infer(Table, Targets, Options));
        var split = TabularSplit.Of(data, ValidationShare, TestShare, seed);
        if (split.Validation.Length == 0 || split.Test.Length == 0)
        {
            throw new TableException(
                $"{Table}: no rows are left to choose by, or none to judge by: {split.Training.Length} are for training, {split.Validation.Length} for validation, {split.Test.Length} for the test; give each a share."
            );
        }

        var preprocessing = Preprocessing.Fit(data, split.Training);
        var tasks = preprocessing.CreateTasks();
        return new BenchmarkData(
            preprocessing.ToTensorData(data, split.Training, tasks),
            preprocessing.ToTensorData(data, split.Validation, tasks, toJudge: true),
            preprocessing.ToTensorData(data, split.Test, tasks, toJudge: true)
        );
    }
}
