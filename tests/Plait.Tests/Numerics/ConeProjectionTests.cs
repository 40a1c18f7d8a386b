using CsCheck;
using Plait.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Numerics;

public sealed class ConeProjectionTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 12],
        Gen.Int[1, 15],
        Gen.Int[0, int.MaxValue]
    );

    [Fact]
    public void Projection_of_a_combination_meets_the_conditions_of_optimality_over_all_families() =>
        Cases.Sample(
            c =>
            {
                var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
                var random = new Random(c.Seed);
                double[] lower = [.. rows.Select(_ => random.Next(3) == 0 ? 0 : random.NextDouble())];
                AssertOptimal(rows, lower, Project(rows, lower));
            },
            iter: 2_000
        );

    [Fact]
    public void Projections_of_single_vectors_meet_the_conditions_of_optimality_over_all_families() =>
        Cases.Sample(
            c =>
            {
                var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
                var alone = Unit(rows.Length, c.Seed % rows.Length);
                AssertOptimal(rows, alone, ProjectEach(rows, alone));
            },
            iter: 2_000
        );

    [Fact]
    public void No_choice_of_binding_vectors_gives_another_point() =>
        Gen.Select(Gen.Enum<Family>(), Gen.Int[1, 6], Gen.Int[1, 8], Gen.Int[0, int.MaxValue])
            .Sample(
                (family, count, width, seed) =>
                {
                    // Vectors that are parallel but for rounding make the choices themselves inexact.
                    family = family == Family.NearlyCollinear ? Family.Typical : family;
                    var rows = Gramians.Vectors(family, count, width, seed);
                    var main = seed % count;

                    var point = Gramians.Combine(rows, ProjectEach(rows, Unit(count, main)));

                    var length = Gramians.Norm(rows[main]);
                    var expected = Choices.Shortest(rows, main);
                    Assert.InRange(Gramians.Norm(point), expected - (1e-6 * length), expected + (1e-6 * length));
                },
                iter: 200
            );

    [Fact]
    public void Sum_of_projections_is_that_of_each_alone() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            double[] shares = [.. rows.Select((_, i) => 1.0 / (i + 1))];

            var together = Gramians.Combine(rows, ProjectEach(rows, shares));

            var sum = new double[c.Width];
            for (var i = 0; i < rows.Length; i++)
            {
                var alone = Gramians.Combine(rows, ProjectEach(rows, Unit(rows.Length, i)));
                sum = [.. sum.Zip(alone, (a, b) => a + (shares[i] * b))];
            }

            var scale = 1e-8 * rows.Sum(Gramians.Norm);
            Assert.All(together.Zip(sum), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= scale));
        });

    [Theory]
    [InlineData(50, 20)]
    [InlineData(200, 300)]
    [InlineData(200, 20)]
    public void Many_vectors_meet_the_conditions_of_optimality(int count, int width)
    {
        foreach (var family in Enum.GetValues<Family>())
        {
            var rows = Gramians.Vectors(family, count, width, seed: 1);
            double[] mean = [.. rows.Select(_ => 1.0 / count)];
            AssertOptimal(rows, mean, Project(rows, mean));
            AssertOptimal(rows, Unit(count, 7), ProjectEach(rows, Unit(count, 7)));
        }
    }

    [Fact]
    public void Nearly_opposite_vectors_leave_a_residual_of_rounding() =>
        Gen.Select(Gen.Int[2, 8], Gen.Int[1, 10], Gen.Int[0, int.MaxValue])
            .Sample(
                (count, width, seed) =>
                {
                    var rows = Gramians.NearlyOpposite(count, width, seed);
                    var gramian = Gramians.Of(rows);
                    var alone = Unit(count, seed % count);
                    double[] mean = [.. rows.Select(_ => 1.0 / count)];
                    var residual = Math.Max(
                        ConeProjection.Residual(gramian, alone, ProjectEach(rows, alone)),
                        ConeProjection.Residual(gramian, mean, Project(rows, mean))
                    );
                    Assert.InRange(residual, 0, Gramians.RootOfRounding);
                },
                iter: 2_000
            );

    [Fact]
    public void Unit_does_not_matter_to_the_last_bit() =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));
            double[] inAnotherUnit = [.. gramian.Select(value => value * Math.Pow(2, -80))];
            double[] shares = [.. Enumerable.Repeat(0.25, c.Count)];

            Assert.Equal(ProjectEach(gramian, shares), ProjectEach(inAnotherUnit, shares));
            Assert.Equal(Project(gramian, shares), Project(inAnotherUnit, shares));
        });

    [Fact]
    public void Rounding_of_the_Gramian_to_single_precision_is_survived() =>
        Cases.Sample(c =>
        {
            double[] gramian =
            [
                .. Gramians
                    .Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed))
                    .Select(value => (double)(float)value),
            ];
            double[] shares = [.. Enumerable.Repeat(1.0 / c.Count, c.Count)];
            Assert.All(ProjectEach(gramian, shares), weight => Assert.True(double.IsFinite(weight) && weight >= 0));
            Assert.All(Project(gramian, shares), weight => Assert.True(double.IsFinite(weight) && weight >= 0));
        });

    [Fact]
    public void Vectors_without_conflict_stay_as_they_are() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(Family.WithPositiveFloor, c.Count, c.Width, c.Seed);
            double[] shares = [.. rows.Select((_, i) => 1.0 / (i + 1))];
            Assert.Equal(shares, ProjectEach(rows, shares));
            Assert.Equal(shares, Project(rows, shares));
        });

    [Theory]
    [InlineData(12)]
    [InlineData(60)]
    public void Nothing_is_allocated(int count)
    {
        var gramian = Gramians.Of(Gramians.Vectors(Family.Conflicting, count, 80, seed: 3));
        var weights = new double[count];
        double[] shares = [.. Enumerable.Repeat(1.0, count)];
        ConeProjection.SolveEach(gramian, shares, weights);
        ConeProjection.Solve(gramian, shares, weights);

        var before = GC.GetAllocatedBytesForCurrentThread();
        ConeProjection.SolveEach(gramian, shares, weights);
        ConeProjection.Solve(gramian, shares, weights);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Bounds_of_another_number_are_refused() =>
        Assert.Throws<ArgumentException>(() => ConeProjection.Solve([1, 0, 0, 1], [1], new double[2]));

    private static double[] Unit(int count, int place) =>
        [.. Enumerable.Range(0, count).Select(i => i == place ? 1.0 : 0)];

    private static double[] Project(double[][] rows, double[] lower) => Project(Gramians.Of(rows), lower);

    private static double[] Project(double[] gramian, double[] lower)
    {
        var weights = new double[lower.Length];
        ConeProjection.Solve(gramian, lower, weights);
        return weights;
    }

    private static double[] ProjectEach(double[][] rows, double[] shares) => ProjectEach(Gramians.Of(rows), shares);

    private static double[] ProjectEach(double[] gramian, double[] shares)
    {
        var weights = new double[shares.Length];
        ConeProjection.SolveEach(gramian, shares, weights);
        return weights;
    }

    /// <summary>By the vectors themselves: no conflict, no weight below its bound, and a weight above it only on a plane of the cone.</summary>
    private static void AssertOptimal(double[][] rows, double[] lower, double[] weights)
    {
        var products = Gramians.Products(rows, Gramians.Combine(rows, weights));
        var size = rows.Zip(weights, (row, weight) => Gramians.Norm(row) * weight).Sum();
        for (var i = 0; i < rows.Length; i++)
        {
            var length = Gramians.Norm(rows[i]);
            Assert.True(weights[i] >= lower[i], $"weight {weights[i]} of {lower[i]} or more");
            Assert.True(products[i] >= -1e-10 * length * size, $"vector {i}: {products[i]}, lengths {length}, {size}");
            Assert.True(
                Math.Min((weights[i] - lower[i]) * length * length, products[i]) <= 1e-10 * length * size,
                $"weight {weights[i]} of vector {i}: {products[i]}, lengths {length}, {size}"
            );
        }
    }
}
