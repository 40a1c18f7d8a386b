using CsCheck;
using Plait.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Numerics;

public sealed class EqualProjectionsTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 12],
        Gen.Int[1, 15],
        Gen.Int[0, int.MaxValue]
    );

    [Fact]
    public void Weights_solve_the_normal_equations_over_all_families() =>
        Cases.Sample(
            c =>
            {
                var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));
                var weights = new double[c.Count];

                EqualProjections.Solve(gramian, weights);

                Assert.InRange(EqualProjections.Residual(gramian, weights), 0, 1e-10);
            },
            iter: 5_000
        );

    [Fact]
    public void Projections_on_independent_vectors_are_1() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(Family.BadlyScaledRows, c.Count, c.Count + c.Width, c.Seed);
            var weights = new double[c.Count];

            var square = EqualProjections.Solve(Gramians.Of(rows), weights);

            double[][] unit = [.. rows.Select(row => row.Select(value => value / Gramians.Norm(row)).ToArray())];
            double[] ofUnit = [.. weights.Zip(rows, (weight, row) => weight * Gramians.Norm(row))];
            var combined = Gramians.Combine(unit, ofUnit);
            var allowed = 1e-13 * square * c.Count;
            Assert.All(Gramians.Products(unit, combined), product => Assert.InRange(product - 1, -allowed, allowed));
        });

    [Fact]
    public void Equal_directions_share_their_weight_equally() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(Family.Typical, c.Count, c.Count + c.Width, c.Seed);
            double[][] twice = [.. rows, .. rows];
            var (once, both) = (new double[c.Count], new double[2 * c.Count]);

            var square = EqualProjections.Solve(Gramians.Of(rows), once);
            EqualProjections.Solve(Gramians.Of(twice), both);

            for (var i = 0; i < both.Length; i++)
            {
                var allowed = 1e-11 * square * once.Max(Math.Abs) * c.Count;
                Assert.InRange(both[i] - (once[i % c.Count] / 2), -allowed, allowed);
            }
        });

    [Fact]
    public void Opposite_vectors_have_nothing_in_common()
    {
        var weights = new double[2];
        Assert.Equal(0, EqualProjections.Solve([4, -2, -2, 1], weights));
        Assert.Equal([0, 0], weights);
    }

    [Fact]
    public void Zero_vectors_have_no_weight()
    {
        var weights = new double[3];
        Assert.Equal(1, EqualProjections.Solve([0, 0, 0, 0, 4, 0, 0, 0, 0], weights));
        Assert.Equal([0, 0.5, 0], weights);
    }
}
