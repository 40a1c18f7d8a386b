namespace Plait.Relationships.Grouping.Prediction;

/// <summary>A loss that changes with the logarithm of the steps: a ln(c i + 1) + b.</summary>
/// <remarks>
/// Bingel and Søgaard 2017 fit a ln(c i + d) + b and keep a and c. That is one parameter too many: a ln(c i + d) + b is also
/// a ln(s c i + s d) + b - a ln s for every s above 0, so c is whatever the fit started from. With d = 1 every parameter means something.
/// </remarks>
/// <param name="Steepness">a: the change of the loss while the logarithm grows by 1; negative where the loss falls.</param>
/// <param name="Rate">c, above 0, in 1 / steps: large where most of the change comes early.</param>
/// <param name="Start">b: the loss at step 0.</param>
public sealed record LogarithmicCurve(double Steepness, double Rate, double Start)
{
    /// <summary>The loss at a step.</summary>
    /// <param name="step">0 or more.</param>
    public double At(double step) => (Steepness * Math.Log((Rate * step) + 1)) + Start;
}
