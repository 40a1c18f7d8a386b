namespace Plait.Networks.CrossTalk;

/// <summary>With which weights a task's network takes in its own activations and those of each other task, before anything is learned.</summary>
internal readonly record struct StartingWeights
{
    /// <summary>Takes weights, or spreads what the own one leaves of 1 over the others.</summary>
    /// <param name="tasks">How many tasks there are.</param>
    /// <param name="own">From 0 to 1.</param>
    /// <param name="other">Finite; null to spread.</param>
    /// <exception cref="ArgumentException">A weight is out of its range.</exception>
    public StartingWeights(int tasks, double own, double? other)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(own);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(own, 1);
        if (other is { } given && !double.IsFinite(given))
        {
            throw new ArgumentException(
                $"The weight of the other tasks is a finite number such as 0.05; got {given}.",
                nameof(other)
            );
        }

        Own = own;
        Other = other ?? (tasks > 1 ? (1 - own) / (tasks - 1) : 0);
    }

    /// <summary>Of the task's own activations.</summary>
    public double Own { get; }

    /// <summary>Of those of each other task.</summary>
    public double Other { get; }
}
