using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks.Metrics;

public sealed class RegressionMetricTests
{
    [Fact]
    public void Errors_have_their_textbook_values()
    {
        double[] outputs = [1.5, 0, 3];
        double[] targets = [1, 2, 3];

        Assert.Equal(4.25 / 3, Of(new MeanSquaredError(), outputs, targets), 1e-12);
        Assert.Equal(Math.Sqrt(4.25 / 3), Of(new RootMeanSquaredError(), outputs, targets), 1e-12);
        Assert.Equal(2.5 / 3, Of(new MeanAbsoluteError(), outputs, targets), 1e-12);
        Assert.Equal(1 - (4.25 / 2), Of(new RSquared(), outputs, targets), 1e-12);
    }

    [Fact]
    public void The_mean_target_explains_nothing_and_the_targets_themselves_all()
    {
        double[] targets = [1, 2, 3, 10];

        Assert.Equal(0, Of(new RSquared(), [4, 4, 4, 4], targets), 1e-12);
        Assert.Equal(1, Of(new RSquared(), targets, targets), 1e-12);
    }

    [Fact]
    public void R_squared_keeps_its_digits_far_from_zero()
    {
        const double Far = 1e9;
        double[] outputs = [1.5, 0, 3];
        double[] targets = [1, 2, 3];

        Assert.Equal(
            Of(new RSquared(), outputs, targets),
            Of(new RSquared(), [.. outputs.Select(x => x + Far)], [.. targets.Select(x => x + Far)]),
            1e-9
        );
    }

    [Fact]
    public void R_squared_of_targets_that_do_not_vary_is_undefined() =>
        Assert.Equal(double.NaN, Of(new RSquared(), [1, 2], [3, 3]));

    [Fact]
    public void R_squared_is_averaged_over_channels_that_vary()
    {
        using var scope = torch.NewDisposeScope();
        // The first channel is predicted by its mean, the second exactly; the third does not vary.
        var targets = torch.tensor(
            new[,]
            {
                { 0.0, 100, 5 },
                { 2, 300, 5 },
            }
        );
        var outputs = torch.tensor(
            new[,]
            {
                { 1.0, 100, 5 },
                { 1, 300, 4 },
            }
        );
        var flat = new RSquared().Start(new Numeric(3));
        flat.Add(outputs, TaskTarget.Of(targets));
        var dense = new RSquared().Start(new Numeric(3, Layout.Pixel));
        dense.Add(
            outputs.view(2, 3, 1, 1).expand(2, 3, 2, 2),
            TaskTarget.Of(targets.view(2, 3, 1, 1).expand(2, 3, 2, 2))
        );

        Assert.Equal(0.5, flat.Compute(), 1e-12);
        Assert.Equal(0.5, dense.Compute(), 1e-12);
    }

    [Fact]
    public void An_output_that_is_not_a_number_is_not_hidden()
    {
        foreach (var metric in new Numeric().ReportedMetrics.Append(new MeanSquaredError()))
        {
            Assert.Equal(double.NaN, Of(metric, [1, double.NaN], [1, 2]));
        }
    }

    private static double Of(Metric metric, double[] outputs, double[] targets)
    {
        using var scope = torch.NewDisposeScope();
        var accumulator = metric.Start(new Numeric());
        accumulator.Add(torch.tensor(outputs).view(-1, 1), TaskTarget.Of(torch.tensor(targets)));
        return accumulator.Compute();
    }
}
