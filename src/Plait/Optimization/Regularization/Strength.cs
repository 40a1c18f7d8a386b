namespace Plait.Optimization.Regularization;

/// <summary>How much a penalty counts.</summary>
internal static class Strength
{
    /// <summary>The strength itself, where it is one.</summary>
    /// <exception cref="ArgumentException">It is negative or not finite.</exception>
    public static double Require(double strength) =>
        strength >= 0 && double.IsFinite(strength)
            ? strength
            : throw new ArgumentException($"The strength is finite and 0 or more; got {strength}.", nameof(strength));
}
