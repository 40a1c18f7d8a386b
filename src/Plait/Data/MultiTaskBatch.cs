using Plait.Tasks;
using Plait.Torch;

namespace Plait.Data;

/// <summary>One mini-batch: inputs and targets of some tasks. Some tasks may look at the same rows, and others at rows of their own.</summary>
public sealed class MultiTaskBatch : IDisposable
{
    private readonly BatchInput?[] inputs; // of a task; tasks that look at the same rows have the same instance
    private readonly TaskTarget?[] targets;
    private IReadOnlyList<InputGroup>? groups;

    private MultiTaskBatch(TaskSelection tasks, BatchInput?[] inputs, TaskTarget?[] targets)
    {
        Tasks = tasks;
        this.inputs = inputs;
        this.targets = targets;
    }

    /// <summary>The tasks whose rows are here.</summary>
    public TaskSelection Tasks { get; }

    /// <summary>The one tensor of rows that all tasks look at, [rows, ...].</summary>
    /// <exception cref="InvalidOperationException">Some tasks have rows of their own: use <see cref="InputOf(int)"/>. Or there are several parts.</exception>
    public Tensor Input =>
        Groups is [var (all, _)]
            ? all.Values
            : throw new InvalidOperationException(
                "Tasks of this batch bring their own inputs; ask for the input of a task."
            );

    /// <summary>The rows that tasks look at, each once, with all tasks that do, in the order of their first tasks.</summary>
    public IReadOnlyList<InputGroup> Groups =>
        groups ??= [
            .. Tasks
                .Indices.ToArray()
                .GroupBy(BatchInputOf, ReferenceEqualityComparer.Instance)
                .Select(group => new InputGroup(BatchInputOf(group.First()), Tasks.And(Tasks.Tasks.Select(group)))),
        ];

    /// <summary>The rows that the task at this place of the set looks at, with all their parts.</summary>
    public BatchInput BatchInputOf(int task) => inputs[task] ?? throw NotHere(task);

    /// <summary>The one tensor of rows that the task at this place of the set looks at, [rows, ...].</summary>
    /// <exception cref="InvalidOperationException">There are several parts: use <see cref="BatchInputOf(int)"/>.</exception>
    public Tensor InputOf(int task) => BatchInputOf(task).Values;

    /// <summary>The groups of some tasks alone.</summary>
    /// <exception cref="ArgumentException">There are no rows for one of them.</exception>
    internal IReadOnlyList<InputGroup> GroupsOf(TaskSelection tasks)
    {
        foreach (var task in tasks.Indices)
        {
            _ = BatchInputOf(task);
        }

        return ReferenceEquals(tasks, Tasks)
            ? Groups
            :
            [
                .. Groups
                    .Select(group => group with { Tasks = tasks.And(group.Tasks) })
                    .Where(group => group.Tasks.Count > 0),
            ];
    }

    /// <summary>The targets of the task at this place of the set.</summary>
    public TaskTarget TargetOf(int task) => targets[task] ?? throw NotHere(task);

    /// <summary>The tasks that have a target for some row.</summary>
    public TaskSelection LabelledTasks => Tasks.Where(task => TargetOf(task).PresentCount > 0);

    /// <summary>One input for all tasks.</summary>
    /// <param name="tasks">All tasks of the set, in order.</param>
    /// <param name="input">[rows, ...].</param>
    /// <param name="targets">One a task, [rows, ...]; where there is one a step, those behind the end of a row are to be missing, as <see cref="TensorData"/> has them.</param>
    /// <exception cref="ArgumentException">Their numbers or rows do not match.</exception>
    public static MultiTaskBatch Shared(TaskSelection tasks, BatchInput input, IReadOnlyList<TaskTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(tasks);
        return PerTask(tasks, [.. Enumerable.Repeat(input, tasks.Count)], targets);
    }

    /// <summary>One input for each task, with rows of its own.</summary>
    /// <param name="tasks">The tasks that take part.</param>
    /// <param name="inputs">One a task, [rows of that task, ...].</param>
    /// <param name="targets">One a task, [rows of that task, ...].</param>
    /// <exception cref="ArgumentException">Their numbers or rows do not match.</exception>
    public static MultiTaskBatch PerTask(
        TaskSelection tasks,
        IReadOnlyList<Tensor> inputs,
        IReadOnlyList<TaskTarget> targets
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return PerTask(tasks, [.. inputs.Select(input => new BatchInput(input))], targets);
    }

    /// <summary>One input for each task; tasks that are given the same instance look at the same rows, and are one group.</summary>
    /// <param name="tasks">The tasks that take part.</param>
    /// <param name="inputs">One a task.</param>
    /// <param name="targets">One a task, [rows of that task, ...].</param>
    /// <exception cref="ArgumentException">Their numbers or rows do not match.</exception>
    public static MultiTaskBatch PerTask(
        TaskSelection tasks,
        IReadOnlyList<BatchInput> inputs,
        IReadOnlyList<TaskTarget> targets
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        RequireOnePerTask(tasks, inputs.Count);
        RequireOnePerTask(tasks, targets.Count);
        var batch = Empty(tasks);
        for (var i = 0; i < tasks.Count; i++)
        {
            RequireRows(tasks[i], inputs[i], targets[i]);
            batch.inputs[tasks.Indices[i]] = inputs[i];
            batch.targets[tasks.Indices[i]] = targets[i];
        }

        return batch;
    }

