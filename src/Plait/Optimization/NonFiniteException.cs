using Plait.Tasks;

namespace Plait.Optimization;

/// <summary>A loss, its weight or a gradient is not a finite number, so no update can be made of it; or an update has left parameters so.</summary>
public sealed class NonFiniteException : ArithmeticException
{
    /// <summary><see cref="What"/> of a step that was taken and left parameters that are not finite.</summary>
    internal const string Parameters = "parameters";

    /// <summary>How such a training is put right.</summary>
    internal const string Remedy =
        "Lower the learning rate, clip the gradients (ClipNorm, --clip-norm), or look for huge values in the inputs and targets.";

    /// <summary>Names the task and what of it is not finite.</summary>
    /// <param name="task">The task's name, or null when no single task is to blame.</param>
    /// <param name="what">"loss", "gradient" or "weight".</param>
    public NonFiniteException(string? task, string what)
        : this(
            task,
            what,
            task is null
                ? $"The {what} of all tasks together is not finite."
                : $"The {what} of task '{task}' is not finite."
        ) { }

    internal NonFiniteException(string? task, string what, string message)
        : base(message)
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

    /// <summary>"loss", "gradient" or "weight" where no parameter has moved; "parameters" of a step that was taken.</summary>
    public string What { get; }
}
