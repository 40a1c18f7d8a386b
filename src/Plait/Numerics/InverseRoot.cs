using System.Buffers;

namespace Plait.Numerics;

/// <summary>Multiplies a vector by the inverse square root of a Gramian, its pseudo-inverse where the Gramian has none.</summary>
/// <remarks>
/// With the singular value decomposition L = UΣW' of the Cholesky factor the product is x = UΣ⁻¹U'p. Its components along short
/// vectors are far larger than those along long ones, and the rounding of the former would drown the latter; but x
/// also solves L'x = WU'p, whose right side has a length of no more than that of p, so a few substitutions with L, stable
/// in each row for itself, correct x to what rounding leaves of the combination that it stands for.
/// </remarks>
public static class InverseRoot
{
    private const int Corrections = 2;

    /// <summary>Multiplies.</summary>
    /// <param name="gramian">Inner products of T vectors, T x T, row by row, symmetric, finite.</param>
    /// <param name="vector">p, T numbers.</param>
    /// <param name="product">Receives x, T numbers.</param>
    /// <param name="values">Receives the eigenvalues above 0, largest first, then zeros; T numbers.</param>
    /// <param name="rounding">The relative error of the inner products.</param>
    /// <returns>The rank: how many eigenvalues are above 0.</returns>
    /// <exception cref="ArgumentException">The sizes do not fit, or a squared norm is negative or not finite.</exception>
    public static int Multiply(
        ReadOnlySpan<double> gramian,
        ReadOnlySpan<double> vector,
        Span<double> product,
        Span<double> values,
        double rounding = Vectors.Rounding
    )
    {
        MinNormPoint.Require(gramian, values);
        var count = values.Length;
        var work = ArrayPool<double>.Shared.Rent((3 * count * count) + (2 * count) + GramianEigen.WorkSize(count));
        var pivots = ArrayPool<int>.Shared.Rent(count);
        try
        {
            var factor = work.AsSpan(0, count * count);
            var left = work.AsSpan(count * count, count * count);
            var right = work.AsSpan(2 * count * count, count * count);
            var due = work.AsSpan(3 * count * count, count);
            var excess = work.AsSpan((3 * count * count) + count, count);
            var rank = GramianEigen.Factor(gramian, factor, left, right, pivots, values, rounding);
            factor[..(rank * count)].CopyTo(left);
            GramianEigen.Diagonalize(left, values, rank, work.AsSpan((3 * count * count) + (2 * count)), right);

            product.Clear();
            due.Clear();
            for (var k = 0; k < rank; k++)
            {
                var u = left.Slice(k * count, count);
                var along = Vectors.Dot(u, vector);
                Vectors.AddScaled(product, along / Math.Sqrt(values[k]), u);
                Vectors.AddScaled(due[..rank], along, right.Slice(k * rank, rank));
            }

            for (var pass = 0; pass < Corrections; pass++)
            {
                Correct(factor, pivots.AsSpan(0, rank), due, excess, product);
            }

            return rank;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(work);
            ArrayPool<int>.Shared.Return(pivots);
        }
    }

    /// <summary>Adds the solution of L'x = due - L'product that has numbers for the pivots alone.</summary>
    private static void Correct(
        ReadOnlySpan<double> factor,
        ReadOnlySpan<int> pivots,
        ReadOnlySpan<double> due,
        Span<double> excess,
        Span<double> product
    )
    {
        var count = product.Length;
        for (var k = 0; k < pivots.Length; k++)
        {
            excess[k] = due[k] - Vectors.Dot(factor.Slice(k * count, count), product);
        }

        for (var k = pivots.Length - 1; k >= 0; k--)
        {
            var change = excess[k] / factor[(k * count) + pivots[k]];
            product[pivots[k]] += change;
            for (var before = 0; before < k; before++)
            {
                excess[before] -= change * factor[(before * count) + pivots[k]];
            }
        }
    }
}
