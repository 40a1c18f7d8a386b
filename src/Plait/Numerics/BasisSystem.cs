namespace Plait.Numerics;

/// <summary>The equations that a basis of a linear program says, solved anew from the problem's own numbers.</summary>
/// <remarks>
/// The tableau's pivots are chosen for their signs, not for their sizes, so that its last column loses digits. Here rows and columns
/// are brought to the same size, pivots are the largest numbers left, and what remains is solved for once more.
/// </remarks>
internal readonly ref struct BasisSystem
{
    private const int Refinements = 2;

    private readonly int count;
    private readonly int variables;
    private readonly Span<int> basis;
    private readonly Span<int> rowOrder;
    private readonly Span<int> columnOrder;
    private readonly Span<double> matrix; // scaled, row by row
    private readonly Span<double> factors; // of the matrix, its rows and columns in the order of the pivots
    private readonly Span<double> right; // scaled bounds, then what remains of them
    private readonly Span<double> columnScales;
    private readonly Span<double> step;
    private readonly Span<double> found;
    private readonly Span<double> sizes; // of the steps that led there

    public BasisSystem(
        ReadOnlySpan<double> rows,
        ReadOnlySpan<double> bounds,
        int equations,
        Span<int> basis,
        Span<double> work,
        Span<int> orders
    )
    {
        count = bounds.Length;
        variables = rows.Length / Math.Max(1, count);
        this.basis = basis;
        rowOrder = orders[..count];
        columnOrder = orders.Slice(count, count);
        matrix = work[..(count * count)];
        factors = work.Slice(count * count, count * count);
        right = work.Slice(2 * count * count, count);
        columnScales = work.Slice((2 * count * count) + count, count);
        step = work.Slice((2 * count * count) + (2 * count), count);
        found = work.Slice((2 * count * count) + (3 * count), count);
        sizes = work.Slice((2 * count * count) + (4 * count), count);
        for (var row = 0; row < count; row++)
        {
            for (var column = 0; column < count; column++)
            {
                var place = basis[column];
                matrix[(row * count) + column] =
                    place < 0 ? (row == column ? 1 : 0) // a constraint that says nothing, whatever it is
                    : basis[row] < 0 ? 0
                    : place < variables ? rows[(row * variables) + place]
                    : place - variables + equations == row ? 1
                    : 0;
            }

            right[row] = basis[row] < 0 ? 0 : bounds[row];
        }

        Scale();
        Factorise();
    }

    public static int WorkSize(int count) => (2 * count * count) + (5 * count);

    /// <summary>Writes the variables that are in the basis, and 0 for the others.</summary>
    public void Solve(Span<double> solution)
    {
        found.Clear();
        sizes.Clear();
        for (var pass = 0; pass <= Refinements; pass++)
        {
            for (var row = 0; row < count; row++)
            {
                step[row] = right[rowOrder[row]];
                for (var column = 0; column < count; column++)
                {
                    step[row] -= matrix[(rowOrder[row] * count) + column] * found[column];
                }
            }

            Substitute();
            for (var place = 0; place < count; place++)
            {
                found[columnOrder[place]] += step[place];
                sizes[columnOrder[place]] += Math.Abs(step[place]);
            }
        }

        solution.Clear();
        for (var column = 0; column < count; column++)
        {
            // What the refinements take back is 0, and would be an ever smaller number instead.
            var known = Math.Abs(found[column]) > 8 * count * Vectors.Rounding * sizes[column];
            if (known && basis[column] >= 0 && basis[column] < variables)
            {
                solution[basis[column]] = Math.Max(0, found[column] / columnScales[column]);
            }
        }
    }

    private void Scale()
    {
        for (var row = 0; row < count; row++)
        {
            var largest = 0.0;
            for (var column = 0; column < count; column++)
            {
                largest = Math.Max(largest, Math.Abs(matrix[(row * count) + column]));
            }

            right[row] /= largest == 0 ? 1 : largest;
            for (var column = 0; column < count; column++)
            {
                matrix[(row * count) + column] /= largest == 0 ? 1 : largest;
            }
        }

        for (var column = 0; column < count; column++)
        {
            for (var row = 0; row < count; row++)
            {
                columnScales[column] = Math.Max(columnScales[column], Math.Abs(matrix[(row * count) + column]));
            }

            columnScales[column] = columnScales[column] == 0 ? 1 : columnScales[column];
            for (var row = 0; row < count; row++)
            {
                matrix[(row * count) + column] /= columnScales[column];
            }
        }
    }

    /// <summary>Gaussian elimination with the largest number left as pivot.</summary>
    private void Factorise()
    {
        matrix.CopyTo(factors);
        for (var i = 0; i < count; i++)
        {
            rowOrder[i] = columnOrder[i] = i;
        }

        for (var pivot = 0; pivot < count; pivot++)
        {
            BringLargest(pivot);
            var divisor = factors[pivot * (count + 1)];
            for (var row = pivot + 1; row < count && divisor != 0; row++)
            {
                var factor = factors[(row * count) + pivot] /= divisor;
                for (var column = pivot + 1; column < count && factor != 0; column++)
                {
                    factors[(row * count) + column] -= factor * factors[(pivot * count) + column];
                }
            }
        }
    }

    private void BringLargest(int pivot)
    {
        var (at, largest) = ((Row: pivot, Column: pivot), 0.0);
        for (var row = pivot; row < count; row++)
        {
            for (var column = pivot; column < count; column++)
            {
                if (Math.Abs(factors[(row * count) + column]) > largest)
                {
                    largest = Math.Abs(factors[(row * count) + column]);
                    at = (row, column);
                }
            }
        }

        (rowOrder[pivot], rowOrder[at.Row]) = (rowOrder[at.Row], rowOrder[pivot]);
        (columnOrder[pivot], columnOrder[at.Column]) = (columnOrder[at.Column], columnOrder[pivot]);
        for (var i = 0; i < count; i++)
        {
            Swap((pivot * count) + i, (at.Row * count) + i);
        }

        for (var i = 0; i < count; i++)
        {
            Swap((i * count) + pivot, (i * count) + at.Column);
        }
    }

    private void Swap(int place, int other) => (factors[place], factors[other]) = (factors[other], factors[place]);

    private void Substitute()
    {
        for (var row = 0; row < count; row++)
        {
            for (var column = 0; column < row; column++)
            {
                step[row] -= factors[(row * count) + column] * step[column];
            }
        }

        for (var row = count - 1; row >= 0; row--)
        {
            for (var column = row + 1; column < count; column++)
            {
                step[row] -= factors[(row * count) + column] * step[column];
            }

            var divisor = factors[row * (count + 1)];
            step[row] = divisor == 0 ? 0 : step[row] / divisor;
        }
    }
}
