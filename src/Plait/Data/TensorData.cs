using Plait.Tasks;
using Plait.Torch;

namespace Plait.Data;

/// <summary>A data set in memory: tasks look at the same rows, at rows of their own, or some at the same and others at their own.</summary>
/// <remarks>
/// The data keeps handles of its own on the memory of the tensors it is given, outside every dispose scope: nothing is copied,
/// and a caller may dispose its own handles. Subsets copy rows; <see cref="SelectTasks"/> shares them.
/// </remarks>
public sealed partial class TensorData : IDataSet
{
    private readonly BatchInput[] inputs; // a stream
    private readonly TaskTarget[] targets;
    private readonly Lazy<int[]?>[] presentInRow;
    private readonly Lazy<double[]?>[] weightOfRow;
    private readonly Lazy<long[]?>[] lengthOfRow;
    private readonly Lazy<InputSpec>[] specs; // a stream

    private TensorData(RowStreams streams, IEnumerable<BatchInput> inputs, IEnumerable<TaskTarget> targets)
    {
        Streams = streams;
        this.inputs = [.. inputs.Select(input => input.Map(Keep))];
        this.targets = [.. targets.Select(target => target.MapAll(Keep))];
        presentInRow = [.. this.targets.Select(target => new Lazy<int[]?>(() => CountPresent(target)))];
        lengthOfRow = [.. this.inputs.Select(input => new Lazy<long[]?>(() => Lengths(input)))];
        specs = [.. this.inputs.Select(input => new Lazy<InputSpec>(() => InputSpec.Of(input)))];
        weightOfRow = [.. this.targets.Select(target => new Lazy<double[]?>(() => SumInRows(target.Weights)))];
    }

    /// <summary>The tasks whose targets the data holds.</summary>
    public TaskSet Tasks => Streams.Tasks;

    /// <inheritdoc/>
    public RowStreams Streams { get; }

    /// <summary>Rows that all tasks look at.</summary>
    /// <exception cref="InvalidOperationException">Some tasks have rows of their own: use <see cref="RowsOf"/>.</exception>
    public long Rows => Common.Rows;

    /// <summary>The one tensor that all tasks look at, [rows, ...]; the data's own handle.</summary>
    /// <exception cref="InvalidOperationException">Some tasks have rows of their own: use <see cref="InputOf"/>. Or there are several parts.</exception>
    public Tensor Input => Common.Values;

    /// <summary>Data whose tasks all look at the same rows.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="input">A tensor [rows, ...], or rows of different lengths or of several parts.</param>
    /// <param name="targets">One a task, [rows, ...]; where there is one a step, those behind the end of a row are missing, whatever they are.</param>
    /// <exception cref="ArgumentException">
    /// There is not one target a task, their rows are not those of the input, an input is not finite, or a target is none that its
    /// task's loss can learn from: looked for once, here, and not in each step.
    /// </exception>
    public static TensorData Shared(TaskSet tasks, BatchInput input, IReadOnlyList<TaskTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(input);
        return Of(RowStreams.Shared(tasks), [input], targets);
    }

    /// <summary>Data whose tasks each bring rows of their own.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="inputs">One a task, [rows of that task, ...].</param>
    /// <param name="targets">One a task, [rows of that task, ...].</param>
    /// <exception cref="ArgumentException">
    /// There is not one input and one target a task, their rows differ, an input is not finite, or a target is none that its task's
    /// loss can learn from: looked for once, here, and not in each step.
    /// </exception>
    public static TensorData PerTask(TaskSet tasks, IReadOnlyList<Tensor> inputs, IReadOnlyList<TaskTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return PerTask(tasks, [.. inputs.Select(input => new BatchInput(input))], targets);
    }

    /// <summary>Data whose tasks bring rows of their own; tasks that are given the same instance look at the same rows.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="inputs">One a task.</param>
    /// <param name="targets">One a task, [rows that the task looks at, ...].</param>
    /// <exception cref="ArgumentException">
    /// There is not one input and one target a task, their rows differ, an input is not finite, or a target is none that its task's
    /// loss can learn from: looked for once, here, and not in each step.
    /// </exception>
    public static TensorData PerTask(TaskSet tasks, IReadOnlyList<BatchInput> inputs, IReadOnlyList<TaskTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(inputs);
        RequireOnePerTask(tasks, inputs.Count, "inputs");
        var streams = RowStreams.Of(tasks, inputs);
        return Of(streams, [.. streams.FirstTasks.Select(task => inputs[task])], targets);
    }

