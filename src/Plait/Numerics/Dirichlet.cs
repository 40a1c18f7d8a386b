namespace Plait.Numerics;

/// <summary>Draws shares with sum 1 from a symmetric Dirichlet distribution.</summary>
/// <remarks>
/// Shares are gamma variates over their sum; the variates come from Marsaglia and Tsang 2000, <i>A simple method for generating
/// gamma variables</i>, as logarithms, so that a concentration far below 1 does not make all of them 0.
/// </remarks>
public static class Dirichlet
{
    /// <summary>Draws once.</summary>
    /// <param name="random">What chance is drawn from.</param>
    /// <param name="concentration">Above 0: below 1 most of the sum goes to one share, 1 is uniform, above it shares even out.</param>
    /// <param name="shares">Receives numbers of 0 or more whose sum is 1.</param>
    public static void Fill(Random random, double concentration, Span<double> shares)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(concentration);
        var largest = double.NegativeInfinity;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = LogGamma(random, concentration);
            largest = Math.Max(largest, shares[i]);
        }

        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = Math.Exp(shares[i] - largest);
            sum += shares[i];
        }

        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] /= sum;
        }
    }

    /// <summary>The logarithm of a gamma variate; a shape below 1 is reached from one above by a power of a uniform variate.</summary>
    private static double LogGamma(Random random, double shape)
    {
        if (shape < 1)
        {
            return LogGamma(random, shape + 1) + (Math.Log(1 - random.NextDouble()) / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = NormalVariate.Draw(random);
            var v = 1 + (c * x);
            if (v <= 0)
            {
                continue;
            }

            var logCube = 3 * Math.Log(v);
            if (Math.Log(1 - random.NextDouble()) < (x * x / 2) + d - (d * v * v * v) + (d * logCube))
            {
                return Math.Log(d) + logCube;
            }
        }
    }
}
