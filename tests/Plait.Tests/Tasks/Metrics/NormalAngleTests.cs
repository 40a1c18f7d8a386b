using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks.Metrics;

public sealed class NormalAngleTests
{
    [Theory]
    [InlineData(NormalAngleKind.Mean, 41.25)] // 0, 10, 20, 30, 90, 97.5: 247.5 / 6
    [InlineData(NormalAngleKind.Median, 25)]
    [InlineData(NormalAngleKind.RootMeanSquare, 56.282398077314845)] // of (100 + 400 + 900 + 8100 + 9506.25) / 6
    [InlineData(NormalAngleKind.Within11, 2.0 / 6)]
    [InlineData(NormalAngleKind.Within22, 3.0 / 6)]
    [InlineData(NormalAngleKind.Within30, 3.0 / 6)]
    public void Worked_example_of_six_angles(NormalAngleKind kind, double expected)
    {
        using var scope = torch.NewDisposeScope();
        double[] angles = [0, 10, 20, 30.0000001, 90, 97.5];
        var target = torch.tensor(new[] { 1.0, 0, 0 }).view(1, 3, 1, 1).expand(6, 3, 1, 1);

        Assert.Equal(expected, Of(kind, At(angles), target), 1e-5);
    }

    [Fact]
    public void Neither_length_matters()
    {
        using var scope = torch.NewDisposeScope();
        var (output, target) = (At([10, 40]).mul(1e-3), At([0, 0]).mul(50));

        Assert.Equal(25, Of(NormalAngleKind.Mean, output, target), 1e-9);
    }

    [Fact]
    public void Angles_near_nothing_and_near_a_half_turn_keep_their_digits()
    {
        using var scope = torch.NewDisposeScope();
        const double Tiny = 1e-7;

        Assert.Equal(Tiny, Of(NormalAngleKind.Mean, At([Tiny]), At([0])), 1e-15);
        Assert.Equal(180 - Tiny, Of(NormalAngleKind.Mean, At([180 - Tiny]), At([0])), 1e-12);
    }

    [Fact]
    public void An_exact_output_is_at_no_angle()
    {
        using var scope = torch.NewDisposeScope();
        var target = torch.randn(4, 3, 5, 6, ScalarType.Float64, generator: new torch.Generator(1));

        Assert.All(
            NormalAngle.Kinds,
            metric =>
            {
                var accumulator = metric.Start(new Direction(layout: Layout.Pixel));
                accumulator.Add(target, TaskTarget.Of(target));
                Assert.Equal(metric.HigherIsBetter ? 1 : 0, accumulator.Compute());
            }
        );
        Assert.Equal(6, NormalAngle.Kinds.Select(metric => metric.Name).Distinct().Count());
    }

    [Fact]
    public void Pixels_that_lack_a_number_or_a_direction_do_not_count_and_an_output_without_length_is_at_a_right_angle()
    {
        using var scope = torch.NewDisposeScope();
        var target = At([0, 0, 0, 0]);
        target[1, 2, 0, 0] = torch.tensor(double.NaN);
        target[2] = torch.zeros(3, 1, 1, ScalarType.Float64);
        var output = At([30, 170, 170, 0]);
        output[3] = torch.zeros(3, 1, 1, ScalarType.Float64);
        var accumulator = new NormalAngle(NormalAngleKind.Mean).Start(new Direction(layout: Layout.Pixel));
        accumulator.Add(output, TaskTarget.FromRaw(target));

        Assert.Equal((30.0 + 90) / 2, accumulator.Compute(), 1e-9);
    }

    [Fact]
    public void Other_shapes_are_refused()
    {
        using var scope = torch.NewDisposeScope();
        var accumulator = new NormalAngle().Start(new Direction(layout: Layout.Pixel));

        var error = Assert.Throws<ArgumentException>(() =>
            accumulator.Add(torch.ones(2, 2, 4, 4), TaskTarget.Of(torch.ones(2, 2, 4, 4)))
        );
        Assert.Contains("[2, 2, 4, 4]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() =>
            accumulator.Add(torch.ones(2, 3, 4, 5), TaskTarget.Of(torch.ones(2, 3, 4, 4)))
        );
    }

    private static double Of(NormalAngleKind kind, Tensor output, Tensor target)
    {
        var accumulator = new NormalAngle(kind).Start(new Direction(layout: Layout.Pixel));
        accumulator.Add(output, TaskTarget.Of(target));
        return accumulator.Compute();
    }

    /// <summary>Unit vectors at angles to the first axis, [angles, 3, 1, 1].</summary>
    private static Tensor At(double[] degrees) =>
        torch.stack([
            .. degrees
                .Select(double.DegreesToRadians)
                .Select(angle => torch.tensor(new[] { Math.Cos(angle), Math.Sin(angle), 0 }).view(3, 1, 1)),
        ]);
}
