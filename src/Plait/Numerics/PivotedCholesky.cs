namespace Plait.Numerics;

/// <summary>Factors a Gramian as LL' with as many columns as its vectors have dimensions.</summary>
/// <remarks>
/// Diagonal pivoting (Higham 2002, <i>Accuracy and Stability of Numerical Algorithms</i>, section 10.3). A vector counts as a
/// combination of those before it when what is left of its square is no more than rounding of that square: a
/// comparison of each vector with itself, so that vectors of any lengths stand beside one another. The error of entry (i, j) is
/// of the order of rounding times norm_i times norm_j. Long vectors come first, which the accuracy of small eigenvalues rests on,
/// unless next to nothing is left of them: where vectors both depend on each other and differ much in length, that costs up to four
/// digits of the entries of short ones.
/// </remarks>
internal static class PivotedCholesky
{
    private const double Safety = 32; // on the rounding of one square
    private const double Comparable = 1e-4; // shares of squares left that are alike enough for lengths to decide on the pivot

    /// <summary>Factors.</summary>
    /// <param name="gramian">Inner products of T vectors, T x T.</param>
    /// <param name="columns">Receives the columns of L one after the other, each of T numbers.</param>
    /// <param name="pivots">Receives for each column the vector that it is the first of; the others have 0 there from then on.</param>
    /// <param name="rest">T numbers of working space.</param>
    /// <param name="rounding">The relative error of the inner products.</param>
    /// <param name="most">The most columns to make: the rank where it is known.</param>
    /// <returns>The number of columns: the rank.</returns>
    public static int Factor(
        ReadOnlySpan<double> gramian,
        Span<double> columns,
        Span<int> pivots,
        Span<double> rest,
        double rounding = Vectors.Rounding,
        int most = int.MaxValue
    )
    {
        var count = rest.Length;
        for (var i = 0; i < count; i++)
        {
            rest[i] = gramian[i * (count + 1)];
        }

        var rank = 0;
        for (; rank < Math.Min(count, most); rank++)
        {
            var pivot = Largest(gramian, rest, Safety * count * rounding);
            if (pivot < 0)
            {
                break;
            }

            var column = columns.Slice(rank * count, count);
            gramian.Slice(pivot * count, count).CopyTo(column);
            for (var k = 0; k < rank; k++)
            {
                var before = columns.Slice(k * count, count);
                Vectors.AddScaled(column, -before[pivot], before);
            }

            var root = Math.Sqrt(rest[pivot]);
            for (var i = 0; i < count; i++)
            {
                column[i] /= root;
                rest[i] -= column[i] * column[i];
            }

            for (var k = 0; k < rank; k++)
            {
                column[pivots[k]] = 0;
            }

            column[pivot] = root;
            pivots[rank] = pivot;
            rest[pivot] = 0;
        }

        return rank;
    }

    /// <summary>Solves LL'x = b when every vector has a column.</summary>
    /// <param name="columns">From <see cref="Factor"/>.</param>
    /// <param name="pivots">From <see cref="Factor"/>.</param>
    /// <param name="values">b; receives x.</param>
    public static void Solve(ReadOnlySpan<double> columns, ReadOnlySpan<int> pivots, Span<double> values)
    {
        var count = values.Length;
        for (var k = 0; k < count; k++)
        {
            var column = columns.Slice(k * count, count);
            var value = values[pivots[k]] / column[pivots[k]];
            values[pivots[k]] = 0;
            Vectors.AddScaled(values, -value, column);
            values[pivots[k]] = value;
        }

        for (var k = count - 1; k >= 0; k--)
        {
            var column = columns.Slice(k * count, count);
            var pivot = pivots[k];
            values[pivot] =
                (values[pivot] - (Vectors.Dot(column, values) - (column[pivot] * values[pivot]))) / column[pivot];
        }
    }

    private static int Largest(ReadOnlySpan<double> gramian, ReadOnlySpan<double> rest, double tolerance)
    {
        var share = 0.0;
        for (var i = 0; i < rest.Length; i++)
        {
            share = rest[i] > 0 ? Math.Max(share, rest[i] / gramian[i * (rest.Length + 1)]) : share;
        }

        var pivot = -1;
        for (var i = 0; i < rest.Length; i++)
        {
            var square = gramian[i * (rest.Length + 1)];
            if (
                rest[i] > tolerance * square
                && rest[i] >= Comparable * share * square
                && (pivot < 0 || rest[i] > rest[pivot])
            )
            {
                pivot = i;
            }
        }

        return pivot;
    }
}
