using CsCheck;
using Plait.Relationships.Grouping.Prediction;

namespace Plait.Relationships.Tests.Grouping.Prediction;

public sealed class LearningCurveTests
{
    private static readonly double[] Steps = [.. Enumerable.Range(1, 200).Select(i => 10.0 * i)];

    [Fact]
    public void The_slope_is_the_difference_around_the_place()
    {
        var curve = new LearningCurve([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [9, 7, 6, 5, 4.5, 4, 3.8, 3.7, 3.6, 3.5]);

        Assert.Equal((6 - 9) / 2.0, curve.SlopeAt(0.1), 1e-12);
        Assert.Equal((5 - 7) / 2.0, curve.SlopeAt(0.2), 1e-12);
        Assert.Equal((3.6 - 3.8) / 2.0, curve.SlopeAt(0.7), 1e-12);
        Assert.Equal((3.5 - 3.7) / 2.0, curve.SlopeAt(1), 1e-12);
    }

    [Fact]
    public void A_planted_logarithm_is_found() =>
        Gen.Select(Gen.Double[-2, -0.05], Gen.Double[-6, 1], Gen.Double[-3, 8])
            .Sample(
                (steepness, logarithmOfRate, start) =>
                {
                    var planted = new LogarithmicCurve(steepness, Math.Exp(logarithmOfRate), start);
                    var found = new LearningCurve(Steps, [.. Steps.Select(planted.At)]).Fit();
                    Assert.Equal(planted.Rate, found.Rate, 1e-4 * planted.Rate);
                    Assert.Equal(planted.Steepness, found.Steepness, 1e-4 * Math.Abs(planted.Steepness));
                    Assert.Equal(planted.Start, found.Start, 1e-4 * (1 + Math.Abs(planted.Steepness)));
                },
                iter: 30
            );

    [Fact]
    public void A_few_wild_losses_do_not_bend_the_curve()
    {
        var planted = new LogarithmicCurve(-0.5, 0.02, 3);
        var random = new Random(1);
        double[] losses = [.. Steps.Select(step => planted.At(step) + (0.02 * (random.NextDouble() - 0.5)))];
        for (var i = 10; i < losses.Length; i += 20)
        {
            losses[i] += 5;
        }

        var found = new LearningCurve(Steps, losses).Fit();

        Assert.Equal(planted.Rate, found.Rate, 0.1 * planted.Rate);
        Assert.Equal(planted.Steepness, found.Steepness, 0.05 * -planted.Steepness);
        Assert.All(Steps, step => Assert.Equal(planted.At(step), found.At(step), 0.03));
    }

    [Fact]
    public void A_loss_that_stands_still_has_no_steepness()
    {
        var curve = new LearningCurve(Steps, [.. Steps.Select(_ => 2.5)]);

        Assert.Equal(0, curve.Fit().Steepness, 1e-12);
        Assert.All(LearningCurve.Places, place => Assert.Equal(0, curve.SlopeAt(place)));
    }

    [Fact]
    public void Records_out_of_order_are_named()
    {
        var failure = Assert.Throws<ArgumentException>(() => new LearningCurve([1, 2, 2], [3, 2, 1]));

        Assert.Contains("Record 3", failure.Message);
        Assert.Throws<ArgumentException>(() => new LearningCurve([1, 2, 3], [3, double.NaN, 1]));
        Assert.Throws<ArgumentException>(() => new LearningCurve([1, 2], [3, 2]));
    }
}
