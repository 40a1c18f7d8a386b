using Plait.Tasks;
using Plait.Torch;

namespace Plait.Data;

/// <summary>One mini-batch: inputs and targets of some tasks. The tasks share one input, or each brings its own rows.</summary>
public sealed class MultiTaskBatch : IDisposable
{
    private readonly Tensor?[] inputs;
    private readonly TaskTarget?[] targets;
    private IReadOnlyList<InputGroup>? groups;

    private MultiTaskBatch(TaskSelection tasks, Tensor?[] inputs, TaskTarget?[] targets, bool sharesInput)
    {
        Tasks = tasks;
        this.inputs = inputs;
        this.targets = targets;
        SharesInput = sharesInput;
    }

    /// <summary>The tasks whose rows are here.</summary>
    public TaskSelection Tasks { get; }

    /// <summary>Whether all tasks look at the same rows.</summary>
    public bool SharesInput { get; }

    /// <summary>The rows that all tasks look at, [rows, ...].</summary>
    /// <exception cref="InvalidOperationException">Each task has its own input: use <see cref="InputOf(int)"/>.</exception>
    public Tensor Input =>
        SharesInput
            ? inputs[Tasks.Indices[0]]!
            : throw new InvalidOperationException(
                "The tasks of this batch bring their own inputs; ask for the input of a task."
            );

    /// <summary>The rows that tasks look at, each once, with all tasks that do, in the order of their first tasks.</summary>
    public IReadOnlyList<InputGroup> Groups =>
        groups ??= SharesInput
            ? [new(InputOf(Tasks.Indices[0]), Tasks)]
            : [.. Tasks.Indices.ToArray().Select(task => new InputGroup(InputOf(task), Tasks.Tasks.Select(task)))];

    /// <summary>The rows that the task at this place of the set looks at, [rows, ...].</summary>
    public Tensor InputOf(int task) => inputs[task] ?? throw NotHere(task);

    /// <summary>The groups of some tasks alone.</summary>
    /// <exception cref="ArgumentException">There are no rows for one of them.</exception>
    internal IReadOnlyList<InputGroup> GroupsOf(TaskSelection tasks)
    {
        foreach (var task in tasks.Indices)
        {
            _ = InputOf(task);
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
    /// <param name="targets">One a task, [rows, ...].</param>
    /// <exception cref="ArgumentException">Their numbers or rows do not match.</exception>
    public static MultiTaskBatch Shared(TaskSelection tasks, Tensor input, IReadOnlyList<TaskTarget> targets)
    {
        ArgumentNullException.ThrowIfNull(input);
        RequireOnePerTask(tasks, targets.Count);
        var batch = Empty(tasks, sharesInput: true);
        for (var i = 0; i < tasks.Count; i++)
        {
            RequireRows(tasks[i], input, targets[i]);
            batch.inputs[tasks.Indices[i]] = input;
            batch.targets[tasks.Indices[i]] = targets[i];
        }

        return batch;
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
        RequireOnePerTask(tasks, inputs.Count);
        RequireOnePerTask(tasks, targets.Count);
        var batch = Empty(tasks, sharesInput: false);
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
    public static MultiTaskBatch Unlabelled(TaskSelection tasks, Tensor input)
    {
        var batch = Empty(tasks, sharesInput: true);
        foreach (var task in tasks.Indices)
        {
            batch.inputs[task] = input;
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

        var joined = Empty(first.Tasks, first.SharesInput);
        var shared = first.SharesInput ? torch.cat([.. batches.Select(batch => batch.Input)]) : null;
        foreach (var task in first.Tasks.Indices)
        {
            joined.inputs[task] = shared ?? torch.cat([.. batches.Select(batch => batch.InputOf(task))]);
            joined.targets[task] = TaskTarget.Join([.. batches.Select(batch => batch.TargetOf(task))]);
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

        var first = inputs.FirstOrDefault(input => input is not null);
        var ofAll = SharesInput && first is not null ? Cut(first) : null;
        return new MultiTaskBatch(
            Tasks,
            [.. inputs.Select(input => input is null ? null : ofAll ?? Cut(input))],
            [.. targets.Select(target => target?.Map(Cut))],
            SharesInput
        );

        Tensor Cut(Tensor rows) =>
            rows.narrow(0, 0, Math.Min(rows.size(0), Math.Max(2, (long)Math.Ceiling(share * rows.size(0)))));
    }

    /// <summary>The same batch as a network reads it: on a device, its input in a precision, whatever floats the data came in; whole numbers stay.</summary>
    /// <param name="device">Where.</param>
    /// <param name="floats">The type of the network's parameters.</param>
    /// <returns>This batch when it is so already.</returns>
    internal MultiTaskBatch To(Device device, ScalarType floats)
    {
        var there = To(device);
        var looked = SharesInput ? Tasks.Indices[..1] : Tasks.Indices; // shared rows are one tensor
        if (looked.ToArray().All(task => IsIn(there.InputOf(task), floats)))
        {
            return there;
        }

        var changed = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        return new MultiTaskBatch(
            Tasks,
            [.. there.inputs.Select(input => input is null ? null : Change(input))],
            there.targets,
            SharesInput
        );

        static bool IsIn(Tensor input, ScalarType floats) => input.dtype == floats || !input.is_floating_point();

        Tensor Change(Tensor input) =>
            IsIn(input, floats) ? input
            : changed.TryGetValue(input, out var known) ? known
            : changed[input] = input.to(floats);
    }

    /// <summary>The same batch on another device; this one when it is there already.</summary>
    public MultiTaskBatch To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (Devices.AreSame(inputs.First(input => input is not null)!.device, device))
        {
            return this;
        }

        var moved = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        return new MultiTaskBatch(
            Tasks,
            [.. inputs.Select(input => input is null ? null : Move(input))],
            [.. targets.Select(target => target?.MapAll(Move))],
            SharesInput
        );

        Tensor Move(Tensor tensor) =>
            moved.TryGetValue(tensor, out var there) ? there : moved[tensor] = Devices.Move(tensor, device);
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

    private static MultiTaskBatch Empty(TaskSelection tasks, bool sharesInput)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        return new(tasks, new Tensor?[tasks.Tasks.Count], new TaskTarget?[tasks.Tasks.Count], sharesInput);
    }

    private static void RequireOnePerTask(TaskSelection tasks, int count)
    {
        if (count != tasks.Count)
        {
            throw new ArgumentException($"{tasks.Count} tasks need as many inputs or targets; got {count}.");
        }
    }

    private static void RequireRows(LearningTask task, Tensor input, TaskTarget target)
    {
        if (input.size(0) != target.Values.size(0))
        {
            throw new ArgumentException(
                $"Task '{task.Name}' has {input.shape[0]} rows of input but {target.Values.shape[0]} targets."
            );
        }
    }

    private ArgumentException NotHere(int task) =>
        new(
            $"This batch holds nothing of the kind for task '{Tasks.Tasks[task].Name}'; it was read for {string.Join(", ", Tasks)}."
        );
}
