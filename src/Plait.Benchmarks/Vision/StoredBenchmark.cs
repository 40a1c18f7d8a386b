using Plait.Data;
using Plait.Jobs;

namespace Plait.Benchmarks.Vision;

/// <summary>A benchmark whose rows are files, read when they are asked for, so that it need not fit in memory.</summary>
public abstract class StoredBenchmark : FolderBenchmark
{
    private const double MemoryShare = 0.7; // of what this process may have; the rest is for training

    /// <inheritdoc/>
    public override bool HasPlainImages => true;

    /// <summary>Finds the files and divides the rows; hardly any file is read yet.</summary>
    /// <param name="options">Where from and how.</param>
    /// <exception cref="ArgumentException">No folder is given, or there is no such split.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing; the first one is named.</exception>
    /// <exception cref="InvalidDataException">A list of files is not what it should be.</exception>
    public StoredParts Open(BenchmarkOptions options) =>
        OpenFolder(FolderOf(options), options with { Split = SplitOf(options) });

    /// <inheritdoc/>
    public sealed override IDataParts LoadOrOpen(
        BenchmarkOptions? options = null,
        bool rowByRow = false,
        int processes = 1
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processes);
        var parts = Open(options ?? new BenchmarkOptions());
        return rowByRow || BytesOf(parts) > MemoryShare * Memory / processes ? parts : parts.ToMemory();
    }

    /// <inheritdoc/>
    public sealed override FolderSummary Check(
        string directory,
        long? rows = null,
        IProgress<long>? progress = null,
        CancellationToken cancel = default
    )
    {
        var parts = Open(new BenchmarkOptions { DataDirectory = directory });
        var read = 0L;
        foreach (var part in parts.All)
        {
            for (var stream = 0; stream < part.Streams.Count; stream++)
            {
                var tasks = part.Streams.TasksOf(stream).Indices;
                var count = Math.Min(rows ?? long.MaxValue, part.RowsOf(tasks[0]));
                for (var row = 0L; row < count; row++)
                {
                    cancel.ThrowIfCancellationRequested();
                    part.ReadInput(tasks[0], row).Dispose();
                    foreach (var task in tasks)
                    {
                        part.ReadTarget(task, row).Dispose();
                    }

                    progress?.Report(++read);
                }
            }
        }

        return new FolderSummary([.. parts.All.Select(part => ((IDataSet)part).RowsInAll)]) { Notices = parts.Notices };
    }

    /// <summary>Finds the files and divides the rows.</summary>
    /// <param name="directory">The folder, which exists.</param>
    /// <param name="options">The options, with one of <see cref="Benchmark.SplitNames"/> as split.</param>
    protected abstract StoredParts OpenFolder(string directory, BenchmarkOptions options);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The rows do not fit in memory.</exception>
    protected sealed override DataParts Read(BenchmarkOptions options)
    {
        var parts = OpenFolder(FolderOf(options), options);
        return BytesOf(parts) <= MemoryShare * Memory
            ? parts.ToMemory()
            : throw new NotSupportedException(
                $"'{Name}' takes {BytesOf(parts) >> 20} MiB in memory, and this process may have {Memory >> 20} MiB; read it batch by batch with {nameof(LoadOrOpen)} or {nameof(Open)}."
            );
    }

    private static long Memory => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private static long BytesOf(StoredParts parts) => parts.All.Sum(part => part.BytesInMemory());
}
