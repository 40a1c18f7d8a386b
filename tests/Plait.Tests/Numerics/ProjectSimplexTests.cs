using CsCheck;
using Plait.Numerics;

namespace Plait.Tests.Numerics;

public sealed class ProjectSimplexTests
{
    private static readonly Gen<double[]> Points = Gen.Select(
        Gen.Double[-2, 2].Array[1, 200],
        Gen.Int[-12, 12],
        Gen.Bool,
        (numbers, power, rounded) =>
            numbers.Select(number => (rounded ? Math.Round(number) : number) * Math.Pow(10, power)).ToArray()
    );

    [Fact]
    public void The_result_meets_the_conditions_of_the_nearest_point() =>
        Points.Sample(point =>
        {
            var found = Project(point);

            Assert.All(found, value => Assert.True(value >= 0));
            Assert.InRange(found.Sum(), 1 - 1e-12, 1 + 1e-12);
            var losses = point.Zip(found, (before, after) => (Loss: before - after, Kept: after > 0)).ToArray();
            var amount = losses.Where(pair => pair.Kept).Max(pair => pair.Loss);
            var tolerance = 1e-13 * (1 + point.Max(Math.Abs));
            Assert.All(
                losses,
                pair =>
                    Assert.True(pair.Kept ? Math.Abs(pair.Loss - amount) <= tolerance : pair.Loss <= amount + tolerance)
            );
        });

    [Fact]
    public void A_point_of_the_simplex_stays()
    {
        Assert.Equal([0.25, 0, 0.75], Project([0.25, 0, 0.75]));
        Assert.Equal([1], Project([-7.0]));
    }

    [Fact]
    public void Worked_example() => Assert.Equal([0.75, 0.25, 0], Project([1, 0.5, -1]));

    [Fact]
    public void A_common_number_of_any_size_changes_nothing() =>
        Assert.Equal([0.75, 0.25, 0], Project([1 + 1e15, 0.5 + 1e15, -1 + 1e15]));

    [Fact]
    public void Numbers_that_are_far_apart_leave_the_largest_alone() =>
        Assert.Equal([0, 1, 0], Project([-1e300, 1e200, 12]));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_number_that_is_not_finite_is_refused(double number) =>
        Assert.Throws<ArgumentException>(() => Project([0.5, number]));

    [Fact]
    public void No_number_at_all_is_refused() => Assert.Throws<ArgumentException>(() => Project([]));

    private static double[] Project(double[] point)
    {
        double[] copy = [.. point];
        ProjectSimplex.Solve(copy);
        return copy;
    }
}
