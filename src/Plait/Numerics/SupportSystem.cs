using System.Numerics;

namespace Plait.Numerics;

/// <summary>Finds the combination of some vectors whose inner products with them are opposite to those of another vector.</summary>
/// <remarks>
/// One elimination over the vectors' cosines with the right side as a last column, two pivots at a time (Golub and Van Loan 2013,
/// <i>Matrix computations</i>, section 4.1), where <see cref="SupportFactor"/> takes in one vector after the other.
/// </remarks>
internal static class SupportSystem
{
    /// <summary>The numbers that systems among this many vectors need as working space.</summary>
    public static int WorkSize(int count) => count * Padded(count + 1);

    /// <summary>Solves.</summary>
    /// <param name="cosines">Inner products of all vectors; 1 on the diagonal.</param>
    /// <param name="products">Those of the other vector with all.</param>
    /// <param name="members">Which of the vectors to combine.</param>
    /// <param name="solution">Receives their weights.</param>
    /// <param name="dependent">The squared sine of a vector's angle to those before it up to which it counts as dependent.</param>
    /// <param name="work">As many numbers as <see cref="WorkSize"/> says for all vectors.</param>
    /// <returns>False where a vector depends on those before it.</returns>
    public static bool TrySolve(
        ReadOnlySpan<double> cosines,
        ReadOnlySpan<double> products,
        ReadOnlySpan<int> members,
        Span<double> solution,
        double dependent,
        Span<double> work
    )
    {
        var count = members.Length;
        var stride = Padded(count + 1);
        var rows = work[..(count * stride)];
        Gather(cosines, products, members, rows, stride);
        for (var pivot = 0; pivot < count; pivot += 2)
        {
            if (!TryEliminate(rows, stride, pivot, dependent))
            {
                return false;
            }
        }

        for (var i = count - 1; i >= 0; i--)
        {
            var row = rows.Slice(i * stride, stride);
            solution[i] = (row[count] - Vectors.Dot(row[(i + 1)..count], solution[(i + 1)..count])) / row[i];
        }

        return true;
    }

    /// <summary>Fills in what is right of the diagonal, from whole groups of numbers on, and the right side.</summary>
    private static void Gather(
        ReadOnlySpan<double> cosines,
        ReadOnlySpan<double> products,
        ReadOnlySpan<int> members,
        Span<double> rows,
        int stride
    )
    {
        var count = members.Length;
        for (var i = 0; i < count; i++)
        {
            var row = rows.Slice(i * stride, stride);
            var all = cosines.Slice(members[i] * products.Length, products.Length);
            for (var j = Group(i); j < count; j++)
            {
                row[j] = all[members[j]];
            }

            row[count] = -products[members[i]];
            row[(count + 1)..].Clear();
        }
    }

    private static bool TryEliminate(Span<double> rows, int stride, int pivot, double dependent)
    {
        var count = rows.Length / stride;
        var first = rows.Slice(pivot * stride, stride);
        if (!(first[pivot] > dependent))
        {
            return false;
        }

        var next = pivot + 1;
        if (next == count)
        {
            return true;
        }

        var second = rows.Slice(next * stride, stride);
        var inverse = 1 / first[pivot];
        Vectors.AddScaled(second[Group(next)..], -first[next] * inverse, first[Group(next)..]);
        if (!(second[next] > dependent))
        {
            return false;
        }

        var inverseOfNext = 1 / second[next];
        for (var i = next + 1; i < count; i++)
        {
            var from = Group(i);
            Vectors.AddScaled(
                rows.Slice((i * stride) + from, stride - from),
                -first[i] * inverse,
                first[from..],
                -second[i] * inverseOfNext,
                second[from..]
            );
        }

        return true;
    }

    /// <summary>Where the group of numbers begins that one instruction takes with this one.</summary>
    private static int Group(int place) => place & -Vector<double>.Count;

    private static int Padded(int length) => Group(length + Vector<double>.Count - 1);
}
