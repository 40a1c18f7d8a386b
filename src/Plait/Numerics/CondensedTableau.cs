using System.Numerics;

namespace Plait.Numerics;

/// <summary>The tableau of a linear program whose first constraint alone is an equation, with columns for the variables outside the basis alone.</summary>
/// <remarks>
/// Variables are numbered as they stand, slacks after them. A difference that is a tiny share of its terms counts as zero, so that no
/// tolerance depends on how rows and columns are scaled.
/// </remarks>
internal readonly ref struct CondensedTableau
{
    public const double Negligible = 1e-11; // the share of its terms below which a difference is zero
    private const int Gone = -1; // the variable that is 0 when the first constraint holds

    private readonly ReadOnlySpan<double> objective;
    private readonly ReadOnlySpan<double> factors;
    private readonly ReadOnlySpan<double> bounds;
    private readonly int width; // variables and the bound
    private readonly Span<double> values; // constraints, then the objective
    private readonly Span<double> rowScales;
    private readonly Span<double> columnScales;
    private readonly Span<double> boundSizes; // the largest terms that the last column was made of
    private readonly Span<double> costSizes; // the same for the objective's row
    private readonly Span<int> wanted; // 1 for variables that are still to enter
    private readonly Span<int> tight; // 1 for constraints that are still to give their places to them

    /// <param name="objective">One number a variable.</param>
    /// <param name="factors">One number a variable for each constraint.</param>
    /// <param name="bounds">One number a constraint.</param>
    /// <param name="work">Of <see cref="WorkSize"/> numbers.</param>
    /// <param name="basis">One number a constraint.</param>
    /// <param name="places">Two numbers a variable and one a constraint.</param>
    public CondensedTableau(
        ReadOnlySpan<double> objective,
        ReadOnlySpan<double> factors,
        ReadOnlySpan<double> bounds,
        Span<double> work,
        Span<int> basis,
        Span<int> places
    )
    {
        this.objective = objective;
        this.factors = factors;
        this.bounds = bounds;
        (Variables, Constraints, width) = (objective.Length, bounds.Length, objective.Length + 1);
        values = work[..((Constraints + 1) * width)];
        rowScales = work.Slice(values.Length, Constraints);
        boundSizes = work.Slice(values.Length + Constraints, Constraints);
        columnScales = work.Slice(values.Length + (2 * Constraints), Variables);
        costSizes = work.Slice(values.Length + (2 * Constraints) + Variables, Variables);
        Basis = basis;
        Outside = places[..Variables];
        wanted = places.Slice(Variables, Variables);
        tight = places.Slice(2 * Variables, Constraints);
        Load();
    }

    public int Variables { get; }

    public int Constraints { get; }

    /// <summary>The variable in the basis for each constraint.</summary>
    public Span<int> Basis { get; }

    /// <summary>The variable of each column.</summary>
    public Span<int> Outside { get; }

    /// <summary>What a unit of each column adds to the objective.</summary>
    public ReadOnlySpan<double> Costs => Row(Constraints)[..Variables];

    /// <summary>The numbers that a problem of this size needs as working space.</summary>
    public static int WorkSize(int variables, int constraints) =>
        ((constraints + 1) * (variables + 1)) + (2 * (constraints + variables));

    /// <summary>What a unit of each column takes from a row's variable.</summary>
    public ReadOnlySpan<double> Coefficients(int row) => Row(row)[..Variables];

    /// <summary>A row's variable where all columns are 0.</summary>
    public double Value(int row) => values[(row * width) + Variables];

    /// <summary>Writes the tableau of the slacks as basis.</summary>
    public void Load()
    {
        for (var row = 0; row <= Constraints; row++)
        {
            var here = Row(row);
            (row == Constraints ? objective : factors.Slice(row * Variables, Variables)).CopyTo(here);
            here[Variables] = row == Constraints ? 0 : bounds[row];
            if (row < Constraints)
            {
                Basis[row] = row == 0 ? Gone : Variables + row - 1;
                boundSizes[row] = Math.Abs(bounds[row]);
            }
        }

        for (var column = 0; column < Variables; column++)
        {
            Outside[column] = column;
            costSizes[column] = Math.Abs(objective[column]);
        }
    }

    /// <summary>Exchanges a row's variable and a column's.</summary>
    public void Pivot(int leaving, int entering)
    {
        var here = Row(leaving);
        var pivot = here[entering];
        for (var column = 0; column < width; column++)
        {
            here[column] /= pivot;
        }

        here[entering] = 1 / pivot;
        boundSizes[leaving] /= Math.Abs(pivot);
        var cost = costSizes[entering];
        for (var column = 0; column < Variables; column++)
        {
            var size = cost * Math.Abs(here[column]);
            costSizes[column] = column == entering ? size : Math.Max(costSizes[column], size);
        }

        for (var row = 0; row <= Constraints; row++)
        {
            var other = Row(row);
            var factor = other[entering];
            if (row == leaving || factor == 0)
            {
                continue;
            }

            other[entering] = 0;
            Subtract(other, factor, here);
            if (row < Constraints)
            {
                boundSizes[row] = Math.Max(boundSizes[row], Math.Abs(factor) * boundSizes[leaving]);
            }
        }

        (Basis[leaving], Outside[entering]) = (Outside[entering], Basis[leaving]);
        for (var row = 0; row <= Constraints && Outside[entering] == Gone; row++)
        {
            Row(row)[entering] = 0;
        }
    }

    /// <summary>Writes the tableau of the present basis anew, by pivots chosen for their sizes instead of their signs.</summary>
    public void Rebuild()
    {
        wanted.Clear();
        tight.Fill(1);
        foreach (var variable in Basis)
        {
            if (variable < Variables)
            {
                wanted[variable] = 1;
            }
            else
            {
                tight[variable - Variables + 1] = 0;
            }
        }

        Load();
        Scale();
        for (var (row, column) = Largest(); row >= 0; (row, column) = Largest())
        {
            wanted[Outside[column]] = tight[row] = 0;
            Pivot(row, column);
        }

        for (var row = 0; row < Constraints; row++)
        {
            ref var value = ref Row(row)[Variables];
            value = Math.Abs(value) <= Negligible * boundSizes[row] ? 0 : value;
        }

        var costs = Row(Constraints);
        for (var column = 0; column < Variables; column++)
        {
            costs[column] = Math.Abs(costs[column]) <= Negligible * costSizes[column] ? 0 : costs[column];
        }
    }

    private static double Difference(double a, double b) =>
        Math.Abs(a - b) <= Negligible * Math.Max(Math.Abs(a), Math.Abs(b)) ? 0 : a - b;

    private Span<double> Row(int row) => values.Slice(row * width, width);

    /// <summary>Finds powers of two that bring the rows and columns which change places to the same size.</summary>
    /// <remarks>
    /// By the means of their exponents (Curtis and Reid 1972, <i>On the automatic scaling of matrices for Gaussian elimination</i>), not by
    /// their largest numbers: those of [1, 1e-24] and [1, -1] are the same, and an elimination that begins with the second row's
    /// first number puts out the 1e-24.
    /// </remarks>
    private void Scale()
    {
        for (var row = 0; row < Constraints; row++)
        {
            var (exponents, numbers) = (0, 0);
            for (var column = 0; column < Variables && tight[row] != 0; column++)
            {
                if (wanted[column] != 0 && Row(row)[column] != 0)
                {
                    exponents += Math.ILogB(Row(row)[column]);
                    numbers++;
                }
            }

            rowScales[row] = OneOver(exponents, numbers);
        }

        for (var column = 0; column < Variables; column++)
        {
            var (exponents, numbers) = (0, 0);
            for (var row = 0; row < Constraints && wanted[column] != 0; row++)
            {
                if (tight[row] != 0 && Row(row)[column] != 0)
                {
                    exponents += Math.ILogB(Row(row)[column] * rowScales[row]);
                    numbers++;
                }
            }

            columnScales[column] = OneOver(exponents, numbers);
        }
    }

    /// <summary>The power of two that takes the mean of some exponents away.</summary>
    private static double OneOver(int exponents, int numbers) =>
        numbers == 0 ? 0 : Math.ScaleB(1, (int)Math.Round(-(double)exponents / numbers));

    private (int Row, int Column) Largest()
    {
        var (chosen, largest) = ((Row: -1, Column: -1), 0.0);
        for (var row = 0; row < Constraints; row++)
        {
            var here = Row(row);
            for (var column = 0; column < Variables && tight[row] != 0; column++)
            {
                // A column that still waits for its variable's turn stands where it stood at the start.
                if (Outside[column] != column || wanted[column] == 0)
                {
                    continue;
                }

                var size = Math.Abs(here[column]) * rowScales[row] * columnScales[column];
                if (size > largest)
                {
                    (chosen, largest) = ((row, column), size);
                }
            }
        }

        return chosen;
    }

    /// <summary>Takes a multiple of a row away from another.</summary>
    private static void Subtract(Span<double> values, double factor, ReadOnlySpan<double> row)
    {
        var (multiples, negligible) = (new Vector<double>(factor), new Vector<double>(Negligible));
        var i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var own = new Vector<double>(values[i..]);
            var taken = multiples * new Vector<double>(row[i..]);
            var left = own - taken;
            var size = negligible * Vector.Max(Vector.Abs(own), Vector.Abs(taken));
            var tiny = Vector.LessThanOrEqual(Vector.Abs(left), size);
            Vector.ConditionalSelect(tiny, Vector<double>.Zero, left).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            values[i] = Difference(values[i], factor * row[i]);
        }
    }
}
