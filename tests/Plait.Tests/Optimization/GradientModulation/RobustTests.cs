using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using Plait.Tests.Numerics;
using static TorchSharp.torch;

namespace Plait.Tests.Optimization.GradientModulation;

/// <summary>Krum and the trimmed mean: a few gradients may be anything.</summary>
[Collection("torch")]
public sealed class RobustTests
{
    private static readonly double[][] Rows =
    [
        [1, 1],
        [1e6, -3e6],
        [1.1, 0.9],
        [0.8, 1.1],
        [1.2, 1.3],
    ];

    [Fact]
    public void Krum_takes_the_gradient_with_the_nearest_neighbours() =>
        Assert.Equal([1, 0, 0, 0, 0], new Krum(byzantine: 1).Weigh(Gramians.Of(Rows), StepContexts.At()));

    /// <summary>Of six on a line with one that may be anything, three neighbours count: two or four of them would choose another gradient.</summary>
    [Fact]
    public void Krum_counts_as_many_neighbours_as_are_left_without_the_far_off_ones_and_the_gradient_itself() =>
        Assert.Equal(
            [0, 1, 0, 0, 0, 0],
            new Krum(byzantine: 1).Weigh(
                Gramians.Of([
                    [0],
                    [1.1],
                    [2.1],
                    [3.1],
                    [10],
                    [10.1],
                ]),
                StepContexts.At(tasks: 6)
            )
        );

    [Fact]
    public void Krum_averages_as_many_as_are_selected() =>
        Assert.Equal(
            [0.25, 0, 0.25, 0.25, 0.25],
            new Krum(byzantine: 1, selected: 4).Weigh(Gramians.Of(Rows), StepContexts.At())
        );

    [Fact]
    public void Krum_refuses_too_few_tasks()
    {
        var fault = Assert.Throws<ArgumentException>(() =>
            new Krum(byzantine: 1).Weigh([1, 0, 0, 1], StepContexts.At())
        );
        Assert.Contains("needs 4 tasks or more; got 2", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trimmed_mean_leaves_the_extremes_of_each_number_out()
    {
        using var scope = NewDisposeScope();
        using var gradients = TaskGradients.OfRows(
            StepContexts.Regressions(4),
            tensor(new double[] { 1e11, 3, 1, -1e11, -1e10, 1e10, 2, 2 }).view(4, 2)
        );

        Assert.Equal([1.5, 2.5], new TrimmedMean(1).Aggregate(gradients, StepContexts.At()).data<double>().ToArray());
        Assert.Throws<ArgumentException>(() => new TrimmedMean(2).Aggregate(gradients, StepContexts.At()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Trimmed_mean_of_single_precision_is_that_of_double(int trim)
    {
        using var scope = NewDisposeScope();
        var rows = randn([7, 1001], ScalarType.Float32);
        rows.select(0, 3).mul_(1e20);
        using var single = TaskGradients.OfRows(StepContexts.Regressions(7), rows);
        using var exact = TaskGradients.OfRows(StepContexts.Regressions(7), rows.to(ScalarType.Float64));

        var found = new TrimmedMean(trim).Aggregate(single, StepContexts.At());
        var expected = new TrimmedMean(trim).Aggregate(exact, StepContexts.At());

        Assert.InRange(found.sub(expected).abs().max().item<double>(), 0, 1e-6);
    }
}
