namespace Plait.Numerics;

/// <summary>Solves systems whose matrix is symmetric and positive definite.</summary>
/// <remarks>Cholesky's factors, row by row (Golub and Van Loan 2013, <i>Matrix Computations</i>, section 4.2).</remarks>
internal static class PositiveDefinite
{
    /// <summary>Solves Ax = b.</summary>
    /// <param name="matrix">A, row by row, of which the lower half is read; receives the factor there.</param>
    /// <param name="values">b; receives x.</param>
    /// <returns>False where A is not positive definite to rounding; the values are then of no use.</returns>
    public static bool TrySolve(Span<double> matrix, Span<double> values)
    {
        if (!TryFactor(matrix, values.Length))
        {
            return false;
        }

        Substitute(matrix, values);
        return true;
    }

    /// <summary>Factors A = LL'.</summary>
    /// <param name="matrix">A, row by row, of which the lower half is read; receives L there.</param>
    /// <param name="count">How many rows.</param>
    /// <returns>False where A is not positive definite to rounding.</returns>
    public static bool TryFactor(Span<double> matrix, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var row = matrix.Slice(i * count, i + 1);
            for (var j = 0; j < i; j++)
            {
                var before = matrix.Slice(j * count, j + 1);
                row[j] = (row[j] - Vectors.Dot(row[..j], before[..j])) / before[j];
            }

            var left = row[i] - Vectors.Dot(row[..i], row[..i]);
            if (!(left > 0 && double.IsFinite(left)))
            {
                return false;
            }

            row[i] = Math.Sqrt(left);
        }

        return true;
    }

    /// <summary>Solves LL'x = b.</summary>
    /// <param name="factor">L, from <see cref="TryFactor"/>.</param>
    /// <param name="values">b; receives x.</param>
    public static void Substitute(ReadOnlySpan<double> factor, Span<double> values)
    {
        var count = values.Length;
        for (var i = 0; i < count; i++)
        {
            var row = factor.Slice(i * count, i + 1);
            values[i] = (values[i] - Vectors.Dot(row[..i], values[..i])) / row[i];
        }

        for (var i = count - 1; i >= 0; i--)
        {
            var row = factor.Slice(i * count, i + 1);
            values[i] /= row[i];
            Vectors.AddScaled(values[..i], -values[i], row[..i]);
        }
    }
}
