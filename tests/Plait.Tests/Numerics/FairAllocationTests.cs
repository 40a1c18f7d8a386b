using CsCheck;
using Plait.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Numerics;

public sealed class FairAllocationTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed, double Alpha)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 12],
        Gen.Int[1, 15],
        Gen.Int[0, int.MaxValue],
        Gen.OneOf([.. new[] { 0.5, 1, 1, 2, 5 }.Select(alpha => Gen.Const(alpha))])
    );

    [Fact]
    public void Weights_solve_the_equations_over_all_families() =>
        Cases.Sample(
            c => AssertSolved(Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed)), c.Alpha),
            iter: 4_000
        );

    [Theory]
    [InlineData(50, 60)]
    [InlineData(50, 20)]
    [InlineData(200, 300)]
    public void Weights_solve_the_equations_for_many_tasks(int count, int width)
    {
        foreach (var family in Enum.GetValues<Family>())
        {
            AssertSolved(Gramians.Of(Gramians.Vectors(family, count, width, seed: 1)), 1);
            AssertSolved(Gramians.Of(Gramians.Vectors(family, count, width, seed: 2)), 2);
        }
    }

    [Fact]
    public void Vectors_that_all_but_cancel_are_solved_as_long_as_rounding_allows() =>
        Gen.Select(Gen.Double[-7, -1], Gen.Double[-12, 12], Gen.Double[-12, 12])
            .Sample(
                (gap, first, second) =>
                {
                    // Two vectors at an angle of all but 180 degrees.
                    var (a, b, angle) = (Math.Pow(10, first), Math.Pow(10, second), Math.Pow(10, gap));
                    var cosine = -Math.Cos(angle);
                    double[] gramian = [a * a, a * b * cosine, a * b * cosine, b * b];
                    var weights = new double[2];
                    Assert.True(FairAllocation.Solve(gramian, weights));

                    // Both have the same gain by symmetry: v² (1 + cosine) = 1.
                    var expected = 1 / (Math.Sqrt(2) * Math.Sin(angle / 2));
                    var allowed = 1e-15 / (angle * angle) * 10;
                    Assert.InRange(weights[0] * a / expected, 1 - allowed - 1e-12, 1 + allowed + 1e-12);
                    Assert.InRange(weights[1] * b / expected, 1 - allowed - 1e-12, 1 + allowed + 1e-12);
                }
            );

    [Fact]
    public void Vectors_with_a_vanishing_convex_combination_have_no_solution() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(Family.Typical, c.Count, c.Width, c.Seed);
            double[] missing = [.. Gramians.Combine(rows, rows.Select(_ => 0.3).ToArray()).Select(value => -value)];
            var weights = new double[c.Count + 1];

            Assert.False(FairAllocation.Solve(Gramians.Of([.. rows, missing]), weights, c.Alpha));
            Assert.All(weights, weight => Assert.Equal(0, weight));
        });

    [Fact]
    public void Vectors_with_a_common_half_space_always_have_a_solution() =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(Family.WithPositiveFloor, c.Count, c.Width, c.Seed));
            Assert.True(FairAllocation.Solve(gramian, new double[c.Count], c.Alpha));
        });

    [Fact]
    public void Shares_enter_the_equations() =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));
            var random = new Random(c.Seed);
            double[] shares = [.. Enumerable.Range(0, c.Count).Select(_ => random.Next(4) * random.NextDouble())];
            var weights = new double[c.Count];

            FairAllocation.Solve(gramian, weights, c.Alpha, shares);

            Assert.InRange(FairAllocation.Residual(gramian, weights, c.Alpha, shares), 0, 1e-10);
        });

    [Fact]
    public void A_vector_of_zeros_takes_no_part() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            var (without, with) = (new double[c.Count], new double[c.Count + 1]);

            FairAllocation.Solve(Gramians.Of(rows), without, c.Alpha);
            FairAllocation.Solve(Gramians.Of([new double[c.Width], .. rows]), with, c.Alpha);

            Assert.Equal([0, .. without], with);
        });

    [Fact]
    public void Rounding_of_the_Gramian_to_single_precision_is_survived() =>
        Cases.Sample(
            c =>
            {
                double[] gramian =
                [
                    .. Gramians
                        .Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed))
                        .Select(value => (double)(float)value),
                ];
                var weights = new double[c.Count];
                FairAllocation.Solve(gramian, weights, c.Alpha, rounding: 1.2e-7);

                Assert.All(weights, weight => Assert.InRange(weight, 0, double.MaxValue));
                Assert.InRange(FairAllocation.Residual(gramian, weights, c.Alpha), 0, 1e-5);
            },
            iter: 2_000
        );

    [Fact]
    public void Nothing_is_allocated()
    {
        var gramian = Gramians.Of(Gramians.Vectors(Family.Conflicting, 50, 60, seed: 3));
        var weights = new double[50];
        FairAllocation.Solve(gramian, weights);

        var before = GC.GetAllocatedBytesForCurrentThread();
        FairAllocation.Solve(gramian, weights);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void Impossible_alpha_is_refused(double alpha) =>
        Assert.Throws<ArgumentException>(() => FairAllocation.Solve([1], new double[1], alpha));

    private static void AssertSolved(double[] gramian, double alpha)
    {
        var weights = new double[(int)Math.Sqrt(gramian.Length)];
        var solved = FairAllocation.Solve(gramian, weights, alpha);
        for (var i = 0; i < weights.Length; i++)
        {
            Assert.True(solved && gramian[i * (weights.Length + 1)] > 0 ? weights[i] > 0 : weights[i] == 0);
        }

        Assert.InRange(FairAllocation.Residual(gramian, weights, alpha), 0, 1e-10);
    }
}