    /// <summary>Inputs alone, for prediction.</summary>
    /// <param name="tasks">The tasks to predict.</param>
    /// <param name="input">[rows, ...].</param>
    public static MultiTaskBatch Unlabelled(TaskSelection tasks, BatchInput input)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return Unlabelled(tasks, [.. Enumerable.Repeat(input, tasks.Count)]);
    }

    /// <summary>Inputs alone, one for each task, for prediction; tasks that are given the same instance are one group.</summary>
    /// <param name="tasks">The tasks to predict.</param>
    /// <param name="inputs">One a task.</param>
    /// <exception cref="ArgumentException">There is not one input a task.</exception>
    public static MultiTaskBatch Unlabelled(TaskSelection tasks, IReadOnlyList<BatchInput> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        RequireOnePerTask(tasks, inputs.Count);
        var batch = Empty(tasks);
        for (var i = 0; i < tasks.Count; i++)
        {
            batch.inputs[tasks.Indices[i]] = inputs[i];
        }

        return batch;
    }

    /// <summary>The rows of several batches of the same tasks as one.</summary>
    /// <returns>New tensors, or the only batch itself.</returns>
    internal static MultiTaskBatch Join(IReadOnlyList<MultiTaskBatch> batches)
    {
        var first = batches[0];
        if (batches.Count == 1)
        {
            return first;
        }

        var joined = Empty(first.Tasks);
        foreach (var (_, tasks) in first.Groups)
        {
            var lead = tasks.Indices[0];
            var input = BatchInput.Join([.. batches.Select(batch => batch.BatchInputOf(lead))]);
            foreach (var task in tasks.Indices)
            {
                joined.inputs[task] = input;
                joined.targets[task] = TaskTarget.Join([.. batches.Select(batch => batch.TargetOf(task))]);
            }
        }

        return joined;
    }

    /// <summary>A share of the batch's rows: the first ones, which are as good as any where rows come shuffled.</summary>
    /// <param name="share">Above 0 to 1; at least two rows stay where there are as many, since batch normalisation takes no single one.</param>
    /// <returns>A view of this batch, or itself where all rows stay.</returns>
    public MultiTaskBatch Share(double share)
    {
        if (share == 1)
        {
            return this;
        }

        return new MultiTaskBatch(
            Tasks,
            Change(input => input.Narrow(0, Kept(input.Rows))),
            [.. targets.Select(target => target?.Map(rows => rows.narrow(0, 0, Kept(rows.size(0)))))]
        );

        long Kept(long rows) => Math.Min(rows, Math.Max(2, (long)Math.Ceiling(share * rows)));
    }

    /// <summary>The same batch as a network reads it: on a device, its input in a precision, whatever floats the data came in; whole numbers stay.</summary>
    /// <param name="device">Where.</param>
    /// <param name="floats">The type of the network's parameters.</param>
    /// <returns>This batch when it is so already.</returns>
    internal MultiTaskBatch To(Device device, ScalarType floats)
    {
        var there = To(device);
        var changed = there.Change(input => input.To(device, floats));
        return changed.Zip(there.inputs).All(pair => ReferenceEquals(pair.First, pair.Second))
            ? there
            : new MultiTaskBatch(Tasks, changed, there.targets);
    }

    /// <summary>The same batch on another device; this one when it is there already.</summary>
    public MultiTaskBatch To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (Devices.AreSame(BatchInputOf(Tasks.Indices[0]).Parts[0].Values.device, device))
        {
            return this;
        }

        var moved = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        return new MultiTaskBatch(
            Tasks,
            Change(input => input.Map(Move)),
            [.. targets.Select(target => target?.MapAll(Move))]
        );

        Tensor Move(Tensor tensor) =>
            moved.TryGetValue(tensor, out var there) ? there : moved[tensor] = Devices.Move(tensor, device);
    }

    /// <summary>Each task's input changed; what tasks look at together is changed once.</summary>
    private BatchInput?[] Change(Func<BatchInput, BatchInput> change)
    {
        var changed = new BatchInput?[inputs.Length];
        foreach (var (input, tasks) in Groups)
        {
            var now = change(input);
            foreach (var task in tasks.Indices)
            {
                changed[task] = now;
            }
        }

        return changed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var input in inputs)
        {
            input?.Dispose();
        }

        foreach (var tensor in targets.SelectMany(target => target?.Tensors ?? []))
        {
            tensor.Dispose();
        }
    }

    private static MultiTaskBatch Empty(TaskSelection tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return new(tasks, new BatchInput?[tasks.Tasks.Count], new TaskTarget?[tasks.Tasks.Count]);
    }

    private static void RequireOnePerTask(TaskSelection tasks, int count)
    {
        if (count != tasks.Count)
        {
            throw new ArgumentException($"{tasks.Count} tasks need as many inputs or targets; got {count}.");
        }
    }

    private static void RequireRows(LearningTask task, BatchInput input, TaskTarget target)
    {
        if (input.Rows != target.Values.size(0))
        {
            throw new ArgumentException(
                $"Task '{task.Name}' has {input.Rows} rows of input but {target.Values.shape[0]} targets."
            );
        }

        if (task.Answer.Layout == Layout.Step)
        {
            TensorData.RequireSteps(task, input.Sequence, target);
        }
    }

    private ArgumentException NotHere(int task) =>
        new(
            $"This batch holds nothing of the kind for task '{Tasks.Tasks[task].Name}'; it was read for {string.Join(", ", Tasks)}."
        );
}
