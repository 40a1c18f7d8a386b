namespace Plait.Numerics;

/// <summary>The dense tableau of a linear program.</summary>
/// <remarks>
/// A difference that is a tiny share of its terms counts as zero, so that no tolerance depends on how rows and columns are
/// scaled. For the same reason the first phase makes one row feasible after the other instead of minimising a sum over rows.
/// Artificial variables only mark the rows that they stand for: their columns never return to the basis and are not kept.
/// </remarks>
internal readonly ref struct SimplexTableau
{
    private const double Negligible = 1e-11; // the share of its terms below which a difference is zero
    private const int StepsPerColumn = 1000; // never seen; a bound against cycling by rounding

    private readonly int variables;
    private readonly int constraints;
    private readonly int width; // variables, one slack for each inequality, and the bound
    private readonly Span<double> values; // constraints, then the objective
    private readonly Span<int> basis; // of each constraint: a column, or -1 for an artificial variable

    public SimplexTableau(
        ReadOnlySpan<double> objective,
        ReadOnlySpan<double> rows,
        ReadOnlySpan<double> bounds,
        int equations,
        Span<double> work,
        Span<int> basis
    )
    {
        variables = objective.Length;
        constraints = bounds.Length;
        width = variables + constraints - equations + 1;
        values = work[..WorkSize(variables, constraints, equations)];
        this.basis = basis;
        for (var row = 0; row < constraints; row++)
        {
            var sign = bounds[row] < 0 ? -1 : 1;
            for (var column = 0; column < variables; column++)
            {
                values[(row * width) + column] = sign * rows[(row * variables) + column];
            }

            values[(row * width) + width - 1] = sign * bounds[row];
            if (row >= equations)
            {
                values[(row * width) + variables + row - equations] = sign;
            }

            basis[row] = row >= equations && sign > 0 ? variables + row - equations : -1;
        }

        for (var column = 0; column < variables; column++)
        {
            values[(constraints * width) + column] = objective[column];
        }
    }

    /// <summary>The numbers that a problem of this size needs as working space, zeros at the start.</summary>
    public static int WorkSize(int variables, int constraints, int equations) =>
        (constraints + 1) * (variables + constraints - equations + 1);

    /// <summary>Finds the basis of a best point: for each constraint a variable, by its place; a slack, by its place after them; or -1 where the constraint says nothing.</summary>
    public LinearProgramStatus Solve()
    {
        for (var row = 0; row < constraints; row++)
        {
            if (basis[row] < 0 && !MakeFeasible(row))
            {
                return LinearProgramStatus.Infeasible;
            }
        }

        return Climb(constraints) ? LinearProgramStatus.Optimal : LinearProgramStatus.Unbounded;
    }

    private double Value(int row, int column) => values[(row * width) + column];

    /// <summary>Brings what a row misses down to nothing; false where that cannot be.</summary>
    private bool MakeFeasible(int row)
    {
        while (basis[row] < 0 && Value(row, width - 1) > 0)
        {
            var entering = Entering(row);
            if (entering < 0)
            {
                return false;
            }

            Pivot(Leaving(entering), entering);
        }

        for (var column = 0; column < width - 1 && basis[row] < 0; column++)
        {
            if (Value(row, column) != 0)
            {
                Pivot(row, column);
            }
        }

        return true;
    }

    /// <summary>Pivots until no column helps the objective in a row; false where one helps without end.</summary>
    private bool Climb(int objective)
    {
        for (var step = 0; step < StepsPerColumn * width; step++)
        {
            var entering = Entering(objective);
            if (entering < 0)
            {
                break;
            }

            var leaving = Leaving(entering);
            if (leaving < 0)
            {
                return false;
            }

            Pivot(leaving, entering);
        }

        return true;
    }

    /// <summary>The column that brings the objective in a row furthest; where none brings it anywhere, the first that would; -1 for none.</summary>
    private int Entering(int objective)
    {
        var (chosen, most) = (-1, 0.0);
        for (var column = 0; column < width - 1; column++)
        {
            if (!(Value(objective, column) > 0))
            {
                continue;
            }

            var leaving = Leaving(column);
            if (leaving < 0)
            {
                return column;
            }

            var gain = Value(objective, column) * Value(leaving, width - 1) / Value(leaving, column);
            if (chosen < 0 || gain > most)
            {
                (chosen, most) = (column, gain);
            }
        }

        return chosen;
    }

    /// <summary>The row that binds first; of rows that bind together, the one of an artificial or else the first variable.</summary>
    private int Leaving(int entering)
    {
        var chosen = -1;
        for (var row = 0; row < constraints; row++)
        {
            if (!(Value(row, entering) > 0))
            {
                continue;
            }

            var order = chosen < 0 ? -1 : Compare(row, chosen, entering);
            if (order < 0 || (order == 0 && basis[row] < basis[chosen]))
            {
                chosen = row;
            }
        }

        return chosen;
    }

    /// <summary>Compares the ratios of bound to coefficient of two rows.</summary>
    private int Compare(int row, int other, int entering)
    {
        var product = Value(row, width - 1) * Value(other, entering);
        var otherProduct = Value(other, width - 1) * Value(row, entering);
        return Math.Sign(Difference(product, otherProduct));
    }

    private void Pivot(int leaving, int entering)
    {
        var pivot = Value(leaving, entering);
        for (var column = 0; column < width; column++)
        {
            values[(leaving * width) + column] /= pivot;
        }

        for (var row = 0; row <= constraints; row++)
        {
            var factor = Value(row, entering);
            if (row == leaving || factor == 0)
            {
                continue;
            }

            for (var column = 0; column < width; column++)
            {
                var at = (row * width) + column;
                values[at] = Difference(values[at], factor * Value(leaving, column));
            }

            values[(row * width) + entering] = 0;
        }

        basis[leaving] = entering;
    }

    private static double Difference(double a, double b) =>
        Math.Abs(a - b) <= Negligible * Math.Max(Math.Abs(a), Math.Abs(b)) ? 0 : a - b;
}
