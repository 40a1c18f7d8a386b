using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>A loss, its weight or a gradient is not a finite number, so no update can be made of it.</summary>
public sealed class NonFiniteException : ArithmeticException
{
    /// <summary>Names the task and what of it is not finite.</summary>
    /// <param name="task">The task's name, or null when no single task is to blame.</param>
    /// <param name="what">"loss", "gradient" or "weight".</param>
    public NonFiniteException(string? task, string what)
        : base(task is null ? $"The {what} is not finite." : $"The {what} of task '{task}' is not finite.")
    {
        Task = task;
        What = what;
    }

    /// <summary>Names the first loss that is not finite, if there is one.</summary>
    /// <exception cref="NonFiniteException">There is one.</exception>
    internal static void ThrowIfAny(TaskLosses losses)
    {
        for (var i = 0; i < losses.Count; i++)
        {
            if (!double.IsFinite(losses.Numbers[i]))
            {
                throw new NonFiniteException(losses.Tasks[i].Name, "loss");
            }
        }
    }

    /// <summary>The task, or null when no single one is to blame.</summary>
    public string? Task { get; }

    /// <summary>"loss", "gradient" or "weight".</summary>
    public string What { get; }
}
