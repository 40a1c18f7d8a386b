using Plait.Jobs;
using Plait.Tabular.Features;

namespace Plait.Tabular.Models;

/// <summary>A user's table.</summary>
[DataSourceKind("table")]
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
        return new DataParts(
            preprocessing.ToTensorData(data, split.Training, tasks),
            preprocessing.ToTensorData(data, split.Validation, tasks, toJudge: true),
            preprocessing.ToTensorData(data, split.Test, tasks, toJudge: true)
        );
    }
}
