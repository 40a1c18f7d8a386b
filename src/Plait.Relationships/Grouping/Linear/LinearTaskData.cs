namespace Plait.Relationships.Grouping.Linear;

/// <summary>One task of several linear ones: its own rows, over the same features as the others.</summary>
/// <remarks>Linear models here have no intercept: give a column of ones, or centre the targets and the features.</remarks>
public sealed class LinearTaskData
{
    private readonly double[] inputs;
    private readonly double[] targets;

    /// <summary>Takes the rows.</summary>
    /// <param name="name">The task's name.</param>
    /// <param name="inputs">Row by row, rows x features, finite.</param>
    /// <param name="targets">One a row, finite; one or more. For the logistic loss 0 or 1.</param>
    /// <exception cref="ArgumentException">The numbers do not make whole rows, or one is not finite.</exception>
    public LinearTaskData(string name, IReadOnlyList<double> inputs, IReadOnlyList<double> targets)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Count == 0 || inputs.Count == 0 || inputs.Count % targets.Count != 0)
        {
            throw new ArgumentException(
                $"Task '{name}' has {inputs.Count} inputs for {targets.Count} targets; it takes as many inputs for each target.",
                nameof(inputs)
            );
        }

        (Name, this.inputs, this.targets) = (name, [.. inputs], [.. targets]);
        Features = inputs.Count / targets.Count;
        for (var i = 0; i < this.inputs.Length; i++)
        {
            Require(this.inputs[i], i / Features, $"feature {(i % Features) + 1}");
        }

        for (var i = 0; i < this.targets.Length; i++)
        {
            Require(this.targets[i], i, "the target");
        }
    }

    /// <summary>The task's name.</summary>
    public string Name { get; }

    /// <summary>How many rows.</summary>
    public int Rows => targets.Length;

    /// <summary>Numbers a row.</summary>
    public int Features { get; }

    /// <summary>One a row.</summary>
    public ReadOnlySpan<double> Targets => targets;

    /// <summary>One row of inputs, [features].</summary>
    public ReadOnlySpan<double> Row(int row) => inputs.AsSpan(row * Features, Features);

    /// <summary>Whether tasks can be learned together under a loss.</summary>
    internal static void Require(IReadOnlyList<LinearTaskData> tasks, LinearLoss loss)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.Count == 0)
        {
            throw new ArgumentException("There are no tasks.", nameof(tasks));
        }

        foreach (var task in tasks)
        {
            if (task.Features != tasks[0].Features)
            {
                throw new ArgumentException(
                    $"Task '{task.Name}' has {task.Features} features, task '{tasks[0].Name}' {tasks[0].Features}; linear tasks share their features.",
                    nameof(tasks)
                );
            }

            if (
                loss == LinearLoss.Logistic
                && Array.FindIndex(task.targets, y => y is not (0 or 1)) is >= 0 and var row
            )
            {
                throw new ArgumentException(
                    $"Row {row + 1} of task '{task.Name}' has the target {task.targets[row]}; the logistic loss takes 0 or 1.",
                    nameof(tasks)
                );
            }
        }
    }

    private void Require(double number, int row, string what)
    {
        if (!double.IsFinite(number))
        {
            throw new ArgumentException(
                $"In row {row + 1} of task '{Name}' {what} is {number}; leave the row out or fill the value."
            );
        }
    }
}
