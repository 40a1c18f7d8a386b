namespace Plait.Networks.Experts;

/// <summary>Gates between 0 and 1 that are often exactly 0 or 1 and still have a gradient.</summary>
/// <remarks>
/// Louizos et al. 2018, <i>Learning Sparse Neural Networks through L0 Regularization</i>, equations 10 to 13: a concrete variable
/// stretched from [0, 1] to [γ, ζ] and limited to [0, 1] again. The constants are those of their section 4.
/// </remarks>
internal static class HardConcrete
{
    public const double Temperature = 2.0 / 3; // β
    public const double Low = -0.1; // γ
    public const double High = 1.1; // ζ

    /// <summary>The gates of one draw.</summary>
    /// <param name="openness">log α of each gate.</param>
    /// <param name="noise">log u − log(1 − u) of each gate, for u uniform between 0 and 1.</param>
    public static Tensor Drawn(Tensor openness, Tensor noise) => Stretch(openness.add(noise).div(Temperature));

    /// <summary>The gates without chance, as they are in evaluation.</summary>
    public static Tensor Settled(Tensor openness) => Stretch(openness);

    /// <summary>The probability that a drawn gate is not 0.</summary>
    public static Tensor OpenProbability(Tensor openness) =>
        openness.sub(Temperature * Math.Log(-Low / High)).sigmoid();

    /// <summary>log u − log(1 − u) of a random number.</summary>
    public static float Noise(Random random)
    {
        var u = Math.Max(random.NextDouble(), double.Epsilon);
        return (float)(Math.Log(u) - Math.Log(1 - u));
    }

    private static Tensor Stretch(Tensor logits) => logits.sigmoid().mul(High - Low).add(Low).clamp(0, 1);
}
