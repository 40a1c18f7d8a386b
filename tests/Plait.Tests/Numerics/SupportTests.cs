using Plait.Numerics;

namespace Plait.Tests.Numerics;

/// <summary>The systems of equations among some of the vectors: by a factor that grows and shrinks, and by one elimination.</summary>
public sealed class SupportTests
{
    private const double Tolerance = 1e-12;

    [Fact]
    public void A_factor_solves_the_products_of_its_members_however_they_came_and_went()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            const int Count = 9;
            var random = new Random(seed);
            var cosines = Cones.Cosines(Count, Count + 3, seed);
            var factor = new SupportFactor(cosines, new double[SupportFactor.WorkSize(Count)], new int[Count]);
            var expected = new List<int>();
            for (var step = 0; step < 40; step++)
            {
                var vector = random.Next(Count);
                var place = expected.IndexOf(vector);
                if (place < 0)
                {
                    Assert.True(factor.Append(vector, Tolerance));
                    expected.Add(vector);
                }
                else
                {
                    factor.Remove(place);
                    expected.RemoveAt(place);
                }

                Assert.Equal(expected, factor.Members.ToArray());
                var right = Cones.Draw(expected.Count, step);
                double[] solution = [.. right];
                factor.SolveForward(solution);
                Assert.Equal(
                    solution.Sum(value => value * value),
                    right.Zip(Solve(factor, right), (a, b) => a * b).Sum(),
                    1e-8
                );
                factor.SolveTransposed(solution);
                Assert.Equal(right, Products(cosines, Count, expected, solution), Close);
            }
        }
    }

    [Fact]
    public void A_vector_that_depends_on_the_members_is_refused_with_its_combination_and_can_be_made_to_count_as_longer()
    {
        var half = Math.Sqrt(0.5);
        double[] cosines = [1, 0, half, 0, 1, half, half, half, 1]; // two axes and the diagonal between them
        var factor = new SupportFactor(cosines, new double[SupportFactor.WorkSize(3)], new int[3]);
        Assert.True(factor.Append(0, Tolerance));
        Assert.True(factor.Append(1, Tolerance));

        Assert.False(factor.Append(2, Tolerance));

        double[] combination = [.. factor.Candidate];
        factor.SolveTransposed(combination);
        Assert.Equal([half, half], combination, Close);
        Assert.Equal(2, factor.Count);

        factor.AppendAnyway(2, Tolerance);
        Assert.Equal([0, 1, 2], factor.Members.ToArray());
        // It stands out by the tolerance of the terms 1 and two halves' roots.
        double[] unit = [0, 0, 1];
        factor.SolveForward(unit);
        Assert.Equal(1 / (Math.Sqrt(Tolerance) * (1 + (2 * half))), unit[2], 1e-4);
        factor.Clear();
        Assert.Equal(0, factor.Count);
    }

    [Theory]
    [InlineData(1e-4, false, true)]
    [InlineData(1e-4, true, true)] // a sine of 0.02 beside terms of 2
    [InlineData(2e-4, false, true)]
    [InlineData(2e-4, true, false)] // the square of 2 makes the tolerance 8e-4
    [InlineData(5e-4, false, false)]
    public void Dependence_is_told_by_the_sine_or_by_the_terms_of_the_combination(
        double tolerance,
        bool byTerms,
        bool independent
    )
    {
        var cosine = Math.Sqrt(1 - (0.02 * 0.02 * 1.0));
        double[] cosines = [1, cosine, cosine, 1];
        var factor = new SupportFactor(cosines, new double[SupportFactor.WorkSize(2)], new int[2]);
        factor.Append(0, Tolerance);

        Assert.Equal(independent, factor.Append(1, tolerance, byTerms));
    }

    [Fact]
    public void One_elimination_finds_the_combination_that_is_opposite_to_another_vector()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var count = 1 + (seed % 21);
            var random = new Random(seed);
            var cosines = Cones.Cosines(count, count + 3, seed);
            var products = Cones.Draw(count, seed);
            int[] members = [.. Enumerable.Range(0, count).Where(_ => random.Next(3) > 0)];
            var solution = new double[members.Length];
            var work = new double[SupportSystem.WorkSize(count)];

            Assert.True(SupportSystem.TrySolve(cosines, products, members, solution, 1e-8, work));

            Assert.Equal(
                members.Select(member => -products[member]),
                Products(cosines, count, members, solution),
                Close
            );
        }
    }

    [Theory]
    [InlineData(2, 0, 1, 3)] // the third of them, at an even place
    [InlineData(2, 3, 0, 1)] // the fourth, at an odd one
    public void An_elimination_refuses_a_vector_that_depends_on_those_before_it(params int[] members)
    {
        var half = Math.Sqrt(0.5);
        double[] cosines = [1, 0, half, 0, 0, 1, half, 0, half, half, 1, 0, 0, 0, 0, 1]; // 2 is between 0 and 1
        var work = new double[SupportSystem.WorkSize(4)];

        Assert.False(SupportSystem.TrySolve(cosines, [1, 1, 1, 1], members, new double[4], 1e-8, work));
        Assert.True(SupportSystem.TrySolve(cosines, [1, 1, 1, 1], [0, 1, 3], new double[3], 1e-8, work));
    }

    private static double[] Solve(SupportFactor factor, double[] right)
    {
        double[] solution = [.. right];
        factor.SolveForward(solution);
        factor.SolveTransposed(solution);
        return solution;
    }

    private static double[] Products(double[] cosines, int count, IReadOnlyList<int> members, double[] weights) =>
        [.. members.Select(row => members.Select((column, i) => cosines[(row * count) + column] * weights[i]).Sum())];

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) <= 1e-8;
}
