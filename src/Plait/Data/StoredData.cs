using Plait.Tasks;

namespace Plait.Data;

/// <summary>A data set whose rows are read when they are asked for, such as the files of a folder.</summary>
/// <remarks>
/// A derived class reads one row of input, and one row of a task's targets; batches, their order and their marks of missing targets
/// follow, and are the same as those of the same rows in a <see cref="TensorData"/>. Rows are read by one thread at a time. A task of
/// which any target is missing has marks in every batch, since losses round differently with them and without: the first batch
/// therefore looks through the targets for one that is. Shuffled rows of different lengths come in batches of like length, so that their
/// lengths are asked for beforehand.
/// </remarks>
/// <param name="streams">The tasks whose targets the data holds, and which of them look at the same rows; none answers for each step of a row.</param>
/// <exception cref="NotSupportedException">A task answers for each step of a row.</exception>
public abstract class StoredData(RowStreams streams) : IDataSet
{
    private const long Unknown = -1;
    private const long None = -2;

    private readonly Dictionary<int, long[]> lengths = []; // a stream: of each row, where it was asked for
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
    public TaskSet Tasks => Streams.Tasks;

    /// <inheritdoc/>
    public RowStreams Streams { get; } = Supported(streams);

    /// <inheritdoc/>
    public InputSpec InputSpec => InputSpec.OfAll(this);

    /// <summary>Held by whoever reads rows.</summary>
    internal virtual Lock Reading { get; } = new();

    /// <inheritdoc/>
    /// <remarks>Of rows of different lengths it says how long the longest may be.</remarks>
    public abstract InputSpec InputSpecOf(int task);

    /// <summary>Rows of the task at this place of the set; as many for all tasks that look at the same.</summary>
    public abstract long RowsOf(int task);

    /// <summary>Reads one row of input.</summary>
    /// <param name="task">The task's place in the set; of tasks that look at the same rows, any.</param>
    /// <param name="row">From 0.</param>
    /// <returns>
    /// A new input of one row, with the axis for rows: a tensor [1, ...], or named parts. A part of which rows may be of different lengths
    /// has its length in every row, and one that any row may lack has a mark in every row.
    /// </returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public abstract BatchInput ReadInput(int task, long row);

    /// <summary>Reads the target of one row, without an axis for rows.</summary>
    /// <param name="task">The task's place in the set.</param>
    /// <param name="row">From 0.</param>
    /// <returns>A new tensor; where the target is missing, NaN in floats and a negative number in integers.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public abstract Tensor ReadTarget(int task, long row);

    /// <summary>How long a row of input is, where rows are of different lengths; asked for once a row.</summary>
    /// <remarks>Reads the row, unless a derived class knows better: the first of its parts that has lengths counts.</remarks>
    /// <param name="task">The task's place in the set; of tasks that look at the same rows, any.</param>
    /// <param name="row">From 0.</param>
    /// <returns>Null where rows are of one length.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public virtual long? LengthOf(int task, long row)
    {
        using var scope = torch.NewDisposeScope();
        return ReadInput(task, row).Parts.FirstOrDefault(part => part.Lengths is not null)?.Lengths!.item<long>();
    }

    /// <summary>The batches of this data, in order or shuffled anew for each epoch; each is read when it is asked for.</summary>
    /// <param name="batchSize">Rows a batch; the last batch of an epoch is smaller where they do not come out even.</param>
    /// <param name="shuffleSeed">What the order of every epoch is derived from; null keeps the data's order.</param>
    /// <param name="dropLast">Leaves out a last batch that is smaller than the others.</param>
    /// <exception cref="ArgumentException">An epoch of some task would hold no batch.</exception>
    public MultiTaskDataLoader Batches(int batchSize, long? shuffleSeed = null, bool dropLast = false) =>
        new StoredBatches(this, batchSize, shuffleSeed, dropLast);

    /// <inheritdoc/>
    /// <remarks>To leave out rows, the targets of the remaining tasks are all read once, and remembered as there or missing.</remarks>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public StoredData SelectTasks(IEnumerable<string> taskNames, bool dropUnlabelled = false)
    {
        ArgumentNullException.ThrowIfNull(taskNames);
        int[] places = [.. taskNames.Select(Tasks.IndexOf).Distinct().Order()];
        var remaining = Streams.SelectTasks(new TaskSet(places.Select(place => Tasks[place])), places);
        return new StoredSubset(
            this,
            remaining,
            places,
            dropUnlabelled
                ?
                [
                    .. Enumerable
                        .Range(0, remaining.Count)
                        .Select(stream => Labelled(remaining.TasksOf(stream).Indices, places)),
                ]
                : null
        );
    }

    /// <inheritdoc/>
    public StoredData Take(long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        int[] everyTask = [.. Enumerable.Range(0, Tasks.Count)];
        return new StoredSubset(
            this,
            Streams,
            everyTask,
            [.. Streams.FirstTasks.Select(task => Rows(task).Take((int)Math.Min(rows, int.MaxValue)).ToArray())]
        );
    }

    IDataSet IDataSet.SelectTasks(IEnumerable<string> taskNames, bool dropUnlabelled) =>
        SelectTasks(taskNames, dropUnlabelled);

