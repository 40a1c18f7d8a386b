namespace Plait.Optimization.MultiObjective;

/// <summary>The check of an option that is a step size or a strength.</summary>
internal static class StepSize
{
    /// <summary>Refuses what is negative or not finite.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    public static double Require(double value, string option) =>
        double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentException($"{option} is a finite number of 0 or more; got {value}.", option);
}
