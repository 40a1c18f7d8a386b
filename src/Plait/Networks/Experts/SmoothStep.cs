namespace Plait.Networks.Experts;

/// <summary>A cubic step that is exactly 0 below and exactly 1 above an interval, and smooth throughout.</summary>
/// <remarks>
/// Hazimeh et al. 2021, equation 4: -2 t³/γ³ + 3 t/(2 γ) + 1/2 for |t| up to γ/2. Its derivative is 0 at both ends, so that a limited
/// t needs no case of its own.
/// </remarks>
internal static class SmoothStep
{
    /// <summary>The step at every number.</summary>
    /// <param name="t">Numbers of any shape.</param>
    /// <param name="width">γ, the length of the interval around 0 in which it rises; above 0.</param>
    public static Tensor At(Tensor t, double width)
    {
        var part = t.div(width).clamp(-0.5, 0.5);
        return part.mul(part.square().mul(-2).add(1.5)).add(0.5);
    }
}
