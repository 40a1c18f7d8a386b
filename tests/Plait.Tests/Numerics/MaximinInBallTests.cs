using CsCheck;
using Plait.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Numerics;

public sealed class MaximinInBallTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed, double Ratio)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 12],
        Gen.Int[1, 15],
        Gen.Int[0, int.MaxValue],
        Gen.OneOf(
            Gen.Const(0.01),
            Gen.Const(0.2),
            Gen.Const(0.4),
            Gen.Const(0.5),
            Gen.Const(0.9),
            Gen.Const(1.0),
            Gen.Const(1.5),
            Gen.Const(10.0)
        )
    );

    [Fact]
    public void Weights_meet_the_conditions_of_optimality_over_all_families() =>
        Cases.Sample(c => AssertOptimal(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed), c.Ratio), iter: 2_000);

    [Theory]
    [InlineData(50, 20)]
    [InlineData(200, 300)]
    [InlineData(200, 20)]
    public void Weights_meet_the_conditions_of_optimality_for_many_vectors(int count, int width)
    {
        foreach (var family in Enum.GetValues<Family>())
        {
            AssertOptimal(Gramians.Vectors(family, count, width, seed: 1), 0.5);
        }
    }

    [Fact]
    public void Nearly_opposite_vectors_leave_a_residual_of_rounding() =>
        Cases.Sample(
            c =>
            {
                var gramian = Gramians.Of(Gramians.NearlyOpposite(c.Count, c.Width, c.Seed));
                var residual = MaximinInBall.Residual(gramian, Mean(c.Count), c.Ratio, Solve(gramian, c.Ratio));
                Assert.InRange(residual, 0, Gramians.RootOfRounding);
            },
            iter: 2_000
        );

    [Fact]
    public void No_convex_combination_promises_less() =>
        Cases.Sample(
            c =>
            {
                // Weak duality (Liu et al. 2021, equation 4): min_i g_i·d <= g_w·g_0 + c|g_0||g_w| for every w and every d of the
                // ball, so that equality proves both best. Lengths that differ by orders drown the shortest one's product.
                var family = c.Family == Family.BadlyScaledRows ? Family.Typical : c.Family;
                var rows = Gramians.Vectors(family, c.Count, c.Width, c.Seed);
                var center = Mean(rows.Length);
                var middle = Gramians.Combine(rows, center);
                var radius = c.Ratio * Gramians.Norm(middle);

                var weights = Solve(rows, c.Ratio);

                var point = Gramians.Combine(rows, weights);
                double[] rise = [.. weights.Zip(center, (a, b) => a - b)];
                double[] convex = [.. rise.Select(value => value / Math.Max(rise.Sum(), double.Epsilon))];
                var length = Gramians.Norm(Gramians.Combine(rows, rise));
                var scale = rows.Max(Gramians.Norm) * rows.Max(Gramians.Norm) * (1 + c.Ratio);
                var gain = Gramians.Products(rows, point).Min();
                Assert.True(length <= radius + (1e-7 * rows.Max(Gramians.Norm)), $"{length} of {radius}");

                // Inner products know a length only to the rounding of its parts, which may be far longer than it.
                var parts = weights.Zip(rows, (weight, row) => weight * Gramians.Norm(row)).Sum();
                var unknown = (1e-9 * radius) + (1e-15 * parts * parts / radius);
                if (radius > 0 && length >= radius - unknown)
                {
                    var direction = Gramians.Combine(rows, convex);
                    var promise = Gramians.Products([middle], direction)[0] + (radius * Gramians.Norm(direction));
                    Assert.InRange(gain, promise - (1e-7 * scale), promise + (1e-7 * scale));
                }
                else
                {
                    Assert.InRange(gain, -1e-7 * scale, 1e-7 * scale + (radius > 0 ? 0 : double.PositiveInfinity));
                }
            },
            iter: 2_000
        );

    [Fact]
    public void Unit_does_not_matter_to_the_last_bit() =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));
            double[] inAnotherUnit = [.. gramian.Select(value => value * Math.Pow(2, 80))];

            Assert.Equal(Solve(gramian, c.Ratio), Solve(inAnotherUnit, c.Ratio));
        });

    [Fact]
    public void A_wide_ball_points_where_the_shortest_convex_combination_does() =>
        Gen.Select(Gen.Int[1, 10], Gen.Int[0, int.MaxValue])
            .Sample(
                (count, seed) =>
                {
                    var rows = Gramians.Vectors(Family.Conflicting, count, 20, seed);
                    var shortest = new double[count];
                    MinNormPoint.Solve(Gramians.Of(rows), shortest);

                    var point = Gramians.Combine(rows, Solve(rows, 1e9));

                    var expected = Gramians.Combine(rows, shortest);
                    var cosine =
                        Gramians.Products([point], expected)[0] / Gramians.Norm(point) / Gramians.Norm(expected);
                    Assert.InRange(cosine, 1 - 1e-9, 1 + 1e-9);
                }
            );

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    public void A_hull_around_zero_leaves_what_conflicts_with_none(double ratio)
    {
        // The first two cancel along the first axis; the mean's part along the second helps the third and harms none.
        double[][] rows =
        [
            [1, 0],
            [-2, 0],
            [0, 3],
        ];
        var point = Gramians.Combine(rows, Solve(rows, ratio));

        Assert.Equal(0, point[0], 14);
        Assert.Equal(1, point[1], 14);
    }

    [Fact]
    public void A_mean_of_zero_and_a_ball_of_no_radius_leave_the_centre()
    {
        Assert.Equal(
            [0.5, 0.5],
            Solve(
                [
                    [1, 2],
                    [-1, -2],
                ],
                0.5
            )
        );
        Assert.Equal(
            [0.5, 0.5],
            Solve(
                [
                    [-4, 1, 1],
                    [6, 1, 1],
                ],
                0
            )
        );
        Assert.Equal(
            [0.5, 0.5],
            Solve(
                [
                    [0, 0],
                    [0, 0],
                ],
                0.5
            )
        );
    }

    [Theory]
    [InlineData(12)]
    [InlineData(60)]
    public void Nothing_is_allocated(int count)
    {
        var gramian = Gramians.Of(Gramians.Vectors(Family.Conflicting, count, 80, seed: 3));
        var (center, weights) = (Mean(count), new double[count]);
        MaximinInBall.Solve(gramian, center, 0.5, weights);

        var before = GC.GetAllocatedBytesForCurrentThread();
        MaximinInBall.Solve(gramian, center, 0.5, weights);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void An_impossible_radius_is_refused(double ratio) =>
        Assert.Throws<ArgumentException>(() =>
            Solve(
                [
                    [1],
                ],
                ratio
            )
        );

    private static double[] Mean(int count) => [.. Enumerable.Repeat(1.0 / count, count)];

    private static double[] Solve(double[][] rows, double ratio) => Solve(Gramians.Of(rows), ratio);

    private static double[] Solve(double[] gramian, double ratio)
    {
        var weights = new double[(int)Math.Sqrt(gramian.Length)];
        MaximinInBall.Solve(gramian, Mean(weights.Length), ratio, weights);
        return weights;
    }

    private static void AssertOptimal(double[][] rows, double ratio)
    {
        var gramian = Gramians.Of(rows);
        var center = Mean(rows.Length);
        var weights = Solve(gramian, ratio);
        Assert.All(weights, weight => Assert.True(weight >= center[0]));
        Assert.InRange(MaximinInBall.Residual(gramian, center, ratio, weights), 0, 1e-8);
    }
}
