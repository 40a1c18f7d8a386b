using Plait.Data;

namespace Plait.Benchmarks.Vision;

/// <summary>A benchmark that is read from a folder of the user's, since its data may not be passed on or is too large.</summary>
public abstract class FolderBenchmark : Benchmark
{
    /// <inheritdoc/>
    public sealed override bool IsEmbedded => false;

    /// <summary>What goes where.</summary>
    public abstract FolderGuide Guide { get; }

    /// <summary>Reads every file that training would read, and says how many rows there are.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="rows">How many of the first rows of each part and task to read, at most; null for all.</param>
    /// <param name="progress">Is told how many rows have been read.</param>
    /// <param name="cancel">Stops between rows.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing; the first one is named.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be; the first one is named, with what was found and what was expected.</exception>
    public virtual FolderSummary Check(
        string directory,
        long? rows = null,
        IProgress<long>? progress = null,
        CancellationToken cancel = default
    )
    {
        using var data = Load(new BenchmarkOptions { DataDirectory = directory });
        var summary = new FolderSummary([
            .. new IDataSet[] { data.Train, data.Validation, data.Test }.Select(part => part.RowsInAll),
        ]);
        progress?.Report(summary.Rows.Sum());
        return summary;
    }

    /// <summary>The folder to read from.</summary>
    /// <exception cref="ArgumentException">None is given.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    protected string FolderOf(BenchmarkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.DataDirectory is not { } directory)
        {
            throw new ArgumentException(
                $"The data of '{Name}' does not come with the library: give the folder that holds it (--data DIR); `plait data describe {Name}` says what goes there."
            );
        }

        return Directory.Exists(directory)
            ? directory
            : throw new DirectoryNotFoundException(
                $"There is no folder '{directory}' to read '{Name}' from; `plait data describe {Name}` says what goes there."
            );
    }
}

/// <summary>How many rows a folder has.</summary>
/// <param name="Rows">Of the training, validation and test part; where tasks bring rows of their own, of all of them together.</param>
public sealed record FolderSummary(IReadOnlyList<long> Rows)
{
    /// <summary>What is worth knowing of the folder, a line each, such as rows that are left out.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
