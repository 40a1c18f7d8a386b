namespace Plait.Numerics;

/// <summary>Turns finite numbers into shares above 0 with sum 1, in proportion to their exponentials.</summary>
internal static class Softmax
{
    /// <summary>Computes the shares.</summary>
    /// <param name="logits">Finite; the largest is taken off first, so that none is too large.</param>
    /// <param name="shares">Receives as many shares; may be the same span.</param>
    public static void Of(ReadOnlySpan<double> logits, Span<double> shares)
    {
        var largest = double.NegativeInfinity;
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
        {
            shares[i] = Math.Exp(logits[i] - largest);
            sum += shares[i];
        }

        for (var i = 0; i < logits.Length; i++)
        {
            shares[i] /= sum;
        }
    }
}
