using Plait.Numerics;

namespace Plait.Tests.Numerics;

/// <summary>Whatever was exchanged, the tableau says the same equations: its rows and the objective at any point are those of the problem.</summary>
public sealed class CondensedTableauTests
{
    private const int Variables = 6;
    private const int Constraints = 4;

    private static readonly double[] Objective = Cones.Draw(Variables, 1);
    private static readonly double[] Factors =
    [
        .. Enumerable.Repeat(1.0, Variables),
        .. Cones.Draw(Variables * (Constraints - 1), 2),
    ];
    private static readonly double[] Bounds = [1, .. Cones.Draw(Constraints - 1, 3)];

    [Fact]
    public void A_tableau_begins_with_the_slacks_and_the_problem_s_own_numbers()
    {
        var tableau = Make();

        Assert.Equal([-1, Variables, Variables + 1, Variables + 2], tableau.Basis.ToArray());
        Assert.Equal(Enumerable.Range(0, Variables), tableau.Outside.ToArray());
        Assert.Equal(Objective, tableau.Costs.ToArray());
        for (var row = 0; row < Constraints; row++)
        {
            Assert.Equal(Bounds[row], tableau.Value(row));
            Assert.Equal(Factors.AsSpan(row * Variables, Variables).ToArray(), tableau.Coefficients(row).ToArray());
        }
    }

    [Fact]
    public void Exchanges_keep_the_equations()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var tableau = Make();
            tableau.Pivot(0, random.Next(Variables)); // the equation holds from here on
            AssertSameEquations(tableau, seed);
            for (var step = 0; step < 8; step++)
            {
                Exchange(tableau, random);
                AssertSameEquations(tableau, seed);
            }
        }
    }

    [Fact]
    public void A_tableau_that_is_made_anew_has_the_same_basis_and_equations()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var tableau = Make();
            tableau.Pivot(0, random.Next(Variables));
            for (var step = 0; step < 8; step++)
            {
                Exchange(tableau, random);
            }

            int[] basis = [.. tableau.Basis];
            tableau.Rebuild();

            Assert.Equal(basis.Order(), tableau.Basis.ToArray().Order());
            AssertSameEquations(tableau, seed);
        }
    }

    /// <summary>What is left of a value by rounding alone is 0 where the tableau is made anew.</summary>
    [Fact]
    public void A_value_and_a_cost_that_are_rounding_of_their_terms_are_zero()
    {
        double[] objective = [0.1 + 0.2, 0.3];
        double[] factors = [1, 1, 0.1 + 0.2, 0];
        double[] bounds = [1, 0.3];
        var tableau = Make(objective, factors, bounds);

        tableau.Pivot(0, 0);
        tableau.Rebuild();

        Assert.Equal(0, tableau.Value(1)); // 0.3 - (0.1 + 0.2)
        Assert.Equal(0, tableau.Costs[1]);
    }

    private static void Exchange(CondensedTableau tableau, Random random)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var (row, column) = (random.Next(Constraints), random.Next(Variables));
            if (tableau.Outside[column] >= 0 && Math.Abs(tableau.Coefficients(row)[column]) > 0.2)
            {
                tableau.Pivot(row, column);
                return;
            }
        }
    }

    /// <summary>Draws what is outside the basis, reads the rest from the tableau, and asks the problem.</summary>
    private static void AssertSameEquations(CondensedTableau tableau, int seed)
    {
        var drawn = Cones.Draw(Variables, seed + 100);
        var all = new double[Variables + Constraints - 1];
        for (var column = 0; column < Variables; column++)
        {
            if (tableau.Outside[column] >= 0)
            {
                all[tableau.Outside[column]] = drawn[column];
            }
        }

        for (var row = 0; row < Constraints; row++)
        {
            var taken = tableau.Coefficients(row).ToArray().Zip(drawn, (factor, value) => factor * value).Sum();
            Assert.True(tableau.Basis[row] >= 0);
            all[tableau.Basis[row]] = tableau.Value(row) - taken;
        }

        for (var row = 0; row < Constraints; row++)
        {
            var sum = Enumerable.Range(0, Variables).Sum(i => Factors[(row * Variables) + i] * all[i]);
            Assert.Equal(Bounds[row], row == 0 ? sum : sum + all[Variables + row - 1], 1e-9);
        }

        // The costs say by how much the objective changes from where all that is outside is 0.
        var objective = Objective.Select((value, i) => value * all[i]).Sum();
        var origin = new double[all.Length];
        for (var row = 0; row < Constraints; row++)
        {
            origin[tableau.Basis[row]] = tableau.Value(row);
        }

        var change = tableau.Costs.ToArray().Zip(drawn, (cost, value) => cost * value).Sum();
        Assert.Equal(objective, Objective.Select((value, i) => value * origin[i]).Sum() + change, 1e-9);
    }

    private static CondensedTableau Make() => Make(Objective, Factors, Bounds);

    private static CondensedTableau Make(double[] objective, double[] factors, double[] bounds) =>
        new(
            objective,
            factors,
            bounds,
            new double[CondensedTableau.WorkSize(objective.Length, bounds.Length)],
            new int[bounds.Length],
            new int[(2 * objective.Length) + bounds.Length]
        );
}
