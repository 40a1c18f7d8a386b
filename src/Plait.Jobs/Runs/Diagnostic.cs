namespace Plait.Jobs.Runs;

/// <summary>One number about the inside of an optimization step. A second one for the same place replaces the first.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Kind">What it is: <see cref="Weight"/>, <see cref="Cosine"/>, <see cref="Norm"/>, another below or a name of the method's own.</param>
/// <param name="Task">The task's name; empty where the number is about all tasks together.</param>
/// <param name="OtherTask">The second task where the number is about a pair, else null.</param>
/// <param name="Value">Any number; NaN where it is not defined.</param>
public sealed record Diagnostic(long Step, string Kind, string Task, string? OtherTask, double Value)
{
    /// <summary>The weight of a task's loss in the objective.</summary>
    public const string Weight = "weight";

    /// <summary>What a task's gradient was multiplied by in the update: its loss's weight times the aggregator's.</summary>
    public const string UpdateWeight = "update-weight";

    /// <summary>The share of the pairs of tasks whose gradients point away from each other.</summary>
    public const string ConflictRate = "conflict-rate";

    /// <summary>The condition number of the gradients' Gramian.</summary>
    public const string Condition = "condition";

    /// <summary>How far the tasks' gradients agree in each of their numbers, from 0 (what they want cancels out) to 1.</summary>
    public const string Compliance = "compliance";

    /// <summary>The cosine between the gradients of two tasks, from -1 (opposed) to 1 (aligned).</summary>
    public const string Cosine = "cosine";

    /// <summary>The Euclidean norm of a task's gradient.</summary>
    public const string Norm = "norm";
}
