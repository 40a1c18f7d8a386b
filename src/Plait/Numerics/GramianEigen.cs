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
    private const int MostSweeps = 40; // two to four are usual
    private const int FewColumns = 4; // with no more of them the rotations alone are as fast

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

        var count = values.Length;
        var work = ArrayPool<double>.Shared.Rent(WorkSize(count));
        var pivots = ArrayPool<int>.Shared.Rent(count);
        try
        {
            var rank = Factor(
                gramian,
                vectors,
                work.AsSpan(0, count * count),
                work.AsSpan(count * count, count * count),
                pivots,
                values,
                rounding
            );
            Diagonalize(vectors, values, rank, work);
            return rank;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(work);
            ArrayPool<int>.Shared.Return(pivots);
        }
    }

    /// <summary>The pivoted Cholesky factor with as many columns as the vectors at unit length say.</summary>
    internal static int Factor(
        ReadOnlySpan<double> gramian,
        Span<double> columns,
        Span<double> cosines,
        Span<double> ofCosines,
        Span<int> pivots,
        Span<double> rest,
        double rounding
    )
    {
        var taken = UnitVectors.Of(gramian, cosines, rest, pivots);
        var rank = PivotedCholesky.Factor(cosines[..(taken * taken)], ofCosines, pivots, rest[..taken], rounding);
        return PivotedCholesky.Factor(gramian, columns, pivots, rest, rounding, rank);
    }

    /// <summary>The numbers that <see cref="Diagonalize"/> needs as working space for columns of this many numbers.</summary>
    internal static int WorkSize(int count) => (2 * count * count) + TridiagonalEigen.WorkSize(count);

    /// <summary>Turns the columns of a factor, one after the other, into eigenvectors.</summary>
    /// <param name="columns">The columns; receives the eigenvectors.</param>
    /// <param name="values">Receives the eigenvalues; as many numbers as a column has.</param>
    /// <param name="rank">How many columns there are.</param>
    /// <param name="work">As many numbers as <see cref="WorkSize"/> says.</param>
    /// <param name="right">Receives the right singular vectors of the factor, rank x rank, as rows; not wanted when empty.</param>
    internal static void Diagonalize(
        Span<double> columns,
        Span<double> values,
        int rank,
        Span<double> work,
        Span<double> right = default
    )
    {
        var count = values.Length;
        right.Clear();
        for (var k = 0; k < rank && !right.IsEmpty; k++)
        {
            right[k * (rank + 1)] = 1;
        }

        if (rank > FewColumns)
        {
            Prepare(columns, count, rank, work, right);
        }

        for (var sweep = 0; sweep < MostSweeps && Sweep(columns, values, rank, right); sweep++) { }

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
                Turn(right, rank, k, largest, 0, 1);
            }

            var length = Math.Sqrt(values[k]);
            for (var i = 0; i < count; i++)
            {
                column[i] /= length;
            }
        }
    }

    /// <summary>Rotates the columns all at once by a basis in which their inner products are nearly diagonal.</summary>
    private static void Prepare(Span<double> columns, int count, int rank, Span<double> work, Span<double> right)
    {
        var products = work[..(rank * rank)];
        var basis = right.IsEmpty ? work.Slice(count * count, rank * rank) : right[..(rank * rank)];
        var largest = 0.0;
        for (var k = 0; k < rank; k++)
        {
            largest = Math.Max(largest, Square(columns.Slice(k * count, count)));
        }

        if (!double.IsFinite(largest))
        {
            return; // the rotations by pairs need no room above the largest square
        }

        for (var k = 0; k < rank; k++)
        {
            for (var other = 0; other <= k; other++)
            {
                var product = Vectors.Dot(columns.Slice(k * count, count), columns.Slice(other * count, count));
                products[(k * rank) + other] = products[(other * rank) + k] = product / largest;
            }
        }

        TridiagonalEigen.Decompose(products, basis, work.Slice(2 * count * count, TridiagonalEigen.WorkSize(rank)));
        var turned = work[..(rank * count)];
        for (var k = 0; k < rank; k++)
        {
            var column = turned.Slice(k * count, count);
            var weights = basis.Slice(k * rank, rank);
            column.Clear();
            var j = 0;
            for (; j < rank - 1; j += 2)
            {
                Vectors.AddScaled(
                    column,
                    weights[j],
                    columns.Slice(j * count, count),
                    weights[j + 1],
                    columns.Slice((j + 1) * count, count)
                );
            }

            if (j < rank)
            {
                Vectors.AddScaled(column, weights[j], columns.Slice(j * count, count));
            }
        }

        turned.CopyTo(columns);
    }

    /// <summary>Makes every pair of columns orthogonal once; false when all were.</summary>
    private static bool Sweep(Span<double> columns, Span<double> squares, int rank, Span<double> right)
    {
        var count = squares.Length;
        var tolerance = Vectors.Rounding * Math.Sqrt(count);
        for (var k = 0; k < rank; k++)
        {
            squares[k] = Square(columns.Slice(k * count, count));
        }

        var turned = false;
        for (var p = 0; p < rank - 1; p++)
        {
            var first = columns.Slice(p * count, count);
            for (var q = p + 1; q < rank; q++)
            {
                var second = columns.Slice(q * count, count);
                var product = Vectors.Dot(first, second);
                if (Math.Abs(product) <= tolerance * Math.Sqrt(squares[p]) * Math.Sqrt(squares[q]))
                {
                    continue;
                }

                var cotangent = (squares[q] - squares[p]) / (2 * product);
                var tangent =
                    (cotangent >= 0 ? 1 : -1) / (Math.Abs(cotangent) + Math.Sqrt(1 + (cotangent * cotangent)));
                var cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
                Vectors.Rotate(first, second, cosine, cosine * tangent);
                Turn(right, rank, p, q, cosine, cosine * tangent);
                squares[p] = Changed(squares[p], -tangent * product, first);
                squares[q] = Changed(squares[q], tangent * product, second);
                turned = true;
            }
        }

        return turned;
    }

    /// <summary>A square after a rotation: its change is known, unless next to nothing is left.</summary>
    private static double Changed(double square, double change, ReadOnlySpan<double> column) =>
        square + change > square / 16 ? square + change : Square(column);

    private static double Square(ReadOnlySpan<double> column) => Vectors.Dot(column, column);

    private static void Turn(Span<double> right, int rank, int p, int q, double cosine, double sine)
    {
        if (!right.IsEmpty)
        {
            Vectors.Rotate(right.Slice(p * rank, rank), right.Slice(q * rank, rank), cosine, sine);
        }
    }
}
