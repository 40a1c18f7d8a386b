using System.Numerics;

namespace Plait.Numerics;

/// <summary>The simplex method from above, for a linear program whose first constraint is an equation that bounds every variable.</summary>
/// <remarks>
/// <para>Lemke 1954, <i>The dual method of solving the linear programming problem</i>. The best point of the first constraint alone is a
/// start; the others are then met one after the other. Where many bounds are 0, as those of cones are, the primal method goes
/// round and round at its first point, while this one gets ahead unless the objective is degenerate too. The
/// variable that costs the objective most leaves, a choice that no unit changes; where none costs anything, the rule of Bland 1977
/// decides, which cannot cycle.</para>
/// <para>Those pivots are chosen for their signs, not for their sizes, so that the tableau loses digits where units differ much. At the
/// end it is made anew by pivots of the largest size. If that shows anything wrong the whole is done again, and the tableau made anew
/// after every pivot; if rounding ends that beside the best point, the primal method goes on from there.</para>
/// </remarks>
internal readonly ref struct DualSimplex
{
    private const int StepsPerRow = 20; // never seen; a bound against cycling by rounding

    private const int Rounds = 4; // one is enough but for rounding

    private readonly CondensedTableau tableau;
    private readonly int start; // the variable that is best when it takes the whole of the first constraint's bound

    /// <param name="objective">One number a variable.</param>
    /// <param name="rows">The first one above 0.</param>
    /// <param name="bounds">The first one above 0.</param>
    /// <param name="work">Of <see cref="CondensedTableau.WorkSize"/> numbers.</param>
    /// <param name="basis">One number a constraint.</param>
    /// <param name="places">Two numbers a variable and one a constraint.</param>
    public DualSimplex(
        ReadOnlySpan<double> objective,
        ReadOnlySpan<double> rows,
        ReadOnlySpan<double> bounds,
        Span<double> work,
        Span<int> basis,
        Span<int> places
    )
    {
        for (var i = 1; i < objective.Length; i++)
        {
            start = objective[i] / rows[i] > objective[start] / rows[start] ? i : start;
        }

        tableau = new CondensedTableau(objective, rows, bounds, work, basis, places);
    }

    /// <summary>Whether the method may be used.</summary>
    public static bool Suits(ReadOnlySpan<double> rows, ReadOnlySpan<double> bounds, int variables, int equations)
    {
        if (equations != 1 || !(bounds[0] > 0))
        {
            return false;
        }

        foreach (var factor in rows[..variables])
        {
            if (!(factor > 0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Finds the basis of a best point; false where there is no point.</summary>
    public bool Solve()
    {
        tableau.Pivot(0, start);
        var feasible = Descend(rebuild: false);
        tableau.Rebuild();
        if (feasible ? IsBest() : Leaving() is var row && row >= 0 && Entering(row) < 0)
        {
            return feasible;
        }

        tableau.Load();
        tableau.Pivot(0, start);
        for (var round = 0; round < Rounds; round++)
        {
            if (!Descend(rebuild: true))
            {
                return false;
            }

            if (IsBest())
            {
                break;
            }

            Climb();
        }

        return true;
    }

    /// <summary>Raises the objective from a point that meets all constraints, where rounding has made the method from above miss the best one.</summary>
    private void Climb()
    {
        for (var step = 0; step < StepsPerRow * tableau.Constraints; step++)
        {
            var (leaving, entering, most) = (-1, -1, -1.0);
            for (var column = 0; column < tableau.Variables; column++)
            {
                var row = tableau.Costs[column] > 0 ? FirstToBind(column) : -1;
                if (row < 0)
                {
                    continue;
                }

                var gain = tableau.Costs[column] * Math.Max(0, tableau.Value(row) / tableau.Coefficients(row)[column]);
                if (gain > most || (gain == most && tableau.Outside[column] < tableau.Outside[entering]))
                {
                    (leaving, entering, most) = (row, column, gain);
                }
            }

            if (entering < 0)
            {
                return;
            }

            tableau.Pivot(leaving, entering);
            tableau.Rebuild();
        }
    }

    /// <summary>The row whose variable is 0 first when a column's rises; of those that are as near, that of the first variable; -1 for none.</summary>
    private int FirstToBind(int column)
    {
        var (chosen, least) = (-1, double.PositiveInfinity);
        for (var row = 0; row < tableau.Constraints; row++)
        {
            var factor = tableau.Coefficients(row)[column];
            var ratio = factor > 0 ? Math.Max(0, tableau.Value(row)) / factor : double.PositiveInfinity;
            if (ratio < least || (ratio == least && chosen >= 0 && tableau.Basis[row] < tableau.Basis[chosen]))
            {
                (chosen, least) = (row, ratio);
            }
        }

        return chosen;
    }

    /// <summary>Meets one constraint after the other; false where one cannot be met.</summary>
    private bool Descend(bool rebuild)
    {
        for (var step = 0; step < StepsPerRow * tableau.Constraints; step++)
        {
            var leaving = Leaving();
            if (leaving < 0)
            {
                return true;
            }

            var entering = Entering(leaving);
            if (entering < 0)
            {
                return false;
            }

            tableau.Pivot(leaving, entering);
            if (rebuild)
            {
                tableau.Rebuild();
            }
        }

        return true;
    }

    private bool IsBest()
    {
        foreach (var cost in tableau.Costs)
        {
            if (cost > 0)
            {
                return false;
            }
        }

        return Leaving() < 0;
    }

    /// <summary>The row below 0 that costs the objective most to mend; where none costs anything, that of the first variable; -1 for none.</summary>
    private int Leaving()
    {
        var (chosen, most) = (-1, 0.0);
        for (var row = 0; row < tableau.Constraints; row++)
        {
            var missing = -tableau.Value(row);
            if (!(missing > 0))
            {
                continue;
            }

            var cost = missing * LeastRatio(row);
            if (chosen < 0 || cost > most || (cost == 0 && most == 0 && tableau.Basis[row] < tableau.Basis[chosen]))
            {
                (chosen, most) = (row, cost);
            }
        }

        return chosen;
    }

    /// <summary>The column that keeps the objective's row at 0 and less; of those that are as good, that of the first variable; -1 for none.</summary>
    private int Entering(int leaving)
    {
        var least = LeastRatio(leaving);
        var factors = tableau.Coefficients(leaving);
        var chosen = -1;
        for (var column = 0; column < factors.Length && least < double.PositiveInfinity; column++)
        {
            if (
                factors[column] < 0
                && tableau.Costs[column] / factors[column] <= least * (1 + CondensedTableau.Negligible)
                && (chosen < 0 || tableau.Outside[column] < tableau.Outside[chosen])
            )
            {
                chosen = column;
            }
        }

        return chosen;
    }

    /// <summary>What a unit of a row costs the objective; infinite where the row cannot be raised.</summary>
    private double LeastRatio(int row)
    {
        var factors = tableau.Coefficients(row);
        var costs = tableau.Costs;
        var least = new Vector<double>(double.PositiveInfinity);
        var column = 0;
        for (; column <= factors.Length - Vector<double>.Count; column += Vector<double>.Count)
        {
            var several = new Vector<double>(factors[column..]);
            var ratios = Vector.Min(least, new Vector<double>(costs[column..]) / several);
            least = Vector.ConditionalSelect(Vector.LessThan(several, Vector<double>.Zero), ratios, least);
        }

        var smallest = double.PositiveInfinity;
        for (var i = 0; i < Vector<double>.Count; i++)
        {
            smallest = Math.Min(smallest, least[i]);
        }

        for (; column < factors.Length; column++)
        {
            smallest = factors[column] < 0 ? Math.Min(smallest, costs[column] / factors[column]) : smallest;
        }

        return Math.Max(0, smallest);
    }
}
