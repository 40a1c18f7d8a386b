using CsCheck;
using Plait.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Numerics;

public sealed class MinNormPointTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 12],
        Gen.Int[1, 15],
        Gen.Int[0, int.MaxValue]
    );

    [Fact]
    public void Weights_meet_the_conditions_of_optimality_over_all_families() =>
        Cases.Sample(
            c => AssertOptimal(Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed))),
            iter: 10_000
        );

    [Fact]
    public void Weights_of_nearly_opposite_vectors_meet_the_conditions_of_optimality() =>
        Cases.Sample(
            c => AssertOptimal(Gramians.Of(Gramians.NearlyOpposite(c.Count, c.Width, c.Seed)), Gramians.RootOfRounding),
            iter: 10_000
        );

    [Theory]
    [InlineData(50, 20)]
    [InlineData(200, 300)]
    [InlineData(200, 20)]
    public void Weights_meet_the_conditions_of_optimality_for_many_tasks(int count, int width)
    {
        foreach (var family in Enum.GetValues<Family>())
        {
            AssertOptimal(Gramians.Of(Gramians.Vectors(family, count, width, seed: 1)));
        }
    }

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
                var weights = Solve(gramian);
                AssertOnSimplex(weights);
            },
            iter: 5_000
        );

    [Fact]
    public void Unit_does_not_matter_to_the_last_bit() =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));
            double[] inAnotherUnit = [.. gramian.Select(value => value * Math.Pow(2, 80))];

            Assert.Equal(Solve(gramian), Solve(inAnotherUnit));
        });

    [Fact]
    public void Order_of_the_vectors_does_not_matter_to_the_point() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            double[][] turned = [.. rows.Reverse()];

            var point = Gramians.Combine(rows, Solve(Gramians.Of(rows)));
            var other = Gramians.Combine(turned, Solve(Gramians.Of(turned)));

            var scale = rows.Min(Gramians.Norm);
            Assert.All(point.Zip(other), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-6 * scale));
        });

    [Fact]
    public void No_random_point_of_the_simplex_is_shorter() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed);
            var shortest = Gramians.Norm(Gramians.Combine(rows, Solve(Gramians.Of(rows))));
            var random = new Random(c.Seed);
            double[] drawn = [.. rows.Select(_ => -Math.Log(1 - random.NextDouble()))];
            double[] weights = [.. drawn.Select(value => value / drawn.Sum())];

            Assert.True(shortest <= Gramians.Norm(Gramians.Combine(rows, weights)) * (1 + 1e-9));
        });

    [Fact]
    public void Two_vectors_agree_with_the_general_method() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(c.Family, 2, c.Width, c.Seed);
            var two = Gramians.Combine(rows, Solve(Gramians.Of(rows)));
            double[][] padded = [.. rows, rows[0]]; // a third vector inside the hull changes nothing
            var three = Gramians.Combine(padded, Solve(Gramians.Of(padded)));

            var scale = rows.Min(Gramians.Norm);
            Assert.All(two.Zip(three), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= 1e-6 * scale));
        });

    [Fact]
    public void Worked_example() // J = [[-4, 1, 1], [6, 1, 1]]
    {
        var weights = Solve([18, -22, -22, 38]);

        Assert.Equal(0.6, weights[0], 14);
        Assert.Equal(0.4, weights[1], 14);
    }

    [Fact]
    public void A_vector_of_zeros_takes_all_the_weight() =>
        Assert.Equal([0, 0.5, 0, 0.5], Solve([2, 0, 1, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0]));

    [Fact]
    public void Nothing_is_allocated_for_the_usual_number_of_tasks()
    {
        var gramian = Gramians.Of(Gramians.Vectors(Family.Conflicting, 12, 15, seed: 3));
        var weights = new double[12];
        MinNormPoint.Solve(gramian, weights);

        var before = GC.GetAllocatedBytesForCurrentThread();
        MinNormPoint.Solve(gramian, weights);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void Impossible_squared_norm_is_refused(double square)
    {
        var fault = Assert.Throws<ArgumentException>(() => Solve([1, 0, 0, square]));

        Assert.Contains("vector 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frank_Wolfe_comes_near_the_exact_point() =>
        Gen.Select(Gen.Int[2, 6], Gen.Int[0, int.MaxValue])
            .Sample(
                (count, seed) =>
                {
                    var rows = Gramians.Vectors(Family.WithPositiveFloor, count, 20, seed);
                    var gramian = Gramians.Of(rows);
                    var near = new double[count];
                    FrankWolfe.Solve(gramian, near, steps: 2000);
                    var exact = Gramians.Norm(Gramians.Combine(rows, Solve(gramian)));
                    var found = Gramians.Norm(Gramians.Combine(rows, near));

                    AssertOnSimplex(near);
                    Assert.InRange(found / exact, 1 - 1e-9, 1.005);
                }
            );

    [Fact]
    public void Frank_Wolfe_solves_two_vectors_in_one_step()
    {
        var weights = new double[2];
        FrankWolfe.Solve([18, -22, -22, 38], weights);

        Assert.Equal(0.6, weights[0], 12);
        Assert.Equal(0.4, weights[1], 12);
    }

    private static double[] Solve(double[] gramian)
    {
        var weights = new double[(int)Math.Sqrt(gramian.Length)];
        MinNormPoint.Solve(gramian, weights);
        return weights;
    }

    private static void AssertOnSimplex(double[] weights)
    {
        Assert.All(weights, weight => Assert.True(weight >= 0));
        Assert.Equal(1, weights.Sum(), 12);
    }

    /// <summary>(Mw)_j is at least w'Mw for every vector, and equal to it where the weight is positive, to a share of the vectors' lengths.</summary>
    private static void AssertOptimal(double[] gramian, double share = 1e-8)
    {
        var weights = Solve(gramian);
        var count = weights.Length;
        AssertOnSimplex(weights);
        var products = Enumerable
            .Range(0, count)
            .Select(j => Enumerable.Range(0, count).Sum(k => gramian[(j * count) + k] * weights[k]))
            .ToArray();
        var square = products.Zip(weights, (product, weight) => product * weight).Sum();
        var norms = Enumerable.Range(0, count).Select(j => Math.Sqrt(gramian[j * (count + 1)])).ToArray();
        var length = norms.Zip(weights, (norm, weight) => norm * weight).Sum();
        for (var j = 0; j < count; j++)
        {
            var slack = products[j] - square;
            Assert.True(
                slack >= -share * norms[j] * length,
                $"vector {j} of {count}: {slack}, lengths {norms[j]}, {length}"
            );
            Assert.True(
                Math.Abs(weights[j] * slack) <= share * weights[j] * norms[j] * length,
                $"weight {weights[j]} of vector {j} of {count}: {slack}, lengths {norms[j]}, {length}"
            );
        }
    }
}
