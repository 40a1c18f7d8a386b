using CsCheck;
using Plait.Optimization.MultiObjective.ParetoFront;

namespace Plait.Tests.Optimization.MultiObjective.ParetoFront;

public sealed class FrontMeasureTests
{
    private static readonly Gen<double[][]> Points = Gen.Int[0, 4].Select(value => (double)value).Array[3].Array[0, 12];

    [Fact]
    public void Every_point_left_out_is_dominated_by_one_that_stays_and_none_that_stays_by_another() =>
        Points.Sample(points =>
        {
            var kept = Dominance.NonDominated(points).ToHashSet();
            for (var i = 0; i < points.Length; i++)
            {
                Assert.Equal(kept.Contains(i), !kept.Any(other => Dominance.Dominates(points[other], points[i])));
            }
        });

    [Fact]
    public void Equal_points_do_not_dominate_each_other()
    {
        Assert.Equal(
            [0, 1],
            Dominance.NonDominated([
                [1, 2],
                [1, 2],
                [1, 3],
            ])
        );
        Assert.False(Dominance.Dominates([1, double.NaN], [1, 2]));
        Assert.Throws<ArgumentException>(() => Dominance.Dominates([1], [1, 2]));
    }

    [Fact]
    public void Spacing_is_zero_for_even_gaps_and_grows_with_a_hole()
    {
        Assert.Equal(
            0,
            Spacing.Of([
                [0, 3],
                [1, 2],
                [2, 1],
                [3, 0],
            ]),
            1e-12
        );
        // The nearest distances are 2, 2, 4: mean 8/3, squares 4/9 + 4/9 + 16/9 over 2.
        Assert.Equal(
            Math.Sqrt(12.0 / 9),
            Spacing.Of([
                [0, 3],
                [1, 2],
                [3, 0],
            ]),
            1e-12
        );
        Assert.True(
            double.IsNaN(
                Spacing.Of([
                    [1, 2],
                ])
            )
        );
    }

    [Fact]
    public void Spacing_follows_the_unit_and_not_the_place() =>
        Points
            .Where(points => points.Length > 1)
            .Sample(points =>
            {
                double[][] moved = [.. points.Select(point => point.Select(value => (3 * value) + 7).ToArray())];

                Assert.Equal(3 * Spacing.Of(points), Spacing.Of([.. moved.Reverse()]), 1e-9);
            });

    [Fact]
    public void Circle_goes_from_axis_to_axis_at_equal_angles()
    {
        var circle = PreferenceVectors.Circle(5);

        Assert.Equal([1.0, 0], circle[0]);
        Assert.Equal([0, 1.0], circle[4]);
        Assert.Equal(Math.Sqrt(0.5), circle[2][0], 1e-15);
        Assert.Equal(Math.Tan(Math.PI / 8), circle[1][1] / circle[1][0], 1e-12);
        Assert.Equal(1, PreferenceVectors.Circle(1)[0][0] / PreferenceVectors.Circle(1)[0][1], 1e-12);
        Assert.True(PreferenceVectors.Circle(2, margin: 0.1)[0][1] > 0.09);
    }

    [Theory]
    [InlineData(2, 4, 5)]
    [InlineData(3, 1, 3)]
    [InlineData(3, 4, 15)]
    [InlineData(4, 3, 20)]
    [InlineData(1, 3, 1)]
    public void Lattice_has_every_combination_once(int tasks, int divisions, int count)
    {
        var lattice = PreferenceVectors.Lattice(tasks, divisions);

        Assert.Equal(count, lattice.Count);
        Assert.Equal(count, lattice.Select(point => string.Join(' ', point)).Distinct().Count());
        Assert.All(lattice, point => Assert.Equal(1, point.Sum(), 1e-12));
    }

    [Theory]
    [InlineData(2, 5, 5)]
    [InlineData(2, 1, 1)]
    [InlineData(3, 5, 6)]
    [InlineData(3, 7, 10)]
    [InlineData(4, 5, 10)]
    public void Spread_has_shares_above_zero_of_as_many_points_or_the_next_lattice(int tasks, int count, int points)
    {
        var spread = PreferenceVectors.Spread(tasks, count);

        Assert.Equal(points, spread.Count);
        Assert.All(spread, point => Assert.Equal(1, point.Sum(), 1e-12));
        Assert.All(spread.SelectMany(point => point), share => Assert.True(share > 0.01));
    }

    [Fact]
    public void A_ray_is_where_preference_times_loss_is_the_same() =>
        Gen.Double[0.01, 5]
            .Array[2, 5]
            .Sample(preference =>
            {
                var ray = PreferenceVectors.RayOf(preference);

                var products = ray.Zip(preference, (loss, weight) => loss * weight).ToArray();
                Assert.All(products, product => Assert.Equal(products[0], product, 1e-9));
                Assert.Equal(1, ray.Sum(value => value * value), 1e-12);
                Assert.All(
                    PreferenceVectors.OfRay(ray).Zip(preference),
                    pair => Assert.Equal(pair.Second / preference.Sum(), pair.First, 1e-9)
                );
            });

    [Fact]
    public void Rays_on_an_axis_have_the_losses_of_tasks_that_do_not_matter()
    {
        Assert.Equal([0, 1.0], PreferenceVectors.RayOf([1, 0]));
        Assert.Equal([1.0, 0], PreferenceVectors.OfRay([0, 1]));
        Assert.Equal([0.5, 0, 0.5], PreferenceVectors.OfRay([0, 1, 0]));
        Assert.Throws<ArgumentException>(() => PreferenceVectors.RayOf([0, 0]));
        Assert.Throws<ArgumentException>(() => PreferenceVectors.RayOf([-1, 1]));
    }
}
