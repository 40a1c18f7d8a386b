using CsCheck;
using Plait.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Numerics;

public sealed class GramianEigenTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 12],
        Gen.Int[1, 15],
        Gen.Int[0, int.MaxValue]
    );

    [Fact]
    public void Vectors_and_values_decompose_the_Gramian_over_all_families() =>
        Cases.Sample(
            c => AssertDecomposed(Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed))),
            iter: 5_000
        );

    [Theory]
    [InlineData(50, 60)]
    [InlineData(200, 30)]
    public void Vectors_and_values_decompose_large_Gramians(int count, int width)
    {
        foreach (var family in Enum.GetValues<Family>())
        {
            AssertDecomposed(Gramians.Of(Gramians.Vectors(family, count, width, seed: 1)));
        }
    }

    [Fact]
    public void Rank_does_not_depend_on_the_lengths_of_the_vectors() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(Family.BadlyScaledRows, c.Count, c.Width, c.Seed);
            var values = new double[c.Count];

            var rank = GramianEigen.Decompose(Gramians.Of(rows), values, new double[c.Count * c.Count]);

            Assert.Equal(Math.Min(c.Count, c.Width), rank);
        });

    [Fact]
    public void Small_eigenvalues_are_as_accurate_as_large_ones() =>
        Gen.Select(Gen.Double[-12, 12], Gen.Double[-12, 12], Gen.Double[-0.9, 0.9])
            .Sample(
                (first, second, cosine) =>
                {
                    var (a, b) = (Math.Pow(10, 2 * first), Math.Pow(10, 2 * second));
                    var product = Math.Sqrt(a) * Math.Sqrt(b) * cosine;
                    var values = new double[2];
                    GramianEigen.Decompose([a, product, product, b], values, new double[4]);

                    // The larger root by the formula, the smaller one from the determinant, without cancellation.
                    var large = (a + b + Math.Sqrt(((a - b) * (a - b)) + (4 * product * product))) / 2;
                    var small = a / large * b * (1 - (cosine * cosine));
                    Assert.InRange(values[0] / large, 1 - 1e-13, 1 + 1e-13);
                    Assert.InRange(values[1] / small, 1 - 1e-13, 1 + 1e-13);
                }
            );

    [Fact]
    public void Zero_vectors_have_rank_zero()
    {
        var values = new double[] { 7, 7 };
        Assert.Equal(0, GramianEigen.Decompose([0, 0, 0, 0], values, new double[4]));
        Assert.Equal([0, 0], values);
    }

    private static void AssertDecomposed(double[] gramian)
    {
        var count = (int)Math.Sqrt(gramian.Length);
        var (values, vectors) = (new double[count], new double[count * count]);
        var rank = GramianEigen.Decompose(gramian, values, vectors);
        Assert.Equal(values.OrderDescending(), values);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                var sum = Enumerable
                    .Range(0, rank)
                    .Sum(k => values[k] * vectors[(k * count) + i] * vectors[(k * count) + j]);
                var size = Math.Sqrt(gramian[i * (count + 1)]) * Math.Sqrt(gramian[j * (count + 1)]);
                Assert.True(Math.Abs(sum - gramian[(i * count) + j]) <= 1e-9 * size, $"({i}, {j}) of {count}");
            }
        }

        for (var k = 0; k < rank; k++)
        {
            for (var other = 0; other <= k; other++)
            {
                var product = Enumerable
                    .Range(0, count)
                    .Sum(i => vectors[(k * count) + i] * vectors[(other * count) + i]);
                Assert.InRange(product - (k == other ? 1 : 0), -1e-12, 1e-12);
            }
        }
    }
}
