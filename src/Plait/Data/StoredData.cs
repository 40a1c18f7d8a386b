using Plait.Tasks;

namespace Plait.Data;

/// <summary>A data set whose rows are read when they are asked for, such as the files of a folder.</summary>
/// <remarks>
/// A derived class reads one row of input, and one row of a task's targets; batches, their order and their marks of missing targets
/// follow, and are the same as those of the same rows in a <see cref="TensorData"/>. Rows are read by one thread at a time. A task of
/// which any target is missing has marks in every batch, since losses round differently with them and without: the first batch
/// therefore looks through the targets for one that is.
/// </remarks>
/// <param name="tasks">The tasks whose targets the data holds.</param>
/// <param name="sharesInput">Whether all tasks look at the same rows.</param>
public abstract class StoredData(TaskSet tasks, bool sharesInput) : IDataSet
{
    private readonly Dictionary<int, Presence[]> looked = []; // a task: what is known of its rows
    private readonly Dictionary<int, bool> missing = []; // a task: whether any target is

    /// <summary>What is there of the target of a row.</summary>
    internal enum Presence : byte
    {
        /// <summary>Nobody has looked.</summary>
        Unknown,

        /// <summary>Nothing.</summary>
        None,

        /// <summary>A part of its numbers.</summary>
        Some,

        /// <summary>All of it.</summary>
        All,
    }

    /// <summary>The tasks whose targets the data holds.</summary>
    public TaskSet Tasks { get; } = tasks ?? throw new ArgumentNullException(nameof(tasks));

    /// <summary>Whether all tasks look at the same rows.</summary>
    public bool SharesInput { get; } = sharesInput;

    /// <summary>Held by whoever reads rows.</summary>
    internal virtual Lock Reading { get; } = new();

    /// <summary>The shape of one row of input; tasks with rows of their own have it in common.</summary>
    public abstract IReadOnlyList<long> InputShape { get; }

    /// <summary>Rows of the task at this place of the set.</summary>
    public abstract long RowsOf(int task);

    /// <summary>Reads one row of input, without an axis for rows.</summary>
    /// <param name="task">The task's place in the set.</param>
    /// <param name="row">From 0.</param>
    /// <returns>A new tensor of <see cref="InputShape"/>.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public abstract Tensor ReadInput(int task, long row);

    /// <summary>Reads the target of one row, without an axis for rows.</summary>
    /// <param name="task">The task's place in the set.</param>
    /// <param name="row">From 0.</param>
    /// <returns>A new tensor; where the target is missing, NaN in floats and a negative number in integers.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public abstract Tensor ReadTarget(int task, long row);

    /// <summary>The batches of this data, in order or shuffled anew for each epoch; each is read when it is asked for.</summary>
    /// <param name="batchSize">Rows a batch; the last batch of an epoch is smaller where they do not come out even.</param>
    /// <param name="shuffleSeed">What the order of every epoch is derived from; null keeps the data's order.</param>
    /// <param name="dropLast">Leaves out a last batch that is smaller than the others.</param>
    /// <exception cref="ArgumentException">An epoch of some task would hold no batch.</exception>
    public BatchSource Batches(int batchSize, long? shuffleSeed = null, bool dropLast = false) =>
        new StoredBatches(this, batchSize, shuffleSeed, dropLast);

    /// <inheritdoc/>
    /// <remarks>To leave out rows, the targets of the remaining tasks are all read once, and remembered as there or missing.</remarks>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public StoredData Only(IEnumerable<string> taskNames, bool dropUnlabelled = false)
    {
        ArgumentNullException.ThrowIfNull(taskNames);
        int[] places = [.. taskNames.Select(Tasks.IndexOf).Distinct().Order()];
        return new StoredSubset(
            this,
            places,
            !dropUnlabelled ? null
                : SharesInput ? [Labelled(places)]
                : [.. places.Select(place => Labelled(place))]
        );
    }

