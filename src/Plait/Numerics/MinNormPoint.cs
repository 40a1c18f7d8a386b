using System.Buffers;

namespace Plait.Numerics;

/// <summary>Finds the point of smallest norm in the convex hull of some vectors, from their inner products alone.</summary>
/// <remarks>
/// Minimises w'Mw over the simplex for a Gramian M. With the vectors scaled to unit length (C, and d_i proportional to
/// 1/norm_i) the solution is, up to its sum, that of: minimise u'Cu/2 - d'u over u of 0 and more. That problem has no unit left
/// in it, so no tolerance below is a matter of the gradients' scale. It is bounded exactly when the hull does not hold the origin,
/// and where it is not, the ray along which it falls for ever is the combination that vanishes. Solved by the active-set
/// method of Lawson and Hanson 1974 (<i>Solving least squares problems</i>, chapter 23), which walks the same corrals as
/// Wolfe 1976, <i>Finding the nearest point in a polytope</i>.
/// </remarks>
public static class MinNormPoint
{
    private const int OnStack = 512;

    /// <summary>The weights of the shortest convex combination.</summary>
    /// <param name="gramian">Inner products of T vectors, T x T, row by row, symmetric, finite. Rounding may make it slightly indefinite.</param>
    /// <param name="weights">Receives T weights of 0 and more whose sum is 1.</param>
    /// <exception cref="ArgumentException">The numbers of values and weights do not fit, or a squared norm is negative or not finite.</exception>
    public static void Solve(ReadOnlySpan<double> gramian, Span<double> weights)
    {
        Require(gramian, weights);
        var count = weights.Length;
        if (SpreadOverZeros(gramian, weights))
        {
            return;
        }

        if (count == 2)
        {
            // The second weight is not 1 minus the first, which would lose a small one's digits.
            weights[0] = FirstOfTwo(gramian[0], gramian[1], gramian[3]);
            weights[1] = gramian[1] >= gramian[0] ? 0 : FirstOfTwo(gramian[3], gramian[1], gramian[0]);
            return;
        }

        var size = WorkSize(count);
        var rented = size > OnStack ? ArrayPool<double>.Shared.Rent(size) : null;
        var indices = size > OnStack ? ArrayPool<int>.Shared.Rent(3 * count) : null;
        try
        {
            Solve(
                gramian,
                weights,
                rented is null ? stackalloc double[size] : rented.AsSpan(0, size),
                indices is null ? stackalloc int[3 * count] : indices.AsSpan(0, 3 * count)
            );
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

    private static int WorkSize(int count) => (count * (count + 1)) + ActiveSet.WorkSize(count);

    private static void Solve(ReadOnlySpan<double> gramian, Span<double> weights, Span<double> work, Span<int> indices)
    {
        var count = weights.Length;
        var norms = work[..count];
        var cosines = work.Slice(count, count * count);
        UnitGramian.Fill(gramian, norms, cosines);
        var smallest = double.PositiveInfinity;
        foreach (var norm in norms)
        {
            smallest = Math.Min(smallest, norm);
        }

        var problem = new ActiveSet(cosines, work[(count * (count + 1))..], indices);
        for (var i = 0; i < count; i++)
        {
            problem.Pull[i] = smallest / norms[i];
        }

        problem.Solve(bounded: false);
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            weights[i] = problem.Weights[i] * problem.Pull[i];
            sum += weights[i];
        }

        for (var i = 0; i < count; i++)
        {
            weights[i] /= sum;
        }
    }

    /// <summary>The weight of the first of two vectors.</summary>
    /// <remarks>Sener and Koltun 2018, algorithm 1: the foot of the perpendicular from the origin, kept between the two.</remarks>
    /// <param name="aa">The first vector's squared norm.</param>
    /// <param name="ab">The inner product of the two.</param>
    /// <param name="bb">The second vector's squared norm.</param>
    internal static double FirstOfTwo(double aa, double ab, double bb) =>
        ab >= aa ? 1
        : ab >= bb ? 0
        : (bb - ab) / (aa - ab + (bb - ab));

    internal static void Require(ReadOnlySpan<double> gramian, Span<double> weights)
    {
        var count = weights.Length;
        if (count == 0 || gramian.Length != count * count)
        {
            throw new ArgumentException(
                $"{count} weights need a Gramian of {count} x {count} values, at least one; got {gramian.Length}.",
                nameof(gramian)
            );
        }

        for (var i = 0; i < count; i++)
        {
            var square = gramian[i * (count + 1)];
            if (!double.IsFinite(square) || square < 0)
            {
                throw new ArgumentException(
                    $"A squared norm is finite and 0 or more; that of vector {i} is {square}.",
                    nameof(gramian)
                );
            }
        }
    }

    private static bool SpreadOverZeros(ReadOnlySpan<double> gramian, Span<double> weights)
    {
        var count = weights.Length;
        var zeros = 0;
        for (var i = 0; i < count; i++)
        {
            weights[i] = gramian[i * (count + 1)] == 0 ? 1 : 0;
            zeros += (int)weights[i];
        }

        for (var i = 0; i < count && zeros > 0; i++)
        {
            weights[i] /= zeros;
        }

        return zeros > 0;
    }
}
