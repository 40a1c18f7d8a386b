namespace Plait.Optimization;

/// <summary>What an epoch says of one task, for methods that listen to how tasks get on.</summary>
internal static class TaskScore
{
    /// <summary>The primary metric on the validation data; without any, the mean training loss.</summary>
    /// <param name="outcome">What the epoch brought.</param>
    /// <param name="task">The task's place in the set.</param>
    /// <returns>The score, NaN where it is undefined, and whether more of it is better.</returns>
    public static (double Value, bool HigherIsBetter) Of(EpochOutcome outcome, int task)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return outcome.Validation?.Metrics is { } metrics
            ? (metrics.Primary(task), metrics.Tasks[task].PrimaryMetric.HigherIsBetter)
            : (outcome.TrainingLosses[task], false);
    }

    /// <summary>Refuses a saved state of another number of tasks.</summary>
    /// <exception cref="InvalidDataException">The numbers differ.</exception>
    public static void RequireCount(int inFile, int here)
    {
        if (inFile != here)
        {
            throw new InvalidDataException(
                $"The file holds the scores of {inFile} tasks but the run has {here}: it belongs to another recipe."
            );
        }
    }
}
