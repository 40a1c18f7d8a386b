namespace Plait.Numerics;

/// <summary>Finds an orthonormal basis in which a symmetric matrix is nearly diagonal, next to the size of its largest entries.</summary>
/// <remarks>
/// Householder reflections to a tridiagonal matrix, then implicit QL steps (Golub and Van Loan 2013, <i>Matrix computations</i>,
/// sections 8.3.1 and 8.3.5; Bowdler et al. 1968, <i>The QR and QL algorithms for symmetric matrices</i>). Small eigenvalues beside large
/// ones come out wrong, and nothing here depends on it: the basis is orthonormal to rounding whatever happens.
/// </remarks>
internal static class TridiagonalEigen
{
    private const int StepsPerValue = 30; // one or two are usual

    /// <summary>The numbers of working space beside the matrix.</summary>
    public static int WorkSize(int count) => 3 * count;

    /// <summary>Decomposes.</summary>
    /// <param name="matrix">N x N, of any size that squares do not overflow; destroyed.</param>
    /// <param name="basis">Receives N rows of length 1, those of the largest eigenvalues first.</param>
    /// <param name="work">As many numbers as <see cref="WorkSize"/> says.</param>
    public static void Decompose(Span<double> matrix, Span<double> basis, Span<double> work)
    {
        var count = work.Length / 3;
        var diagonal = work[..count];
        var beside = work.Slice(count, count);
        Tridiagonalize(matrix, diagonal, beside, work[(2 * count)..]);
        Accumulate(matrix, basis, count);
        for (var first = 0; first < count; first++)
        {
            for (var step = 0; step < StepsPerValue; step++)
            {
                var last = BlockEnd(diagonal, beside, first);
                if (last == first)
                {
                    break;
                }

                Step(diagonal, beside, first, last, basis);
            }
        }

        Sort(diagonal, basis);
    }

    /// <summary>Reflects one row after the other onto its two first entries; leaves each reflection in its row, its factor on the diagonal.</summary>
    private static void Tridiagonalize(
        Span<double> matrix,
        Span<double> diagonal,
        Span<double> beside,
        Span<double> work
    )
    {
        var count = diagonal.Length;
        for (var k = 0; k < count; k++)
        {
            var row = matrix.Slice(k * count, count);
            (diagonal[k], row[k], beside[k]) = (row[k], 0, k < count - 1 ? row[k + 1] : 0);
            var normal = row[(k + 1)..];
            var length = Math.Sqrt(Vectors.Dot(normal, normal));
            if (normal.Length < 2 || length == 0)
            {
                continue;
            }

            beside[k] = normal[0] > 0 ? -length : length;
            var factor = 1 / (length * (length + Math.Abs(normal[0])));
            normal[0] -= beside[k];
            row[k] = factor;

            var change = work[(k + 1)..count];
            for (var i = 0; i < normal.Length; i++)
            {
                change[i] = factor * Vectors.Dot(Rest(matrix, count, k + 1 + i, k + 1), normal);
            }

            Vectors.AddScaled(change, -factor / 2 * Vectors.Dot(change, normal), normal);
            for (var i = 0; i < normal.Length; i++)
            {
                Vectors.AddScaled(Rest(matrix, count, k + 1 + i, k + 1), -normal[i], change, -change[i], normal);
            }
        }
    }

    /// <summary>Multiplies the reflections out, the last one first, since it changes least.</summary>
    private static void Accumulate(ReadOnlySpan<double> reflections, Span<double> basis, int count)
    {
        basis.Clear();
        for (var i = 0; i < count; i++)
        {
            basis[i * (count + 1)] = 1;
        }

        for (var k = count - 3; k >= 0; k--)
        {
            var factor = reflections[k * (count + 1)];
            var normal = reflections.Slice((k * count) + k + 1, count - k - 1);
            for (var i = k + 1; i < count && factor != 0; i++)
            {
                var row = Rest(basis, count, i, k + 1);
                Vectors.AddScaled(row, -factor * Vectors.Dot(row, normal), normal);
            }
        }
    }

    private static int BlockEnd(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> beside, int first)
    {
        var last = first;
        while (
            last < diagonal.Length - 1
            && Math.Abs(beside[last]) > Vectors.Rounding * (Math.Abs(diagonal[last]) + Math.Abs(diagonal[last + 1]))
        )
        {
            last++;
        }

        return last;
    }

    /// <summary>One implicit QL step with the shift of the upper two rows, by rotations from the block's end to its start.</summary>
    private static void Step(Span<double> diagonal, Span<double> beside, int first, int last, Span<double> basis)
    {
        var count = diagonal.Length;
        var half = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first]);
        var root = Math.Sqrt(1 + (half * half));
        var bulge = diagonal[last] - diagonal[first] + (beside[first] / (half + (half < 0 ? -root : root)));
        var (cosine, sine, shift) = (1.0, 1.0, 0.0);
        for (var i = last - 1; i >= first; i--)
        {
            var (across, along) = (sine * beside[i], cosine * beside[i]);
            var length = Math.Sqrt((across * across) + (bulge * bulge));
            beside[i + 1] = length;
            if (length == 0)
            {
                diagonal[i + 1] -= shift;
                beside[last] = 0;
                return;
            }

            (sine, cosine) = (across / length, bulge / length);
            var rest = diagonal[i + 1] - shift;
            var turned = ((diagonal[i] - rest) * sine) + (2 * cosine * along);
            shift = sine * turned;
            diagonal[i + 1] = rest + shift;
            bulge = (cosine * turned) - along;
            Vectors.Rotate(basis.Slice(i * count, count), basis.Slice((i + 1) * count, count), cosine, sine);
        }

        diagonal[first] -= shift;
        beside[first] = bulge;
        beside[last] = 0;
    }

    private static void Sort(Span<double> values, Span<double> basis)
    {
        var count = values.Length;
        for (var k = 0; k < count; k++)
        {
            var largest = k;
            for (var other = k + 1; other < count; other++)
            {
                largest = values[other] > values[largest] ? other : largest;
            }

            if (largest != k)
            {
                (values[k], values[largest]) = (values[largest], values[k]);
                Vectors.Rotate(basis.Slice(k * count, count), basis.Slice(largest * count, count), 0, 1);
            }
        }
    }

    private static Span<double> Rest(Span<double> matrix, int count, int row, int from) =>
        matrix.Slice((row * count) + from, count - from);
}