    private static TensorData Of(RowStreams streams, BatchInput[] inputs, IReadOnlyList<TaskTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var tasks = streams.Tasks;
        RequireOnePerTask(tasks, targets.Count, "targets");
        using var scope = torch.NewDisposeScope();
        var known = new TaskTarget[tasks.Count];
        for (var task = 0; task < tasks.Count; task++)
        {
            known[task] = WithinRows(tasks[task], inputs[streams.Of(task)], targets[task]);
            tasks[task].Require(known[task]);
        }

        for (var stream = 0; stream < inputs.Length; stream++)
        {
            RequireFinite(inputs[stream], NameOf(streams, stream));
        }

        return new(streams, inputs, known);
    }

    /// <inheritdoc/>
    public InputSpec InputSpec => InputSpec.OfAll(this);

    /// <inheritdoc/>
    public InputSpec InputSpecOf(int task) => specs[Streams.Of(task)].Value;

    /// <summary>Rows of the task at this place of the set.</summary>
    public long RowsOf(int task) => BatchInputOf(task).Rows;

    /// <summary>The one tensor of the task at this place of the set, [rows, ...]; the data's own handle.</summary>
    /// <exception cref="InvalidOperationException">Rows have several parts: use <see cref="BatchInputOf"/>.</exception>
    public Tensor InputOf(int task) => BatchInputOf(task).Values;

    /// <summary>All rows of the task at this place of the set, with all their parts; the data's own handles.</summary>
    public BatchInput BatchInputOf(int task) => inputs[Streams.Of(task)];

    /// <summary>The targets of the task at this place of the set; the data's own handles.</summary>
    public TaskTarget TargetOf(int task) => targets[task];

    /// <summary>The batches of this data, in order or shuffled anew for each epoch.</summary>
    /// <param name="batchSize">Rows a batch; the last batch of an epoch is smaller where they do not come out even.</param>
    /// <param name="shuffleSeed">What the order of every epoch is derived from; null keeps the data's order.</param>
    /// <param name="dropLast">Leaves out a last batch that is smaller than the others.</param>
    /// <returns>A source that reads from this data, which must outlive it.</returns>
    /// <exception cref="ArgumentException">An epoch of some task would hold no batch.</exception>
    public MultiTaskDataLoader Batches(int batchSize, long? shuffleSeed = null, bool dropLast = false) =>
        new TensorBatches(this, batchSize, shuffleSeed, dropLast);

    /// <summary>A copy of some rows that all tasks look at, in the order given.</summary>
    /// <param name="rows">Row numbers from 0; a row may be given twice.</param>
    /// <exception cref="InvalidOperationException">Some tasks have rows of their own.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside the data.</exception>
    public TensorData Subset(IReadOnlyList<long> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _ = Common;
        return Subset([rows]);
    }

    /// <summary>A copy of some rows of each stream, in the order given.</summary>
    /// <param name="rowsOfStreams">For each of the <see cref="Streams"/>, row numbers from 0; a row may be given twice.</param>
    /// <exception cref="ArgumentException">There is not one list a stream.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside its stream.</exception>
    public TensorData Subset(IReadOnlyList<IReadOnlyList<long>> rowsOfStreams)
    {
        ArgumentNullException.ThrowIfNull(rowsOfStreams);
        RequireOnePerStream(rowsOfStreams.Count);
        using var scope = torch.NewDisposeScope();
        var chosenInputs = new BatchInput[Streams.Count];
        var chosenTargets = new TaskTarget[Tasks.Count];
        for (var stream = 0; stream < Streams.Count; stream++)
        {
            var rows = rowsOfStreams[stream];
            var tasks = Streams.TasksOf(stream);
            RequireInside(rows, inputs[stream].Rows, Streams.AreShared ? "the data" : $"task '{tasks[0].Name}'");
            var index = torch.tensor(rows.ToArray()).to(inputs[stream].Parts[0].Values.device);
            chosenInputs[stream] = inputs[stream].Select(index);
            foreach (var task in tasks.Indices)
            {
                chosenTargets[task] = Select(task, rows, index);
            }
        }

        return new(Streams, chosenInputs, chosenTargets);
    }

