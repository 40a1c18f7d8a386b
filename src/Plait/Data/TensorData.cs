using Plait.Tasks;
using Plait.Torch;

namespace Plait.Data;

/// <summary>A data set in memory: one input for all tasks, or for each task rows of its own.</summary>
/// <remarks>
/// The data keeps handles of its own on the memory of the tensors it is given, outside every dispose scope: nothing is copied,
/// and a caller may dispose its own handles. Subsets copy rows; <see cref="Only"/> shares them.
/// </remarks>
public sealed class TensorData : IDataSet
{
    private readonly Tensor[] inputs; // one for all tasks, or one a task
    private readonly TaskTarget[] targets;
    private readonly Lazy<int[]?>[] presentInRow;
    private readonly Lazy<double[]?>[] weightOfRow;

    private TensorData(TaskSet tasks, bool sharesInput, IEnumerable<Tensor> inputs, IEnumerable<TaskTarget> targets)
    {
        Tasks = tasks;
        SharesInput = sharesInput;
        this.inputs = [.. inputs.Select(Keep)];
        this.targets = [.. targets.Select(target => target.MapAll(Keep))];
        presentInRow = [.. this.targets.Select(target => new Lazy<int[]?>(() => CountPresent(target)))];
        weightOfRow = [.. this.targets.Select(target => new Lazy<double[]?>(() => SumInRows(target.Weights)))];
    }

    /// <summary>The tasks whose targets the data holds.</summary>
    public TaskSet Tasks { get; }

    /// <summary>Whether all tasks look at the same rows.</summary>
    public bool SharesInput { get; }

    /// <summary>Rows that all tasks look at.</summary>
    /// <exception cref="InvalidOperationException">Each task has rows of its own: use <see cref="RowsOf"/>.</exception>
    public long Rows => Input.size(0);

    /// <summary>The input that all tasks look at, [rows, ...]; the data's own handle.</summary>
    /// <exception cref="InvalidOperationException">Each task has rows of its own: use <see cref="InputOf"/>.</exception>
    public Tensor Input =>
        SharesInput
            ? inputs[0]
            : throw new InvalidOperationException(
                "The tasks of this data bring their own rows; ask for the input or the rows of a task."
            );

