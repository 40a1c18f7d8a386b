namespace Plait.Optimization.LossWeighting;

/// <summary>Refuses options that are out of range, in one line.</summary>
internal static class OptionRange
{
    /// <exception cref="ArgumentException">The value is 0, below 0 or not finite.</exception>
    public static double Positive(double value, string what) =>
        value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentException($"The {what} is above 0 and finite; got {value}.");

    /// <exception cref="ArgumentException">The value is below 0 or not finite.</exception>
    public static double NotNegative(double value, string what) =>
        value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentException($"The {what} is 0 or more and finite; got {value}.");

    /// <exception cref="ArgumentException">A place is below 0 or named twice.</exception>
    public static int[]? Places(int[]? places, string what) =>
        places is null || (places.All(place => place >= 0) && places.Distinct().Count() == places.Length)
            ? places
            : throw new ArgumentException(
                $"The {what} are places of tasks, from 0, each named once; got {string.Join("/", places)}."
            );

    /// <exception cref="ArgumentException">A place is beyond the last task.</exception>
    public static void RequirePlaces(int[]? places, int tasks, string what)
    {
        if (places is not null && places.Any(place => place >= tasks))
        {
            throw new ArgumentException(
                $"The {what} are places of tasks, from 0 to {tasks - 1}; got {string.Join("/", places)}."
            );
        }
    }
}