    /// <summary>The same data for fewer tasks, in the order of this set.</summary>
    /// <param name="taskNames">The tasks that remain.</param>
    /// <param name="dropUnlabelled">
    /// Leaves out rows in which none of the remaining tasks that look at them has a target, as a network of those tasks alone would be
    /// trained.
    /// </param>
    /// <exception cref="KeyNotFoundException">There is no task of some name.</exception>
    public TensorData SelectTasks(IEnumerable<string> taskNames, bool dropUnlabelled = false)
    {
        ArgumentNullException.ThrowIfNull(taskNames);
        int[] places = [.. taskNames.Select(Tasks.IndexOf).Distinct().Order()];
        var streams = Streams.SelectTasks(new TaskSet(places.Select(place => Tasks[place])), places);
        var remaining = new TensorData(
            streams,
            streams.FirstTasks.Select(first => BatchInputOf(places[first])),
            places.Select(place => targets[place])
        );
        if (!dropUnlabelled)
        {
            return remaining;
        }

        using (remaining)
        {
            return remaining.Subset([.. Enumerable.Range(0, streams.Count).Select(remaining.Labelled)]);
        }
    }

    /// <summary>A copy of the first rows of each stream.</summary>
    /// <param name="rows">How many, at most; above 0.</param>
    public TensorData Take(long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        return Subset([.. inputs.Select(input => Some(input.Rows))]);

        IReadOnlyList<long> Some(long count) =>
            [.. Enumerable.Range(0, (int)Math.Min(rows, count)).Select(row => (long)row)];
    }

    IDataSet IDataSet.SelectTasks(IEnumerable<string> taskNames, bool dropUnlabelled) =>
        SelectTasks(taskNames, dropUnlabelled);

    IDataSet IDataSet.Take(long rows) => Take(rows);

    /// <summary>The same data on a device; what is there already is shared, not copied.</summary>
    public TensorData To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        using var scope = torch.NewDisposeScope();
        return new(
            Streams,
            [.. inputs.Select(input => input.Map(tensor => Devices.Move(tensor, device)))],
            [.. targets.Select(target => target.MapAll(tensor => Devices.Move(tensor, device)))]
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (
            var tensor in inputs.SelectMany(input => input.Tensors).Concat(targets.SelectMany(target => target.Tensors))
        )
        {
            tensor.Dispose();
        }
    }

    /// <summary>How many targets of a task each row has; null when none is missing.</summary>
    internal int[]? PresentInRowOf(int task) => presentInRow[task].Value;

    /// <summary>What the targets of a task weigh together in each row; null when all weigh 1.</summary>
    internal double[]? WeightOfRows(int task) => weightOfRow[task].Value;

    /// <summary>How long each row of a task's input is; null where all are full.</summary>
    internal long[]? LengthsOf(int task) => lengthOfRow[Streams.Of(task)].Value;

    private BatchInput Common =>
        Streams.AreShared
            ? inputs[0]
            : throw new InvalidOperationException(
                "Tasks of this data bring their own rows; ask for the input or the rows of a task."
            );

    /// <summary>The rows of a stream in which one of its tasks has a target.</summary>
    private long[] Labelled(int stream)
    {
        var counts = Streams.TasksOf(stream).Indices.ToArray().Select(PresentInRowOf).ToArray();
        var rows = Enumerable.Range(0, (int)inputs[stream].Rows).Select(row => (long)row);
        return [.. rows.Where(row => Array.Exists(counts, count => count is null || count[row] > 0))];
    }

    private TaskTarget Select(int task, IReadOnlyList<long> rows, Tensor index)
    {
        var target = targets[task];
        var all = rows.Count * (target.Values.numel() / Math.Max(1, target.Values.size(0)));
        var present = PresentInRowOf(task) is { } counts ? rows.Sum(row => (long)counts[row]) : all;
        return target
            .Map(
                tensor => tensor.index_select(0, index),
                present,
                WeightOfRows(task) is { } w ? rows.Sum(row => w[row]) : null
            )
            .WithoutIdleMarks();
    }

    private static long[]? Lengths(BatchInput input) =>
        input.Parts.FirstOrDefault(part => part.Lengths is not null)?.Lengths!.cpu().data<long>().ToArray();

    private static int[]? CountPresent(TaskTarget target)
    {
        if (target.Present is null)
        {
            return null;
        }

        return [.. SumInRows(target.Present)!.Select(count => (int)count)];
    }

    private static double[]? SumInRows(Tensor? numbers)
    {
        using var scope = torch.NewDisposeScope();
        return numbers is null
            ? null
            : Numbers.Read(numbers.unsqueeze(-1).flatten(1).sum(1L, type: ScalarType.Float64));
    }

    private static Tensor Keep(Tensor tensor) => tensor.detach().DetachFromDisposeScope();
}
