using CsCheck;
using Plait.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Numerics;

public sealed class InverseRootTests
{
    private static readonly Gen<(int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Int[1, 10],
        Gen.Int[1, 12],
        Gen.Int[0, int.MaxValue]
    );

    /// <summary>Twice the inverse root is the pseudo-inverse, of which G G⁺ G = G is asked.</summary>
    [Fact]
    public void Applied_twice_it_inverts_the_Gramian_where_that_has_an_inverse() =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(Family.Typical, c.Count, c.Width, c.Seed));
            var point = Times(gramian, Cones.Draw(c.Count, c.Seed)); // within the span

            var once = Multiply(gramian, point, out var rank);
            var twice = Multiply(gramian, once, out _);

            Assert.Equal(Math.Min(c.Count, c.Width), rank);
            var size = point.Max(Math.Abs);
            Assert.All(
                point.Zip(Times(gramian, twice)),
                pair => Assert.Equal(pair.First, pair.Second, 1e-6 * (1 + size))
            );
        });

    [Fact]
    public void A_diagonal_is_divided_by_its_roots_in_any_unit()
    {
        Assert.Equal([0.5, 2, 0], Multiply([4, 0, 0, 0, 0.25, 0, 0, 0, 0], [1, 1, 1], out var rank));
        Assert.Equal(2, rank);
        var product = Multiply([4e200, 0, 0, 1e-200], [1, 1], out _);
        Assert.Equal(
            [0.5e-100 * 1e100, 1],
            [product[0] * 1e100, product[1] / 1e100],
            (a, b) => Math.Abs(a - b) < 1e-12
        );
    }

    private static double[] Multiply(double[] gramian, double[] vector, out int rank)
    {
        var (product, values) = (new double[vector.Length], new double[vector.Length]);
        rank = InverseRoot.Multiply(gramian, vector, product, values);
        Assert.Equal(values.OrderDescending(), values);
        Assert.Equal(rank, values.Count(value => value > 0));
        return product;
    }

    private static double[] Times(double[] matrix, double[] vector) =>
        [.. matrix.Chunk(vector.Length).Select(row => row.Zip(vector, (a, b) => a * b).Sum())];
}