    IDataSet IDataSet.Take(long rows) => Take(rows);

    /// <summary>Reads rows into memory.</summary>
    /// <param name="rows">How many of the first rows of each task, at most; null for all.</param>
    /// <param name="cancel">Stops between rows.</param>
    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    public TensorData ToMemory(long? rows = null, CancellationToken cancel = default)
    {
        using var scope = torch.NewDisposeScope();
        TaskTarget[] targets = [.. Tasks.Select((_, task) => TaskTarget.FromRaw(WholeTarget(task, rows, cancel)))];
        BatchInput[] inputs = [.. Streams.FirstTasks.Select(task => WholeInput(task, rows, cancel))];
        return TensorData.PerTask(Tasks, [.. Tasks.Select((_, task) => inputs[Streams.Of(task)])], targets);
    }

    /// <summary>Bytes that all rows take in memory if they are as long as the first, the marks of missing targets left out; reads the first row of each task.</summary>
    public long BytesInMemory()
    {
        using var scope = torch.NewDisposeScope();
        var bytes = 0L;
        for (var task = 0; task < Tasks.Count; task++)
        {
            if (RowsOf(task) > 0)
            {
                bytes += RowsOf(task) * Size(ReadTarget(task, 0));
            }
        }

        foreach (var task in Streams.FirstTasks.Where(task => RowsOf(task) > 0))
        {
            bytes += RowsOf(task) * ReadInput(task, 0).Tensors.Sum(Size);
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

    /// <summary>How long each row of a task's input is; null where all are full.</summary>
    internal long[]? LengthsOf(int task) =>
        RowsOf(task) > 0 && KnownLengthOf(task, 0) is not null
            ? [.. Rows(task).Select(row => KnownLengthOf(task, row) ?? 0)]
            : null;

    /// <summary>How long a row is, which is asked for the first time.</summary>
    internal virtual long? KnownLengthOf(int task, long row)
    {
        lock (Reading)
        {
            var stream = Streams.Of(task);
            if (!lengths.TryGetValue(stream, out var known))
            {
                lengths[stream] = known = new long[RowsOf(task)];
                Array.Fill(known, Unknown);
            }

            var length = known[row] == Unknown ? known[row] = LengthOf(task, row) ?? None : known[row];
            return length == None ? null : length;
        }
    }

    /// <summary>Reads a row of input, and refuses one that is not what the data says.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    internal BatchInput ReadChecked(int task, long row)
    {
        var input = ReadInput(task, row);
        var fault = input.Parts.Any(part => part.Values.dim() == 0 || part.Values.size(0) != 1)
            ? $"it is to have an axis of 1 for rows, and is [{string.Join(", ", input.Parts[0].Values.shape)}]."
            : InputSpecOf(task).FaultOf(input);
        return fault is null
            ? input
            : throw new InvalidDataException($"Row {row} of the input of task '{Tasks[task].Name}': {fault}");
    }

    private Presence Look(int task, long row)
    {
        using var scope = torch.NewDisposeScope();
        var target = TaskTarget.FromRaw(ReadTarget(task, row));
        return target.Present is null ? Presence.All
            : target.PresentCount == 0 ? Presence.None
            : Presence.Some;
    }

    private static RowStreams Supported(RowStreams streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        return streams.Tasks.FirstOrDefault(task => task.Answer.Layout == Layout.Step) is { } steps
            ? throw new NotSupportedException(
                $"Task '{steps.Name}' answers for each step of a row, whose targets are read from data in memory (TensorData) and not row by row."
            )
            : streams;
    }

    /// <summary>The rows in which one of some tasks has a target.</summary>
    /// <param name="remaining">The tasks, by their places among those that remain.</param>
    /// <param name="places">The places in this set of those that remain.</param>
    private long[] Labelled(ReadOnlySpan<int> remaining, int[] places)
    {
        var tasks = remaining.ToArray().Select(task => places[task]).ToArray();
        return [.. Rows(tasks[0]).Where(row => Array.Exists(tasks, task => PresenceOf(task, row) != Presence.None))];
    }

    private IEnumerable<long> Rows(int task) => Enumerable.Range(0, (int)RowsOf(task)).Select(row => (long)row);

    private BatchInput WholeInput(int task, long? rows, CancellationToken cancel) =>
        new(Whole(task, rows, row => ReadChecked(task, row).Parts, cancel));

    private Tensor WholeTarget(int task, long? rows, CancellationToken cancel) =>
        Whole(task, rows, row => [new InputPart("", ReadTarget(task, row).unsqueeze(0))], cancel)[0].Values;

    private InputPart[] Whole(int task, long? rows, Func<long, IReadOnlyList<InputPart>> read, CancellationToken cancel)
    {
        var count = Math.Min(rows ?? long.MaxValue, RowsOf(task));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(rows));
        GatheredPart[]? parts = null;
        for (var row = 0L; row < count; row++)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var one = read(row);
            parts ??= [.. one.Select(_ => new GatheredPart(count))];
            for (var part = 0; part < parts.Length; part++)
            {
                parts[part].Add(one[part]);
            }
        }

        return [.. parts!.Select(part => part.Whole())];
    }
}
