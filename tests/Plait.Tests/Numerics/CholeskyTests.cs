using CsCheck;
using Plait.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Numerics;

/// <summary>The factors of Gramians: with pivots for any rank, and without for what is positive definite.</summary>
public sealed class CholeskyTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 12],
        Gen.Int[1, 15],
        Gen.Int[0, int.MaxValue]
    );

    [Fact]
    public void Columns_with_pivots_multiply_to_the_Gramian_and_end_at_its_rank() =>
        Cases.Sample(
            c =>
            {
                var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
                var gramian = Gramians.Of(rows);
                var columns = new double[c.Count * c.Count];
                var pivots = new int[c.Count];

                var rank = PivotedCholesky.Factor(gramian, columns, pivots, new double[c.Count]);

                // Short vectors that depend on much longer ones lose digits, and a column may be left of their rounding.
                Assert.InRange(rank, 0, c.Family == Family.BadlyScaledRows ? c.Count : Math.Min(c.Count, c.Width));
                Assert.Equal(rank, pivots[..rank].Distinct().Count());
                for (var k = 0; k < rank; k++)
                {
                    Assert.All(pivots[..k], before => Assert.Equal(0, columns[(k * c.Count) + before]));
                    Assert.True(columns[(k * c.Count) + pivots[k]] > 0);
                }

                for (var i = 0; i < c.Count; i++)
                {
                    for (var j = 0; j < c.Count; j++)
                    {
                        var sum = Enumerable
                            .Range(0, rank)
                            .Sum(k => columns[(k * c.Count) + i] * columns[(k * c.Count) + j]);
                        var size = Gramians.Norm(rows[i]) * Gramians.Norm(rows[j]);
                        // Sines below 1e-7 are left out as rounding of squares.
                        Assert.True(Math.Abs(sum - gramian[(i * c.Count) + j]) <= 1e-9 * size, $"{c}: ({i}, {j})");
                    }
                }
            },
            iter: 2_000
        );

    [Fact]
    public void No_more_columns_are_made_than_are_asked_for() =>
        Assert.Equal(2, PivotedCholesky.Factor(Identity(4), new double[16], new int[4], new double[4], most: 2));

    [Fact]
    public void Columns_with_pivots_solve_what_is_independent() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, int.MaxValue])
            .Sample(
                (count, seed) =>
                {
                    var gramian = Gramians.Of(Gramians.Vectors(Family.Typical, count, count + 5, seed));
                    var (columns, pivots) = (new double[count * count], new int[count]);
                    Assert.Equal(count, PivotedCholesky.Factor(gramian, columns, pivots, new double[count]));
                    double[] right = [.. Enumerable.Range(1, count).Select(i => (double)i)];
                    double[] solution = [.. right];

                    PivotedCholesky.Solve(columns, pivots, solution);

                    Assert.Equal(right, Times(gramian, solution), (a, b) => Math.Abs(a - b) <= 1e-8);
                }
            );

    [Fact]
    public void Without_pivots_a_positive_definite_system_is_solved_from_its_lower_half() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, int.MaxValue])
            .Sample(
                (count, seed) =>
                {
                    var gramian = Gramians.Of(Gramians.Vectors(Family.Typical, count, count + 5, seed));
                    double[] lower = [.. gramian.Select((value, i) => i % count > i / count ? double.NaN : value)];
                    double[] right = [.. Enumerable.Range(1, count).Select(i => (double)i)];
                    double[] solution = [.. right];

                    Assert.True(PositiveDefinite.TrySolve(lower, solution));

                    Assert.Equal(right, Times(gramian, solution), (a, b) => Math.Abs(a - b) <= 1e-8);
                }
            );

    [Theory]
    [InlineData(new double[] { 0 })]
    [InlineData(new double[] { -1 })]
    [InlineData(new double[] { double.PositiveInfinity })]
    [InlineData(new double[] { 1, 2, 2, 4 })]
    [InlineData(new double[] { 1, 2, 2, 3 })]
    [InlineData(new double[] { 1, double.NaN, double.NaN, 1 })]
    public void What_is_not_positive_definite_is_refused(double[] matrix) =>
        Assert.False(PositiveDefinite.TryFactor(matrix, (int)Math.Sqrt(matrix.Length)));

    private static double[] Identity(int count) =>
        [.. Enumerable.Range(0, count * count).Select(i => i % (count + 1) == 0 ? 1.0 : 0)];

    private static double[] Times(double[] matrix, double[] vector) =>
        [.. matrix.Chunk(vector.Length).Select(row => row.Zip(vector, (a, b) => a * b).Sum())];
}
