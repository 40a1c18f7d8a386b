using System.Buffers;

namespace Plait.Numerics;

/// <summary>Maximises a linear function of a few variables of 0 and more under linear equations and inequalities.</summary>
/// <remarks>
/// The two-phase simplex method on a dense tableau (Dantzig 1963, <i>Linear programming and extensions</i>). The variable that
/// brings the objective furthest enters, a choice that no unit changes; at a degenerate vertex, where none brings it anywhere, the rule of
/// Bland 1977 decides, which cannot cycle. Where the first constraint is an equation that bounds all variables, as that of a
/// simplex does, the dual method takes its place. Meant for a hundred variables.
/// </remarks>
public static class LinearProgram
{
    private const int OnStack = 512;

    /// <summary>Solves: maximise objective·x over x of 0 and more, with row·x = bound in the first rows and row·x at most bound in the others.</summary>
    /// <param name="objective">One number a variable.</param>
    /// <param name="rows">One number a variable for each constraint, row by row; finite.</param>
    /// <param name="bounds">One finite number a constraint, of any sign.</param>
    /// <param name="equations">How many of the constraints, the first ones, are equations.</param>
    /// <param name="solution">Receives the variables; left as it was where there is no optimum.</param>
    /// <returns>Whether there is an optimum, and if not why.</returns>
    /// <exception cref="ArgumentException">The numbers of values do not fit, or one is not finite.</exception>
    public static LinearProgramStatus Solve(
        ReadOnlySpan<double> objective,
        ReadOnlySpan<double> rows,
        ReadOnlySpan<double> bounds,
        int equations,
        Span<double> solution
    )
    {
        Require(objective, rows, bounds, equations, solution);
        var count = bounds.Length;
        var size = SimplexTableau.WorkSize(objective.Length, count, equations);
        size = Math.Max(
            size,
            Math.Max(CondensedTableau.WorkSize(objective.Length, count), BasisSystem.WorkSize(count))
        );
        var rented = size > OnStack ? ArrayPool<double>.Shared.Rent(size) : null;
        var places = (4 * count) + (2 * objective.Length);
        var indices = places > OnStack ? ArrayPool<int>.Shared.Rent(places) : null;
        try
        {
            var work = rented is null ? stackalloc double[size] : rented.AsSpan(0, size);
            var orders = indices is null ? stackalloc int[places] : indices.AsSpan(0, places);
            work.Clear();
            var basis = orders[..count];
            var status = FindBasis(objective, rows, bounds, equations, work, basis, orders[(3 * count)..]);
            if (status == LinearProgramStatus.Optimal)
            {
                work.Clear();
                new BasisSystem(rows, bounds, equations, basis, work, orders[count..]).Solve(solution);
            }

            return status;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<double>.Shared.Return(rented);
            }

            if (indices is not null)
            {
                ArrayPool<int>.Shared.Return(indices);
            }
        }
    }

    private static LinearProgramStatus FindBasis(
        ReadOnlySpan<double> objective,
        ReadOnlySpan<double> rows,
        ReadOnlySpan<double> bounds,
        int equations,
        Span<double> work,
        Span<int> basis,
        Span<int> places
    )
    {
        if (!DualSimplex.Suits(rows, bounds, objective.Length, equations))
        {
            return new SimplexTableau(objective, rows, bounds, equations, work, basis).Solve();
        }

        return new DualSimplex(objective, rows, bounds, work, basis, places).Solve()
            ? LinearProgramStatus.Optimal
            : LinearProgramStatus.Infeasible;
    }

    private static void Require(
        ReadOnlySpan<double> objective,
        ReadOnlySpan<double> rows,
        ReadOnlySpan<double> bounds,
        int equations,
        Span<double> solution
    )
    {
        if (
            objective.Length == 0
            || solution.Length != objective.Length
            || rows.Length != objective.Length * bounds.Length
            || equations < 0
            || equations > bounds.Length
        )
        {
            throw new ArgumentException(
                $"{solution.Length} variables, at least one, and {bounds.Length} constraints, of which {equations} are equations, need {solution.Length} and {solution.Length * bounds.Length} coefficients; got {objective.Length} and {rows.Length}."
            );
        }

        if (!AreFinite(objective) || !AreFinite(rows) || !AreFinite(bounds))
        {
            throw new ArgumentException("The numbers of a linear program are finite; leave out what does not bind.");
        }
    }

    private static bool AreFinite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>How a linear program ended.</summary>
public enum LinearProgramStatus
{
    /// <summary>The solution is a best one.</summary>
    Optimal,

    /// <summary>No point meets all constraints.</summary>
    Infeasible,

    /// <summary>The objective grows for ever.</summary>
    Unbounded,
}
