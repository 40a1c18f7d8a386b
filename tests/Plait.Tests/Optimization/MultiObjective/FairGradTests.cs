using CsCheck;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Tests.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.MultiObjective;

public sealed class FairGradTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 12],
        Gen.Int[1, 15],
        Gen.Int[0, int.MaxValue]
    );

    [Theory]
    [InlineData(0.5, new[] { .742828, .525393 }, new[] { .181043, 1.268221, 1.268221 })]
    [InlineData(2, new[] { .471363, .319454 }, new[] { .0312737, .790817, .790817 })]
    [InlineData(5, new[] { .375942, .252310 }, new[] { .0100964, .628252, .628252 })]
    public void Worked_example_of_two_conflicting_gradients(double alpha, double[] weights, double[] update) =>
        GoldenExample.AssertUpdate(new FairGrad(alpha: alpha), weights, update);

    [Fact]
    public void Proportional_fairness_is_Nash_bargaining() =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));

            Assert.Equal(
                new NashMtl().Weigh(gramian, StepContexts.At()),
                new FairGrad().Weigh(gramian, StepContexts.At())
            );
        });

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(5)]
    public void Gains_are_the_powers_of_the_weights(double alpha) =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));
            var method = new FairGrad(alpha: alpha);

            Assert.InRange(
                method.Residual(new GramianView(gramian), method.Weigh(gramian, StepContexts.At())),
                0,
                1e-10
            );
        });

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    public void Scaling_all_gradients_scales_all_weights(double scale) =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(Family.Typical, c.Count, c.Count + c.Width, c.Seed);
            double[][] scaled = [.. rows.Select(row => row.Select(value => value * scale).ToArray())];
            var method = new FairGrad(alpha: 2);

            var weights = method.Weigh(Gramians.Of(rows), StepContexts.At());
            var ofScaled = method.Weigh(Gramians.Of(scaled), StepContexts.At());

            var factor = Math.Pow(scale, -4.0 / 3);
            Assert.All(
                weights.Zip(ofScaled),
                pair => Assert.InRange(pair.Second / pair.First / factor, 0.999999, 1.000001)
            );
        });

    [Fact]
    public void The_fairer_the_larger_is_the_smallest_gain_beside_the_largest()
    {
        var shares = new[] { 0.2, 0.5, 1, 2, 5, 20 }
            .Select(alpha =>
            {
                var update = Gramians.Combine(
                    GoldenExample.Rows,
                    new FairGrad(alpha: alpha).Weigh(Gramians.Of(GoldenExample.Rows), StepContexts.At())
                );
                var gains = Gramians.Products(GoldenExample.Rows, update);
                return gains.Min() / gains.Max();
            })
            .ToArray();

        Assert.Equal(shares.Order(), shares);
        Assert.True(shares[^1] > 0.95);
    }

    [Fact]
    public void Impossible_alpha_is_refused()
    {
        var fault = Assert.Throws<FormatException>(() => MethodCatalog.Create<GradientAggregator>("fairgrad:alpha=0"));
        Assert.Contains("alpha", fault.Message, StringComparison.Ordinal);
    }
}
