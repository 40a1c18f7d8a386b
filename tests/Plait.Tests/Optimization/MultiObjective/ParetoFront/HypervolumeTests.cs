using CsCheck;
using Plait.Optimization.MultiObjective.ParetoFront;

namespace Plait.Tests.Optimization.MultiObjective.ParetoFront;

public sealed class HypervolumeTests
{
    /// <summary>Points on a coarse grid, so that equal and dominated ones and ones beyond the reference are common.</summary>
    private static readonly Gen<double[][]> Fronts =
        from objectives in Gen.Int[1, 4]
        from count in Gen.Int[0, 7]
        from values in Gen.Int[0, 10].Array[objectives].Array[count]
        select values.Select(point => point.Select(value => value / 8.0).ToArray()).ToArray();

    [Fact]
    public void Volume_is_that_of_inclusion_and_exclusion() =>
        Fronts.Sample(points =>
        {
            var reference = Reference(points);

            Assert.Equal(InclusionExclusion(points, reference), Hypervolume.Of(points, reference), 1e-12);
        });

    [Fact]
    public void Order_of_points_and_of_objectives_does_not_matter() =>
        Fronts.Sample(points =>
        {
            var reference = Reference(points);
            double[][] turned = [.. points.Reverse().Select(point => point.Reverse().ToArray())];

            Assert.Equal(Hypervolume.Of(points, reference), Hypervolume.Of(turned, [.. reference.Reverse()]), 1e-12);
        });

    [Fact]
    public void A_further_point_never_makes_it_smaller_and_a_dominated_one_changes_nothing() =>
        Gen.Select(Fronts.Where(points => points.Length > 0), Gen.Double[0, 0.3])
            .Sample(
                (points, shift) =>
                {
                    var reference = Reference(points);
                    var before = Hypervolume.Of(points, reference);
                    double[] better = [.. points[0].Select(value => value - shift)];
                    double[] worse = [.. points[0].Select(value => value + shift)];

                    Assert.True(Hypervolume.Of([.. points, better], reference) >= before - 1e-12);
                    Assert.Equal(before, Hypervolume.Of([.. points, worse], reference), 1e-12);
                }
            );

    [Fact]
    public void The_estimate_comes_near_the_exact_volume_and_repeats_itself() =>
        Fronts
            .Where(points => points.Length > 0)
            .Sample(
                points =>
                {
                    var reference = Reference(points);
                    var estimate = Hypervolume.Estimate(points, reference, samples: 20_000, seed: 4);

                    Assert.Equal(Hypervolume.Of(points, reference), estimate, 0.05);
                    Assert.Equal(estimate, Hypervolume.Estimate(points, reference, samples: 20_000, seed: 4));
                },
                iter: 20
            );

    [Fact]
    public void Five_objectives_are_estimated()
    {
        double[] point = [0.5, 0.5, 0.5, 0.5, 0.5];
        double[] reference = [1, 1, 1, 1, 1];

        Assert.Equal(1.0 / 32, Hypervolume.Of([point], reference), 1e-12); // the box itself is exact
        double[][] two =
        [
            [0, 0.5, 0, 0, 0],
            [0.5, 0, 0, 0, 0],
        ];
        Assert.Equal(0.75, Hypervolume.Of(two, reference), 0.002);
    }

    [Fact]
    public void Numbers_that_are_not_finite_and_points_of_another_width_are_refused()
    {
        Assert.Throws<ArgumentException>(() =>
            Hypervolume.Of(
                [
                    [1, 2],
                ],
                [3]
            )
        );
        Assert.Throws<ArgumentException>(() =>
            Hypervolume.Of(
                [
                    [double.NaN],
                ],
                [3]
            )
        );
        Assert.Throws<ArgumentException>(() =>
            Hypervolume.Of(
                [
                    [1],
                ],
                [double.PositiveInfinity]
            )
        );
        Assert.Throws<ArgumentException>(() => Hypervolume.Of([], []));
    }

    private static double[] Reference(double[][] points) =>
        points.Length == 0 ? [1, 1] : [.. points[0].Select((_, i) => 1 + (i * 0.25))];

    private static double InclusionExclusion(double[][] points, double[] reference)
    {
        var volume = 0.0;
        for (var subset = 1; subset < 1 << points.Length; subset++)
        {
            var chosen = points.Where((_, i) => (subset >> i & 1) == 1).ToArray();
            var box = reference
                .Select((worst, i) => Math.Max(0, worst - chosen.Max(point => point[i])))
                .Aggregate(1.0, (product, side) => product * side);
            volume += chosen.Length % 2 == 1 ? box : -box;
        }

        return volume;
    }
}
