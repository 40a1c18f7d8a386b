using CsCheck;
using Plait.Numerics;

namespace Plait.Tests.Numerics;

public sealed class LinearProgramTests
{
    /// <summary>Small whole numbers with many zeros and repetitions: degenerate, redundant, infeasible and unbounded problems are common.</summary>
    private static readonly Gen<Problem> Problems =
        from variables in Gen.Int[1, 4]
        from constraints in Gen.Int[1, 4]
        from equations in Gen.Int[0, 1]
        from objective in Gen.Int[-3, 3].Array[variables]
        from rows in Gen.Int[-3, 3].Array[variables * constraints]
        from bounds in Gen.Int[-4, 6].Array[constraints]
        select new Problem(
            [.. objective.Select(value => (double)value)],
            [.. rows.Select(value => (double)value)],
            [.. bounds.Select(value => (double)value)],
            equations
        );

    [Fact]
    public void Solutions_are_as_good_as_the_best_vertex() =>
        Problems.Sample(
            problem =>
            {
                var (status, solution) = problem.Solve();
                var vertices = problem.Vertices();
                if (status == LinearProgramStatus.Infeasible)
                {
                    Assert.Empty(vertices);
                    return;
                }

                Assert.NotEmpty(vertices);
                if (status == LinearProgramStatus.Unbounded)
                {
                    // With a bound on the sum of the variables it is finite, and rises with that bound.
                    Assert.True(problem.Within(2e4) > problem.Within(1e4));
                    return;
                }

                Assert.True(problem.Violation(solution) <= 1e-10);
                Assert.Equal(vertices.Max(problem.Objective), problem.Objective(solution), 1e-9);
            },
            iter: 20_000
        );

    [Fact]
    public void Units_of_variables_and_constraints_do_not_matter() =>
        Gen.Select(Problems, Gen.Int[-80, 80].Array[8])
            .Sample(
                (problem, powers) =>
                {
                    var (status, solution) = problem.Solve();
                    var scaled = problem.Scaled(
                        [.. powers[..4].Select(power => Math.Pow(2, power / 2))],
                        [.. powers[4..].Select(power => Math.Pow(2, power))]
                    );

                    var (other, inOtherUnits) = scaled.Solve();

                    Assert.Equal(status, other);
                    for (var i = 0; i < solution.Length && status == LinearProgramStatus.Optimal; i++)
                    {
                        Assert.Equal(solution[i], inOtherUnits[i] * Math.Pow(2, powers[i] / 2), 1e-9);
                    }
                },
                iter: 10_000
            );

    [Fact]
    public void A_problem_on_which_the_largest_coefficient_rule_cycles_is_solved()
    {
        // Beale 1955.
        double[] rows = [0.25, -60, -1.0 / 25, 9, 0.5, -90, -1.0 / 50, 3, 0, 0, 1, 0];
        var problem = new Problem([0.75, -150, 1.0 / 50, -6], rows, [0, 0, 1], 0);

        var (status, solution) = problem.Solve();

        Assert.Equal(LinearProgramStatus.Optimal, status);
        Assert.Equal(0.05, problem.Objective(solution), 1e-12);
    }

