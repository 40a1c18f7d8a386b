namespace Plait.Numerics;

/// <summary>Approaches the point of smallest norm in the convex hull of some vectors, from their inner products alone.</summary>
/// <remarks>
/// Sener and Koltun 2018, <i>Multi-task learning as multi-objective optimization</i>, algorithm 2: from equal weights, step
/// towards the vector that the present point agrees with least, as far as the line between the two comes closest to the
/// origin. The error falls as 1/steps only; <see cref="MinNormPoint"/> is exact.
/// </remarks>
public static class FrankWolfe
{
    /// <summary>Weights of a short convex combination.</summary>
    /// <param name="gramian">Inner products of T vectors, T x T, row by row, symmetric, finite.</param>
    /// <param name="weights">Receives T weights of 0 and more whose sum is 1.</param>
    /// <param name="steps">The most steps to take; 250 in the paper's code.</param>
    /// <param name="smallestStep">Stops when a step goes no further than this share of its line.</param>
    /// <exception cref="ArgumentException">The numbers of values and weights do not fit, or a squared norm is negative or not finite.</exception>
    public static void Solve(
        ReadOnlySpan<double> gramian,
        Span<double> weights,
        int steps = 250,
        double smallestStep = 1e-6
    )
    {
        MinNormPoint.Require(gramian, weights);
        var count = weights.Length;
        weights.Fill(1.0 / count);
        for (var step = 0; step < steps; step++)
        {
            var least = 0;
            var leastProduct = double.PositiveInfinity;
            var square = 0.0;
            for (var i = 0; i < count; i++)
            {
                var product = 0.0;
                for (var j = 0; j < count; j++)
                {
                    product += gramian[(i * count) + j] * weights[j];
                }

                square += weights[i] * product;
                if (product < leastProduct)
                {
                    leastProduct = product;
                    least = i;
                }
            }

            var length = MinNormPoint.FirstOfTwo(gramian[least * (count + 1)], leastProduct, square);
            for (var i = 0; i < count; i++)
            {
                weights[i] *= 1 - length;
            }

            weights[least] += length;
            if (length <= smallestStep)
            {
                return;
            }
        }
    }
}
