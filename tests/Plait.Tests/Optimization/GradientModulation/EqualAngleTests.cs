using CsCheck;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tests.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.GradientModulation;

/// <summary>IMTL-G and ConFIG: the update stands alike to all task gradients.</summary>
public sealed class EqualAngleTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 10],
        Gen.Int[1, 15],
        Gen.Int[0, int.MaxValue]
    );

    [Fact]
    public void Worked_example_of_equal_projections() =>
        GoldenExample.AssertUpdate(new ImtlG(), [.59233, .40767], [0.07670, 1, 1], 5e-6);

    [Fact]
    public void Worked_example_of_equal_angles()
    {
        var weights = new ConFig().Weigh(Gramians.Of(GoldenExample.Rows), StepContexts.At());

        GoldenExample.Near([0.158809, 2.070607, 2.070607], Gramians.Combine(GoldenExample.Rows, weights), 1e-6);
    }

    [Fact]
    public void Projections_on_independent_gradients_are_equal_and_weights_add_up_to_1() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(Family.Typical, c.Count, c.Count + c.Width, c.Seed);

            var weights = new ImtlG().Weigh(Gramians.Of(rows), StepContexts.At());

            Assert.Equal(1, weights.Sum(), 9);
            AssertEqual(Projections(rows, Gramians.Combine(rows, weights)), weights.Zip(rows, Length).Sum(Math.Abs));
        });

    /// <summary>Equal projections would need weights of 10, 10 and -20, or any multiple, which no scale makes add up to 1.</summary>
    [Fact]
    public void Weights_that_would_add_up_to_zero_are_none()
    {
        double[] gramian = [1, 0, 0.15, 0, 1, 0.15, 0.15, 0.15, 0.0625];

        Assert.Equal([0, 0, 0], new ImtlG().Weigh(gramian, StepContexts.At()));
    }

    [Theory]
    [InlineData(Family.Typical)]
    [InlineData(Family.BadlyScaledRows)]
    [InlineData(Family.BadlyScaledAsAWhole)]
    public void Angles_to_independent_gradients_are_equal_and_projections_add_up_to_the_length(Family family) =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(family, c.Count, c.Count + c.Width, c.Seed);

            var weights = new ConFig().Weigh(Gramians.Of(rows), StepContexts.At());

            double[][] unit = [.. rows.Select(row => row.Select(value => value / Gramians.Norm(row)).ToArray())];
            double[] ofUnit = [.. weights.Zip(rows, Length)];
            var update = Gramians.Combine(unit, ofUnit);
            AssertEqual(Gramians.Products(unit, update), ofUnit.Sum(Math.Abs));
            var length = Gramians.Norm(update);
            Assert.InRange(Gramians.Products(rows, update).Sum() / length / length, 1 - 1e-6, 1 + 1e-6);
        });

    [Fact]
    public void Weights_meet_their_equations_over_all_families() =>
        Cases.Sample(
            c =>
            {
                var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));
                foreach (var method in new GramianAggregator[] { new ImtlG(), new ConFig() })
                {
                    var weights = method.Weigh(gramian, StepContexts.At());

                    Assert.All(weights, weight => Assert.True(double.IsFinite(weight)));
                    Assert.InRange(method.Residual(new GramianView(gramian), weights), 0, 1e-9);
                }
            },
            iter: 2000
        );

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    public void Scaling_all_gradients_scales_the_update_alone(double scale) =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(Family.Typical, c.Count, c.Count + c.Width, c.Seed);
            double[][] scaled = [.. rows.Select(row => row.Select(value => value * scale).ToArray())];
            foreach (var method in new GramianAggregator[] { new ImtlG(), new ConFig() })
            {
                var weights = method.Weigh(Gramians.Of(rows), StepContexts.At());
                var ofScaled = method.Weigh(Gramians.Of(scaled), StepContexts.At());

                var size = weights.Max(Math.Abs);
                Assert.All(
                    weights.Zip(ofScaled),
                    pair => Assert.InRange((pair.Second - pair.First) / size, -1e-6, 1e-6)
                );
            }
        });

    [Fact]
    public void Exchanging_tasks_exchanges_their_weights() =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(Family.Typical, c.Count, c.Count + c.Width, c.Seed);
            double[][] turned = [.. rows.Reverse()];
            foreach (var method in new GramianAggregator[] { new ImtlG(), new ConFig() })
            {
                var weights = method.Weigh(Gramians.Of(rows), StepContexts.At());
                var ofTurned = method.Weigh(Gramians.Of(turned), StepContexts.At());

                var size = weights.Max(Math.Abs);
                Assert.All(
                    weights.Zip(ofTurned.Reverse()),
                    pair => Assert.InRange((pair.Second - pair.First) / size, -1e-6, 1e-6)
                );
            }
        });

    [Fact]
    public void Gradients_with_one_direction_are_all_followed()
    {
        double[][] rows =
        [
            [1, 2],
            [2, 4],
            [0, 0],
        ];

        var update = Gramians.Combine(rows, new ConFig().Weigh(Gramians.Of(rows), StepContexts.At()));
        var affine = new ImtlG().Weigh(Gramians.Of(rows), StepContexts.At());

        GoldenExample.Near([3, 6], update, 1e-12);
        GoldenExample.Near([2.0 / 3, 1.0 / 3, 0], affine, 1e-12);
    }

    [Fact]
    public void Opposite_gradients_move_nothing()
    {
        Assert.Equal([0, 0], new ConFig().Weigh([1, -2, -2, 4], StepContexts.At()));
        Assert.Equal([0, 0], new ImtlG().Weigh([1, -2, -2, 4], StepContexts.At()));
    }

    private static double Length(double weight, double[] row) => weight * Gramians.Norm(row);

    private static double[] Projections(double[][] rows, double[] update) =>
        [.. Gramians.Products(rows, update).Zip(rows, (product, row) => product / Gramians.Norm(row))];

    private static void AssertEqual(double[] projections, double size) =>
        Assert.All(projections, each => Assert.InRange((each - projections[0]) / size, -1e-10, 1e-10));
}