    [Fact]
    public void Many_variables_are_solved_to_rounding()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 20; trial++)
        {
            // Feasible at the uniform point of the simplex, which bounds it.
            const int Count = 20;
            double[] rows =
            [
                .. Enumerable.Range(0, Count * (Count + 1)).Select(i => i < Count ? 1 : random.NextDouble() - 0.5),
            ];
            double[] bounds =
            [
                1,
                .. Enumerable
                    .Range(1, Count)
                    .Select(row => Math.Max(0.01, rows.AsSpan(row * Count, Count).ToArray().Average())),
            ];
            var problem = new Problem([.. rows[^Count..]], rows, bounds, 1);

            var (status, solution) = problem.Solve();

            Assert.Equal(LinearProgramStatus.Optimal, status);
            Assert.True(problem.Violation(solution) <= 1e-12);
            // Certified by a dual: the same objective from below, minimise bounds·y with rows'y at least the objective.
            Assert.Equal(problem.DualOptimum(), problem.Objective(solution), 1e-10);
        }
    }

    [Theory]
    [InlineData(new double[] { }, new double[] { }, new double[] { 1 }, 0)]
    [InlineData(new double[] { 1 }, new double[] { 1, 2 }, new double[] { 1 }, 0)]
    [InlineData(new double[] { 1 }, new double[] { 1 }, new double[] { 1 }, 2)]
    [InlineData(new double[] { 1 }, new double[] { 1 }, new double[] { double.PositiveInfinity }, 0)]
    [InlineData(new double[] { double.NaN }, new double[] { 1 }, new double[] { 1 }, 0)]
    public void Numbers_that_make_no_problem_are_refused(
        double[] objective,
        double[] rows,
        double[] bounds,
        int equations
    ) =>
        Assert.Throws<ArgumentException>(() =>
            LinearProgram.Solve(objective, rows, bounds, equations, new double[objective.Length])
        );

    private sealed record Problem(double[] Objectives, double[] Rows, double[] Bounds, int Equations)
    {
        private int Variables => Objectives.Length;

        public (LinearProgramStatus Status, double[] Solution) Solve()
        {
            var solution = new double[Variables];
            return (LinearProgram.Solve(Objectives, Rows, Bounds, Equations, solution), solution);
        }

        public double Objective(double[] point) => Objectives.Zip(point, (a, b) => a * b).Sum();

        public double Violation(double[] point) =>
            Enumerable
                .Range(0, Bounds.Length)
                .Select(row => Product(row, point) - Bounds[row])
                .Select((excess, row) => row < Equations ? Math.Abs(excess) : excess)
                .Concat(point.Select(value => -value))
                .Max();

        /// <summary>The best objective where the variables add up to so much at most.</summary>
        public double Within(double sum)
        {
            var bounded = this with
            {
                Rows = [.. Rows, .. Enumerable.Repeat(1.0, Variables)],
                Bounds = [.. Bounds, sum],
            };
            return bounded.Vertices().Max(Objective);
        }

        /// <summary>All feasible points in which as many constraints or signs as there are variables hold with equality.</summary>
        public List<double[]> Vertices()
        {
            var planes = Enumerable
                .Range(0, Bounds.Length)
                .Select(row => (Normal: Rows[(row * Variables)..((row + 1) * Variables)], At: Bounds[row]))
                .Concat(Enumerable.Range(0, Variables).Select(i => (Unit(i), 0.0)))
                .ToArray();
            var found = new List<double[]>();
            foreach (var chosen in Choose(planes.Length, Variables))
            {
                var point = SolveSquare([.. chosen.Select(i => planes[i])]);
                if (point is not null && Violation(point) <= 1e-9 * (1 + point.Max(Math.Abs)))
                {
                    found.Add(point);
                }
            }

            return found;
        }

        public Problem Scaled(double[] columns, double[] rows) =>
            new(
                [.. Objectives.Select((value, i) => value * columns[i])],
                [.. Rows.Select((value, i) => value * columns[i % Variables] * rows[i / Variables])],
                [.. Bounds.Select((value, row) => value * rows[row])],
                Equations
            );

        /// <summary>The dual's optimum; the first constraint is the only equation, whose dual variable is written as a difference.</summary>
        public double DualOptimum()
        {
            var transposed = Enumerable
                .Range(0, Variables)
                .SelectMany(i =>
                    Enumerable.Range(0, Bounds.Length).Select(row => -Rows[(row * Variables) + i]).Append(Rows[i])
                )
                .ToArray();
            double[] costs = [.. Bounds.Select(bound => -bound), Bounds[0]];
            var solution = new double[costs.Length];
            Assert.Equal(
                LinearProgramStatus.Optimal,
                LinearProgram.Solve(costs, transposed, [.. Objectives.Select(value => -value)], 0, solution)
            );
            return -costs.Zip(solution, (a, b) => a * b).Sum();
        }

        private double Product(int row, double[] point) =>
            point.Select((value, i) => value * Rows[(row * Variables) + i]).Sum();

        private double[] Unit(int place) => [.. Enumerable.Range(0, Variables).Select(i => i == place ? 1.0 : 0)];

        private static IEnumerable<int[]> Choose(int from, int count, int start = 0) =>
            count == 0
                ?
                [
                    [],
                ]
                : Enumerable
                    .Range(start, Math.Max(0, from - start))
                    .SelectMany(first => Choose(from, count - 1, first + 1).Select(rest => (int[])[first, .. rest]));

        private static double[]? SolveSquare((double[] Normal, double At)[] planes)
        {
            var n = planes.Length;
            var a = planes.Select(plane => (double[])[.. plane.Normal, plane.At]).ToArray();
            for (var column = 0; column < n; column++)
            {
                var pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(a[row][column]));
                if (Math.Abs(a[pivot][column]) < 1e-9)
                {
                    return null;
                }

                (a[pivot], a[column]) = (a[column], a[pivot]);
                for (var row = 0; row < n; row++)
                {
                    var factor = row == column ? 0 : a[row][column] / a[column][column];
                    for (var i = 0; i <= n; i++)
                    {
                        a[row][i] -= factor * a[column][i];
                    }
                }
            }

            return [.. a.Select((row, i) => row[n] / row[i])];
        }
    }
}
