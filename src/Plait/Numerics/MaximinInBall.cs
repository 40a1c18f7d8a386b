using System.Buffers;

namespace Plait.Numerics;

/// <summary>Finds the point of a ball whose smallest inner product with some vectors is largest, from their inner products alone.</summary>
/// <remarks>
/// <para>Liu et al. 2021, <i>Conflict-averse gradient descent for multi-task learning</i>, equations 3 and 4: the ball stands around
/// g_0 = J'b with a radius of c|g_0|. A smallest product of t or more is had in a polyhedron, whose point next to g_0 is
/// g_0 + J'x(t): a least-squares problem over weights of 0 and more, as the projection onto a cone is for t = 0. Its distance from
/// g_0 grows with t, and while the same weights are above 0 its square is quadratic in t. So t is found by solving that
/// quadratic, then the problem there, until the weights above 0 stay the same: exactly, after a few rounds.</para>
/// <para>x is the paper's w times its c|g_0|/|g_w|. That factor has no value where some g_w is 0 (a Pareto-stationary point) and the
/// largest t is 0: every point of the ball in the cone of t = 0 is then best, and of these the one next to g_0 is taken.</para>
/// </remarks>
public static class MaximinInBall
{
    private const int OnStack = 512;

    /// <summary>The weights of the best point.</summary>
    /// <param name="gramian">Inner products of T vectors, T x T, row by row, symmetric, finite. Rounding may make it slightly indefinite.</param>
    /// <param name="center">b: the T weights of the ball's centre, 0 or more.</param>
    /// <param name="ratio">c: the ball's radius over the centre's norm, 0 or more.</param>
    /// <param name="weights">Receives the T weights of the point, none below <paramref name="center"/>.</param>
    /// <exception cref="ArgumentException">The numbers of values and weights do not fit, a squared norm is negative or not finite, or the ratio is.</exception>
    public static void Solve(
        ReadOnlySpan<double> gramian,
        ReadOnlySpan<double> center,
        double ratio,
        Span<double> weights
    )
    {
        MinNormPoint.Require(gramian, weights);
        var count = weights.Length;
        if (center.Length != count || !double.IsFinite(ratio) || ratio < 0)
        {
            throw new ArgumentException(
                $"{count} weights need a centre of {count} and a finite ratio of 0 or more; got {center.Length} and {ratio}.",
                nameof(center)
            );
        }

        var size = (count * (count + 1)) + MaximinSearch.WorkSize(count);
        var rented = size > OnStack ? ArrayPool<double>.Shared.Rent(size) : null;
        var indices = size > OnStack ? ArrayPool<int>.Shared.Rent(3 * count) : null;
        try
        {
            Span<double> work = rented is null ? stackalloc double[size] : rented.AsSpan(0, size);
            Span<int> integers = indices is null ? stackalloc int[3 * count] : indices.AsSpan(0, 3 * count);
            var norms = work[..count];
            var cosines = work.Slice(count, count * count);
            UnitGramian.Fill(gramian, norms, cosines);
            center.CopyTo(weights);
            new MaximinSearch(norms, cosines, work[(count * (count + 1))..], integers).Solve(ratio, weights);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<double>.Shared.Return(rented);
                ArrayPool<int>.Shared.Return(indices!);
            }
        }
    }

    /// <summary>How far weights are from those of the best point.</summary>
    /// <remarks>
    /// At the best point those vectors whose weight is above the centre's have the smallest product, and the distance from the
    /// centre is the radius, or less where some convex combination is 0 and no product is below 0. The largest violation, as a length,
    /// is relative to the sum of the lengths of the parts of the point.
    /// </remarks>
    /// <param name="gramian">Inner products of T vectors, T x T, row by row.</param>
    /// <param name="center">b: the T weights of the ball's centre.</param>
    /// <param name="ratio">c: the ball's radius over the centre's norm.</param>
    /// <param name="weights">The T weights to judge.</param>
    /// <returns>0 or more, without a unit.</returns>
    public static double Residual(
        ReadOnlySpan<double> gramian,
        ReadOnlySpan<double> center,
        double ratio,
        ReadOnlySpan<double> weights
    )
    {
        var count = weights.Length;
        var rise = new double[count];
        var total = 0.0;
        for (var i = 0; i < count; i++)
        {
            rise[i] = weights[i] - center[i];
            total += Math.Abs(weights[i]) * Math.Sqrt(gramian[i * (count + 1)]);
        }

        if (total == 0)
        {
            return 0;
        }

        var shortest = double.PositiveInfinity;
        for (var i = 0; i < count; i++)
        {
            var square = gramian[i * (count + 1)];
            shortest = rise[i] * Math.Sqrt(square) > 1e-12 * total ? Math.Min(shortest, square) : shortest;
        }

        // The smallest product, of those that are known best: a long vector's rounding is much for a short one.
        var smallest = double.PositiveInfinity;
        for (var i = 0; i < count; i++)
        {
            if (gramian[i * (count + 1)] <= shortest)
            {
                smallest = Math.Min(smallest, Vectors.Dot(gramian.Slice(i * count, count), weights));
            }
        }

        var outside = Length(gramian, rise) - (ratio * Length(gramian, center));
        var onSphere = Math.Max(Math.Abs(outside), Violation(gramian, weights, rise, smallest));
        if (onSphere <= 1e-12 * total)
        {
            return onSphere / total;
        }

        var inside = Math.Max(Math.Max(0, outside), Violation(gramian, weights, rise, smallest: 0));
        return Math.Min(onSphere / total, Math.Max(inside / total, FromStationary(gramian)));
    }

    /// <summary>The largest of what keeps a raised vector's product from being the smallest, or a product from being as large, as lengths.</summary>
    private static double Violation(
        ReadOnlySpan<double> gramian,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> rise,
        double smallest
    )
    {
        var count = weights.Length;
        var worst = 0.0;
        for (var i = 0; i < count; i++)
        {
            var norm = Math.Sqrt(gramian[i * (count + 1)]);
            if (norm > 0)
            {
                var above = (Vectors.Dot(gramian.Slice(i * count, count), weights) - smallest) / norm;
                worst = Math.Max(worst, Math.Abs(Math.Min(rise[i] * norm, above)));
            }
        }

        return worst;
    }

    private static double Length(ReadOnlySpan<double> gramian, ReadOnlySpan<double> weights)
    {
        var square = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            square += weights[i] * Vectors.Dot(gramian.Slice(i * weights.Length, weights.Length), weights);
        }

        return Math.Sqrt(Math.Max(0, square));
    }

    /// <summary>How far the vectors are from having 0 in their hull: its shortest point's largest share of a unit vector, over its parts.</summary>
    private static double FromStationary(ReadOnlySpan<double> gramian)
    {
        var weights = new double[(int)Math.Round(Math.Sqrt(gramian.Length))];
        MinNormPoint.Solve(gramian, weights);
        var (largest, size) = (0.0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            var norm = Math.Sqrt(gramian[i * (weights.Length + 1)]);
            size += weights[i] * norm;
            var product = Math.Abs(Vectors.Dot(gramian.Slice(i * weights.Length, weights.Length), weights));
            largest = norm > 0 ? Math.Max(largest, product / norm) : largest;
        }

        return largest == 0 ? 0 : largest / size;
    }
}
