using System.Buffers;

namespace Plait.Numerics;

/// <summary>Finds the eigenvalues and eigenvectors of a Gramian, small ones as accurately as large ones.</summary>
/// <remarks>
/// One-sided Jacobi rotations on the columns of the pivoted Cholesky factor L, whose left singular vectors are the eigenvectors
/// and whose squared singular values are the eigenvalues: Veselić and Hari 1989, <i>A note on a one-sided Jacobi algorithm</i>.
/// The relative error of every eigenvalue depends on the condition of the Gramian of the vectors at unit length alone (Demmel
/// and Veselić 1992, <i>Jacobi's method is more accurate than QR</i>), so vectors of very different lengths do no harm. The
/// rank is that of the vectors at unit length.
/// </remarks>
public static class GramianEigen
{
    private const int MostSweeps = 40; // five to eight are usual

    /// <summary>Decomposes.</summary>
    /// <param name="gramian">Inner products of T vectors, T x T, row by row, symmetric, finite.</param>
    /// <param name="values">Receives the eigenvalues above 0, largest first, then zeros; T numbers.</param>
    /// <param name="vectors">Receives the eigenvectors of those values as rows of length 1, T x T; rows beyond the rank are left as they come.</param>
    /// <param name="rounding">The relative error of the inner products.</param>
    /// <returns>The rank: how many eigenvalues are above 0.</returns>
    /// <exception cref="ArgumentException">The sizes do not fit, or a squared norm is negative or not finite.</exception>
    public static int Decompose(
        ReadOnlySpan<double> gramian,
        Span<double> values,
        Span<double> vectors,
        double rounding = Vectors.Rounding
    )
    {
        MinNormPoint.Require(gramian, values);
        if (vectors.Length != gramian.Length)
        {
            throw new ArgumentException(
                $"The eigenvectors of {values.Length} vectors' Gramian are {gramian.Length} numbers; got room for {vectors.Length}.",
                nameof(vectors)
            );
        }

        var pivots = ArrayPool<int>.Shared.Rent(values.Length);
        try
        {
            var rank = PivotedCholesky.Factor(gramian, vectors, pivots, values, rounding);
            Diagonalize(vectors, values, rank);
            return rank;
        }
        finally
        {
            ArrayPool<int>.Shared.Return(pivots);
        }
    }

    /// <summary>Turns the columns of a factor, one after the other, into eigenvectors.</summary>
    /// <param name="columns">The columns; receives the eigenvectors.</param>
    /// <param name="values">Receives the eigenvalues; as many numbers as a column has.</param>
    /// <param name="rank">How many columns there are.</param>
    internal static void Diagonalize(Span<double> columns, Span<double> values, int rank)
    {
        var count = values.Length;
        for (var sweep = 0; sweep < MostSweeps && Sweep(columns, count, rank); sweep++) { }

        values.Clear();
        for (var k = 0; k < rank; k++)
        {
            var column = columns.Slice(k * count, count);
            values[k] = Vectors.Dot(column, column);
        }

        for (var k = 0; k < rank; k++)
        {
            var largest = k;
            for (var other = k + 1; other < rank; other++)
            {
                largest = values[other] > values[largest] ? other : largest;
            }

            var column = columns.Slice(k * count, count);
            if (largest != k)
            {
                (values[k], values[largest]) = (values[largest], values[k]);
                Vectors.Rotate(column, columns.Slice(largest * count, count), 0, 1);
            }

            var length = Math.Sqrt(values[k]);
            for (var i = 0; i < count; i++)
            {
                column[i] /= length;
            }
        }
    }

    /// <summary>Makes every pair of columns orthogonal once; false when all were.</summary>
    private static bool Sweep(Span<double> columns, int count, int rank)
    {
        var tolerance = Vectors.Rounding * Math.Sqrt(count);
        var turned = false;
        for (var p = 0; p < rank - 1; p++)
        {
            var left = columns.Slice(p * count, count);
            for (var q = p + 1; q < rank; q++)
            {
                var right = columns.Slice(q * count, count);
                var (leftSquare, rightSquare, product) = Vectors.Squares(left, right);
                if (Math.Abs(product) <= tolerance * Math.Sqrt(leftSquare) * Math.Sqrt(rightSquare))
                {
                    continue;
                }

                var cotangent = (rightSquare - leftSquare) / (2 * product);
                var tangent =
                    (cotangent >= 0 ? 1 : -1) / (Math.Abs(cotangent) + Math.Sqrt(1 + (cotangent * cotangent)));
                var cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
                Vectors.Rotate(left, right, cosine, cosine * tangent);
                turned = true;
            }
        }

        return turned;
    }
}
