using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks.Metrics;

public sealed class DepthErrorTests
{
    [Theory]
    [InlineData(DepthErrorKind.RootMeanSquared, 2.1602468994692869)] // sqrt((1 + 4 + 9) / 3)
    [InlineData(DepthErrorKind.Absolute, 2)]
    [InlineData(DepthErrorKind.AbsoluteRelative, 0.75)] // (1/1 + 2/4 + 3/4) / 3
    [InlineData(DepthErrorKind.SquaredRelative, 1.4166666666666667)] // (1/1 + 4/4 + 9/4) / 3
    [InlineData(DepthErrorKind.RootMeanSquaredLog, 0.9802581434685472)] // ratios 2, 1/2, 1/4: (1 + 1 + 4) ln²2 / 3
    [InlineData(DepthErrorKind.Within1, 0)]
    public void Worked_example(DepthErrorKind kind, double expected)
    {
        using var scope = torch.NewDisposeScope();

        Assert.Equal(expected, Of(new DepthError(kind), Map(2, 2, 1), Map(1, 4, 4)), 1e-12);
    }

    [Fact]
    public void Shares_count_ratios_both_ways_and_strictly()
    {
        using var scope = torch.NewDisposeScope();
        // Ratios 1.25 (not below it), 1.2, 1.5 and 1.9, of which 1.25² = 1.5625 and 1.25³ = 1.953125.
        var (output, target) = (Map(1.25, 1, 1.5, 1, 3), Map(1, 1.2, 1, 1.9, 1));

        Assert.Equal(1.0 / 5, Of(new DepthError(DepthErrorKind.Within1), output, target), 1e-12);
        Assert.Equal(3.0 / 5, Of(new DepthError(DepthErrorKind.Within2), output, target), 1e-12);
        Assert.Equal(4.0 / 5, Of(new DepthError(DepthErrorKind.Within3), output, target), 1e-12);
    }

    [Fact]
    public void Outputs_below_zero_are_far_off_and_targets_of_zero_are_none()
    {
        using var scope = torch.NewDisposeScope();
        var (output, target) = (Map(-1, 5), Map(1, 0));

        Assert.Equal(2, Of(new DepthError(DepthErrorKind.Absolute), output, target));
        Assert.Equal(0, Of(new DepthError(DepthErrorKind.Within3), output, target));
        Assert.Equal(-Math.Log(1e-9), Of(new DepthError(DepthErrorKind.RootMeanSquaredLog), output, target), 1e-9);
    }

    [Fact]
    public void An_exact_output_has_no_error_and_all_ratios_within()
    {
        using var scope = torch.NewDisposeScope();
        var target = Map(0.5, 3, 79);

        Assert.All(DepthError.Kinds, metric => Assert.Equal(metric.HigherIsBetter ? 1 : 0, Of(metric, target, target)));
        Assert.Equal(8, DepthError.Kinds.Select(metric => metric.Name).Distinct().Count());
    }

    [Fact]
    public void Median_scaling_forgives_each_image_its_scale()
    {
        using var scope = torch.NewDisposeScope();
        var target = TaskTarget.FromRaw(Images([1, 2, 6, double.NaN], [4, 8, 3, 5]));
        var output = target
            .Values.mul(torch.tensor(new[] { 3, 0.1 }).view(2, 1, 1, 1))
            .add(target.Values.eq(0).mul(50));
        var scaled = new DepthError(DepthErrorKind.RootMeanSquared, medianScaling: true).Start(
            new Numeric(layout: Layout.Pixel)
        );
        scaled.Add(output, target);

        Assert.Equal(0, scaled.Compute(), 1e-12);
        Assert.Equal("rmse scaled", new DepthError(DepthErrorKind.RootMeanSquared, medianScaling: true).Name);
    }

    [Fact]
    public void Scaled_outputs_stay_within_a_millimetre_and_eighty_metres()
    {
        using var scope = torch.NewDisposeScope();
        // The medians are 1 and 1: the scale is 1, and 200 counts as 80.
        var metric = new DepthError(DepthErrorKind.Absolute, medianScaling: true);

        Assert.Equal((1 - 0.001 + 0 + 20) / 3, Of(metric, Map(-5, 1, 200), Map(1, 1, 100)), 1e-12);
    }

    private static double Of(Metric metric, Tensor output, Tensor target)
    {
        var accumulator = metric.Start(new Numeric(layout: Layout.Pixel));
        accumulator.Add(output, TaskTarget.Of(target));
        return accumulator.Compute();
    }

    private static Tensor Map(params double[] numbers) => torch.tensor(numbers).view(1, 1, 1, numbers.Length);

    private static Tensor Images(params double[][] images) =>
        torch.stack([.. images.Select(image => torch.tensor(image).view(1, 1, image.Length))]);
}