    /// <summary>Data whose tasks all look at the same rows.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="input">[rows, ...].</param>
    /// <param name="targets">One a task, [rows, ...].</param>
    /// <exception cref="ArgumentException">
    /// There is not one target a task, their rows are not those of the input, an input is not finite, or a target is none that its
    /// task's loss can learn from: looked for once, here, and not in each step.
    /// </exception>
    public static TensorData Shared(TaskSet tasks, Tensor input, IReadOnlyList<TaskTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(targets);
        RequireOnePerTask(tasks, targets.Count, "targets");
        for (var task = 0; task < tasks.Count; task++)
        {
            RequireRows(tasks[task], input, targets[task]);
            tasks[task].Require(targets[task]);
        }

        RequireFinite(input, "the input of all tasks");

        return new(tasks, sharesInput: true, [input], targets);
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
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        RequireOnePerTask(tasks, inputs.Count, "inputs");
        RequireOnePerTask(tasks, targets.Count, "targets");
        for (var task = 0; task < tasks.Count; task++)
        {
            RequireRows(tasks[task], inputs[task], targets[task]);
            tasks[task].Require(targets[task]);
            RequireFinite(inputs[task], $"the input of task '{tasks[task].Name}'");
        }

        return new(tasks, sharesInput: false, inputs, targets);
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> InputShape => InputOf(0).shape[1..];

    /// <summary>Rows of the task at this place of the set.</summary>
    public long RowsOf(int task) => InputOf(task).size(0);

    /// <summary>The input of the task at this place of the set, [rows, ...]; the data's own handle.</summary>
    public Tensor InputOf(int task) => SharesInput ? inputs[0] : inputs[task];

    /// <summary>The targets of the task at this place of the set; the data's own handles.</summary>
    public TaskTarget TargetOf(int task) => targets[task];

    /// <summary>The batches of this data, in order or shuffled anew for each epoch.</summary>
    /// <param name="batchSize">Rows a batch; the last batch of an epoch is smaller where they do not come out even.</param>
    /// <param name="shuffleSeed">What the order of every epoch is derived from; null keeps the data's order.</param>
    /// <param name="dropLast">Leaves out a last batch that is smaller than the others.</param>
    /// <returns>A source that reads from this data, which must outlive it.</returns>
    /// <exception cref="ArgumentException">An epoch of some task would hold no batch.</exception>
    public BatchSource Batches(int batchSize, long? shuffleSeed = null, bool dropLast = false) =>
        new TensorBatches(this, batchSize, shuffleSeed, dropLast);

    /// <summary>A copy of some rows, in the order given.</summary>
    /// <param name="rows">Row numbers from 0; a row may be given twice.</param>
    /// <exception cref="InvalidOperationException">Each task has rows of its own.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside the data.</exception>
    public TensorData Subset(IReadOnlyList<long> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        RequireInside(rows, Rows, "the data");
        using var scope = torch.NewDisposeScope();
        var index = torch.tensor(rows.ToArray()).to(Input.device);
        return new(
            Tasks,
            sharesInput: true,
            [Input.index_select(0, index)],
            Tasks.Select((_, task) => Select(task, rows, index))
        );
    }

    /// <summary>A copy of some rows of each task, in the order given.</summary>
    /// <param name="rowsOfTasks">For each task of the set, row numbers from 0.</param>
    /// <exception cref="InvalidOperationException">All tasks look at the same rows.</exception>
    /// <exception cref="ArgumentException">There is not one list a task.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row is outside its task's data.</exception>
    public TensorData Subset(IReadOnlyList<IReadOnlyList<long>> rowsOfTasks)
    {
        ArgumentNullException.ThrowIfNull(rowsOfTasks);
        if (SharesInput)
        {
            throw new InvalidOperationException("The tasks of this data share their rows; give one list of rows.");
        }

        RequireOnePerTask(Tasks, rowsOfTasks.Count, "lists of rows");
        using var scope = torch.NewDisposeScope();
        var chosenInputs = new Tensor[Tasks.Count];
        var chosenTargets = new TaskTarget[Tasks.Count];
        for (var task = 0; task < Tasks.Count; task++)
        {
            var rows = rowsOfTasks[task];
            RequireInside(rows, RowsOf(task), $"task '{Tasks[task].Name}'");
            var index = torch.tensor(rows.ToArray()).to(InputOf(task).device);
            chosenInputs[task] = InputOf(task).index_select(0, index);
            chosenTargets[task] = Select(task, rows, index);
        }

        return new(Tasks, sharesInput: false, chosenInputs, chosenTargets);
    }

    /// <summary>The same data for fewer tasks, in the order of this set.</summary>
    /// <param name="taskNames">The tasks that remain.</param>
    /// <param name="dropUnlabelled">
    /// Leaves out rows in which none of the remaining tasks has a target, as a network of those tasks alone would be trained.
    /// </param>
    /// <exception cref="KeyNotFoundException">There is no task of some name.</exception>
    public TensorData Only(IEnumerable<string> taskNames, bool dropUnlabelled = false)
    {
        ArgumentNullException.ThrowIfNull(taskNames);
        int[] places = [.. taskNames.Select(Tasks.IndexOf).Distinct().Order()];
        var remaining = new TensorData(
            new TaskSet(places.Select(place => Tasks[place])),
            SharesInput,
            SharesInput ? inputs : places.Select(place => inputs[place]),
            places.Select(place => targets[place])
        );
        if (!dropUnlabelled)
        {
            return remaining;
        }

        using (remaining)
        {
            var everyTask = Enumerable.Range(0, places.Length).ToArray();
            return SharesInput
                ? remaining.Subset(remaining.Labelled(everyTask))
                : remaining.Subset([.. everyTask.Select(task => remaining.Labelled(task))]);
        }
    }

    /// <summary>A copy of the first rows of each task.</summary>
    /// <param name="rows">How many, at most; above 0.</param>
    public TensorData First(long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        return SharesInput ? Subset(Some(0)) : Subset([.. Tasks.Select((_, task) => Some(task))]);

        IReadOnlyList<long> Some(int task) =>
            [.. Enumerable.Range(0, (int)Math.Min(rows, RowsOf(task))).Select(row => (long)row)];
    }

    IDataSet IDataSet.Only(IEnumerable<string> taskNames, bool dropUnlabelled) => Only(taskNames, dropUnlabelled);

    IDataSet IDataSet.First(long rows) => First(rows);

    /// <summary>The same data on a device; what is there already is shared, not copied.</summary>
    public TensorData To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        using var scope = torch.NewDisposeScope();
        return new(
            Tasks,
            SharesInput,
            [.. inputs.Select(input => Devices.Move(input, device))],
            [.. targets.Select(target => target.MapAll(tensor => Devices.Move(tensor, device)))]
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in inputs.Concat(targets.SelectMany(target => target.Tensors)))
        {
            tensor.Dispose();
        }
    }

    /// <summary>How many targets of a task each row has; null when none is missing.</summary>
    internal int[]? PresentInRowOf(int task) => presentInRow[task].Value;

    /// <summary>What the targets of a task weigh together in each row; null when all weigh 1.</summary>
    internal double[]? WeightOfRows(int task) => weightOfRow[task].Value;

    private long[] Labelled(params int[] tasks)
    {
        var counts = tasks.Select(PresentInRowOf).ToArray();
        var rows = Enumerable.Range(0, (int)RowsOf(tasks[0])).Select(row => (long)row);
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

    private static void RequireOnePerTask(TaskSet tasks, int count, string what)
    {
        if (count != tasks.Count)
        {
            throw new ArgumentException($"{tasks.Count} tasks need as many {what}; got {count}.");
        }
    }

    private static void RequireRows(LearningTask task, Tensor input, TaskTarget target)
    {
        if (input.dim() == 0 || target.Values.dim() == 0 || input.size(0) != target.Values.size(0))
        {
            throw new ArgumentException(
                $"Task '{task.Name}' has inputs of shape [{string.Join(", ", input.shape)}] and targets of shape "
                    + $"[{string.Join(", ", target.Values.shape)}]; both need one entry a row along the first axis."
            );
        }
    }

    private static void RequireFinite(Tensor input, string what)
    {
        if (TargetFaults.FirstNotFinite(input) is { } fault)
        {
            throw new ArgumentException(
                $"A number in {what} is {fault}, where a network needs finite ones; fill in what is missing, or leave out such rows."
            );
        }
    }

    private static void RequireInside(IReadOnlyList<long> rows, long count, string where)
    {
        foreach (var row in rows)
        {
            if (row < 0 || row >= count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(rows),
                    $"Row {row} is not in {where}, which has rows 0 to {count - 1}."
                );
            }
        }
    }
}
