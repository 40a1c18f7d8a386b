using Plait.Data;

namespace Plait.Jobs;

/// <summary>The three parts of a data set whose rows are read when they are asked for.</summary>
/// <param name="Train">What networks learn from.</param>
/// <param name="Validation">What epochs and settings are chosen by.</param>
/// <param name="Test">What results are reported on.</param>
public sealed record StoredParts(StoredData Train, StoredData Validation, StoredData Test) : IDataParts
{
    IDataSet IDataParts.Train => Train;

    IDataSet IDataParts.Validation => Validation;

    IDataSet IDataParts.Test => Test;

    /// <summary>What is worth knowing of the folder that they come from, a line each, such as rows that are left out.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>All of them, in that order.</summary>
    public IReadOnlyList<StoredData> All => [Train, Validation, Test];

    /// <summary>Reads all parts into memory.</summary>
    /// <param name="rows">How many of the first rows of each part and task, at most; null for all.</param>
    /// <param name="cancel">Stops between rows.</param>
    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public DataParts ToMemory(long? rows = null, CancellationToken cancel = default) =>
        new(Train.ToMemory(rows, cancel), Validation.ToMemory(rows, cancel), Test.ToMemory(rows, cancel))
        {
            Notices = Notices,
        };

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in All)
        {
            part.Dispose();
        }
    }
}
