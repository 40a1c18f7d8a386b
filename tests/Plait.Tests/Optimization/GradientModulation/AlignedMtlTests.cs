using CsCheck;
using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tests.Numerics;
using Family = Plait.Tests.Numerics.Gramians.Family;

namespace Plait.Tests.Optimization.GradientModulation;

public sealed class AlignedMtlTests
{
    private static readonly Gen<(Family Family, int Count, int Width, int Seed)> Cases = Gen.Select(
        Gen.Enum<Family>(),
        Gen.Int[1, 10],
        Gen.Int[1, 15],
        Gen.Int[0, int.MaxValue]
    );

    [Fact]
    public void Worked_example_of_two_conflicting_gradients() =>
        GoldenExample.AssertUpdate(new AlignedMtl(), [.559072, .408261], [0.213279, 0.967333, 0.967333]);

    [Theory]
    [InlineData(Family.Typical)]
    [InlineData(Family.Conflicting)]
    [InlineData(Family.BadlyScaledRows)]
    public void Aligned_gradients_are_orthogonal_and_of_the_smallest_length(Family family) =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(family, c.Count, c.Count + c.Width, c.Seed);
            var gramian = Gramians.Of(rows);
            double[][] unit = [.. rows.Select(row => row.Select(value => value / Gramians.Norm(row)).ToArray())];
            double[][] aligned =
            [
                .. Enumerable
                    .Range(0, c.Count)
                    .Select(i =>
                    {
                        var only = new double[c.Count];
                        only[i] = 1;
                        var weights = new AlignedMtl(preference: only).Weigh(gramian, StepContexts.At());
                        return Gramians.Combine(unit, weights.Zip(rows, (w, row) => w * Gramians.Norm(row)).ToArray());
                    }),
            ];

            var products = Gramians.Of(aligned);
            var length = products[0];
            var values = new double[c.Count];
            Plait.Numerics.GramianEigen.Decompose(gramian, values, new double[c.Count * c.Count]);
            Assert.InRange(length / values[^1], 1 - 1e-8, 1 + 1e-8);
            for (var i = 0; i < c.Count; i++)
            {
                for (var j = 0; j < c.Count; j++)
                {
                    Assert.InRange((products[(i * c.Count) + j] / length) - (i == j ? 1 : 0), -1e-8, 1e-8);
                }
            }
        });

    [Theory]
    [InlineData("min", 1)]
    [InlineData("median", 2)]
    [InlineData("rmse", 3)]
    public void Scale_says_how_long_the_aligned_gradients_are(string scale, double length)
    {
        // Orthogonal gradients of lengths 1, 2 and 22 ^ 1/2: the mean square is 9.
        double[] gramian = [4, 0, 0, 0, 22, 0, 0, 0, 1];
        var method = Assert.IsType<AlignedMtl>(MethodCatalog.Create<GradientAggregator>($"aligned-mtl:scale={scale}"));

        var weights = method.Weigh(gramian, StepContexts.At());

        GoldenExample.Near([length / 6, length / Math.Sqrt(22) / 3, length / 3], weights, 1e-12);
    }

    [Theory]
    [InlineData(AlignedScale.Min)]
    [InlineData(AlignedScale.Median)]
    [InlineData(AlignedScale.Rmse)]
    public void Weights_meet_their_equations_over_all_families(AlignedScale scale) =>
        Cases.Sample(c =>
        {
            var gramian = Gramians.Of(Gramians.Vectors(c.Family, c.Count, c.Width, c.Seed));
            var method = new AlignedMtl(scale: scale);

            var weights = method.Weigh(gramian, StepContexts.At());

            Assert.InRange(method.Residual(new GramianView(gramian), weights), 0, 1e-9);
        });

    [Theory]
    [InlineData(1e-12)]
    [InlineData(1e12)]
    public void Scaling_all_gradients_changes_no_weight(double scale) =>
        Cases.Sample(c =>
        {
            var rows = Gramians.Vectors(Family.Typical, c.Count, c.Count + c.Width, c.Seed);
            double[][] scaled = [.. rows.Select(row => row.Select(value => value * scale).ToArray())];

            var weights = new AlignedMtl().Weigh(Gramians.Of(rows), StepContexts.At());
            var ofScaled = new AlignedMtl().Weigh(Gramians.Of(scaled), StepContexts.At());

            var size = weights.Max(Math.Abs);
            Assert.All(weights.Zip(ofScaled), pair => Assert.InRange((pair.Second - pair.First) / size, -1e-7, 1e-7));
        });

    [Fact]
    public void Gradients_of_zeros_move_nothing() =>
        Assert.Equal([0, 0], new AlignedMtl().Weigh([0, 0, 0, 0], StepContexts.At()));
}
