using System.Buffers;

namespace Plait.Numerics;

/// <summary>Finds the combination of unit vectors whose inner product with each of them is 1.</summary>
/// <remarks>
/// With C the inner products of the vectors at length 1 this is y = C⁺1: the combination is U⁺1, the vector of least norm that
/// comes nearest to having all inner products equal to 1. Where the vectors are independent they all are; where they
/// are not, y is the solution of least norm, in the sense of least squares if there is none. A vector of zeros has no
/// direction and takes no part. Lengths do not enter, so neither do they enter the rank.
/// </remarks>
public static class EqualProjections
{
    /// <summary>Solves.</summary>
    /// <param name="gramian">Inner products of T vectors of any lengths, T x T, row by row, symmetric, finite.</param>
    /// <param name="weights">Receives the weights of the vectors as they were given: y_i over the length of vector i, and 0 for a vector of zeros.</param>
    /// <param name="rounding">The relative error of the inner products.</param>
    /// <returns>
    /// The squared length of the combination, 1'y: 1 or more where the projections are equal, and 0 where no combination has anything
    /// in common with all vectors (two opposite ones, say), for which all weights are 0.
    /// </returns>
    /// <exception cref="ArgumentException">The sizes do not fit, or a squared norm is negative or not finite.</exception>
    public static double Solve(ReadOnlySpan<double> gramian, Span<double> weights, double rounding = Vectors.Rounding)
    {
        MinNormPoint.Require(gramian, weights);
        var count = weights.Length;
        var work = ArrayPool<double>.Shared.Rent((2 * count * count) + (3 * count) + GramianEigen.WorkSize(count));
        var indices = ArrayPool<int>.Shared.Rent(2 * count);
        try
        {
            return Solve(gramian, weights, work, indices, rounding);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(work);
            ArrayPool<int>.Shared.Return(indices);
        }
    }

    /// <summary>How far weights are from a multiple of the solution: the normal equations C(Cy - c1) = 0 over the size of their terms.</summary>
    /// <param name="gramian">Inner products of the vectors.</param>
    /// <param name="weights">Weights of the vectors as they were given.</param>
    /// <returns>0 or more, without a unit; 0 for weights of 0.</returns>
    public static double Residual(ReadOnlySpan<double> gramian, ReadOnlySpan<double> weights)
    {
        var count = weights.Length;
        var work = ArrayPool<double>.Shared.Rent((count * count) + (4 * count));
        var places = ArrayPool<int>.Shared.Rent(count);
        try
        {
            var norms = work.AsSpan(count * count, count);
            var cosines = work.AsSpan(0, count * count);
            var taken = UnitVectors.Of(gramian, cosines, norms, places);
            var excess = work.AsSpan((count * count) + count, taken);
            var size = work.AsSpan((count * count) + (2 * count), taken);
            var sums = work.AsSpan((count * count) + (3 * count), taken);
            return Residual(cosines[..(taken * taken)], norms, places, weights, excess, size, sums);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(work);
            ArrayPool<int>.Shared.Return(places);
        }
    }

    private static double Solve(
        ReadOnlySpan<double> gramian,
        Span<double> weights,
        Span<double> work,
        Span<int> indices,
        double rounding
    )
    {
        var count = weights.Length;
        var norms = work.Slice(2 * count * count, count);
        var taken = UnitVectors.Of(gramian, work[..(count * count)], norms, indices[..count]);
        var cosines = work[..(taken * taken)];
        var columns = work.Slice(count * count, taken * taken);
        var rest = work.Slice((2 * count * count) + count, taken);
        var solution = work.Slice((2 * count * count) + (2 * count), taken);
        var pivots = indices.Slice(count, taken);

        var rank = PivotedCholesky.Factor(cosines, columns, pivots, rest, rounding);
        if (rank == taken)
        {
            solution.Fill(1);
            PivotedCholesky.Solve(columns, pivots, solution);
            for (var i = 0; i < taken; i++)
            {
                rest[i] = 1 - Vectors.Dot(cosines.Slice(i * taken, taken), solution);
            }

            PivotedCholesky.Solve(columns, pivots, rest);
            Vectors.AddScaled(solution, 1, rest);
        }
        else
        {
            GramianEigen.Diagonalize(columns, rest, rank, work[((2 * count * count) + (3 * count))..]);
            solution.Clear();
            for (var k = 0; k < rank; k++)
            {
                var vector = columns.Slice(k * taken, taken);
                Vectors.AddScaled(solution, Sum(vector) / rest[k], vector);
            }
        }

        var square = Sum(solution);
        weights.Clear();
        if (!(square > taken * rounding))
        {
            return 0;
        }

        for (var i = 0; i < taken; i++)
        {
            weights[indices[i]] = solution[i] / norms[i];
        }

        return square;
    }

    private static double Residual(
        ReadOnlySpan<double> cosines,
        ReadOnlySpan<double> norms,
        ReadOnlySpan<int> places,
        ReadOnlySpan<double> weights,
        Span<double> projections,
        Span<double> sizes,
        Span<double> sums
    )
    {
        var taken = projections.Length;
        var (along, square) = (0.0, 0.0);
        for (var i = 0; i < taken; i++)
        {
            var row = cosines.Slice(i * taken, taken);
            (projections[i], sizes[i], sums[i]) = (0, 0, Sum(row));
            for (var j = 0; j < taken; j++)
            {
                var term = row[j] * weights[places[j]] * norms[j];
                projections[i] += term;
                sizes[i] += Math.Abs(term);
            }
        }

        for (var i = 0; i < taken; i++)
        {
            along += Vectors.Dot(cosines.Slice(i * taken, taken), projections) * sums[i];
            square += sums[i] * sums[i];
        }

        var common = square > 0 ? along / square : 0;
        var worst = 0.0;
        for (var i = 0; i < taken; i++)
        {
            var (excess, size) = (0.0, 0.0);
            for (var j = 0; j < taken; j++)
            {
                excess += cosines[(i * taken) + j] * (projections[j] - common);
                size += Math.Abs(cosines[(i * taken) + j]) * (sizes[j] + Math.Abs(common));
            }

            worst = size > 0 ? Math.Max(worst, Math.Abs(excess) / size) : worst;
        }

        return worst;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }
}