    /// <inheritdoc/>
    public StoredData First(long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        int[] everyTask = [.. Enumerable.Range(0, Tasks.Count)];
        return new StoredSubset(
            this,
            everyTask,
            [
                .. everyTask
                    .Take(SharesInput ? 1 : Tasks.Count)
                    .Select(task => Rows(task).Take((int)Math.Min(rows, int.MaxValue)).ToArray()),
            ]
        );
    }

    IDataSet IDataSet.Only(IEnumerable<string> taskNames, bool dropUnlabelled) => Only(taskNames, dropUnlabelled);

    IDataSet IDataSet.First(long rows) => First(rows);

    /// <summary>Reads rows into memory.</summary>
    /// <param name="rows">How many of the first rows of each task, at most; null for all.</param>
    /// <param name="cancel">Stops between rows.</param>
    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public TensorData ToMemory(long? rows = null, CancellationToken cancel = default)
    {
        using var scope = torch.NewDisposeScope();
        var targets = Tasks.Select((_, task) => TaskTarget.FindMissing(Whole(task, rows, ReadTarget, cancel)));
        return SharesInput
            ? TensorData.Shared(Tasks, Whole(0, rows, ReadInput, cancel), [.. targets])
            : TensorData.PerTask(
                Tasks,
                [.. Tasks.Select((_, task) => Whole(task, rows, ReadInput, cancel))],
                [.. targets]
            );
    }

    /// <summary>Bytes that all rows take in memory, the marks of missing targets left out; reads the first row of each task.</summary>
    public long BytesInMemory()
    {
        using var scope = torch.NewDisposeScope();
        var bytes = 0L;
        for (var task = 0; task < Tasks.Count; task++)
        {
            if (RowsOf(task) > 0)
            {
                bytes += RowsOf(task) * Size(ReadTarget(task, 0));
                bytes += task == 0 || !SharesInput ? RowsOf(task) * Size(ReadInput(task, 0)) : 0;
            }
        }

        return bytes;

        static long Size(Tensor row) => row.NumberOfElements * row.ElementSize;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the rows are read from.</summary>
    /// <param name="disposing">False when called by a finaliser.</param>
    protected virtual void Dispose(bool disposing) { }

    /// <summary>Whether any row lacks a target of a task, or a part of it; reads targets up to the first that does.</summary>
    internal bool AnyMissing(int task)
    {
        lock (Reading)
        {
            return missing.TryGetValue(task, out var known)
                ? known
                : missing[task] = Rows(task).Any(row => PresenceOf(task, row) != Presence.All);
        }
    }

    /// <summary>What is there of a target, which is read the first time.</summary>
    internal virtual Presence PresenceOf(int task, long row)
    {
        lock (Reading)
        {
            if (!looked.TryGetValue(task, out var rows))
            {
                looked[task] = rows = new Presence[RowsOf(task)];
            }

            return rows[row] == Presence.Unknown ? rows[row] = Look(task, row) : rows[row];
        }
    }

    private Presence Look(int task, long row)
    {
        using var scope = torch.NewDisposeScope();
        var target = TaskTarget.FindMissing(ReadTarget(task, row));
        return target.Present is null ? Presence.All
            : target.PresentCount == 0 ? Presence.None
            : Presence.Some;
    }

    /// <summary>The rows in which one of some tasks has a target.</summary>
    private long[] Labelled(params int[] tasks) =>
        [.. Rows(tasks[0]).Where(row => Array.Exists(tasks, task => PresenceOf(task, row) != Presence.None))];

    private IEnumerable<long> Rows(int task) => Enumerable.Range(0, (int)RowsOf(task)).Select(row => (long)row);

    private Tensor Whole(int task, long? rows, Func<int, long, Tensor> read, CancellationToken cancel)
    {
        var count = Math.Min(rows ?? long.MaxValue, RowsOf(task));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(rows));
        Tensor? whole = null;
        for (var row = 0L; row < count; row++)
        {
            cancel.ThrowIfCancellationRequested();
            using var one = read(task, row);
            whole ??= torch.empty([count, .. one.shape], one.dtype);
            using var place = whole[row];
            place.copy_(one);
        }

        return whole!;
    }
}
