using Plait.Catalogue;
using Plait.Optimization;
using Plait.Optimization.GradientModulation;
using static TorchSharp.torch;

namespace Plait.Tests.Optimization;

/// <summary>Mean, constant and random weights: baselines that look at no gradient.</summary>
[Collection("torch")]
public sealed class FixedWeightTests
{
    [Fact]
    public void Mean_is_the_mean() => Assert.Equal([1, 1, 1], Aggregate("mean", GoldenExample.Rows));

    [Fact]
    public void Constant_weights_belong_to_the_places_of_the_tasks() =>
        Assert.Equal([-10, 0, 0], Aggregate("constant:weights=1/-1", GoldenExample.Rows));

    [Theory]
    [InlineData("constant")]
    [InlineData("constant:weights=")]
    public void Constant_weights_have_to_be_given(string text) =>
        Assert.Contains(
            "weights",
            Assert.Throws<FormatException>(() => MethodCatalog.Create<GradientAggregator>(text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Constant_weights_of_another_number_of_tasks_are_refused() =>
        Assert.Throws<ArgumentException>(() => new Constant([1, 2, 3]).Begin(2));

    [Theory]
    [InlineData("random")]
    [InlineData("random:distribution=dirichlet")]
    public void Random_weights_share_out_1_anew_in_each_step(string text)
    {
        double[][] rows =
        [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
        ];
        double[][] drawn = [.. Enumerable.Range(0, 2000).Select(step => Aggregate(text, rows, step))];

        Assert.All(drawn, weights => Assert.Equal(1, weights.Sum(), 12));
        Assert.All(drawn, weights => Assert.All(weights, weight => Assert.InRange(weight, 0, 1)));
        Assert.Equal(drawn[7], Aggregate(text, rows, 7));
        Assert.NotEqual(drawn[7], drawn[8]);
        for (var task = 0; task < 3; task++)
        {
            Assert.InRange(drawn.Average(weights => weights[task]), 0.31, 0.355);
        }
    }

    private static double[] Aggregate(string text, double[][] rows, long step = 0)
    {
        using var scope = NewDisposeScope();
        using var gradients = TaskGradients.OfRows(
            StepContexts.Regressions(rows.Length),
            tensor(rows.SelectMany(row => row).ToArray()).view(rows.Length, -1)
        );
        return MethodCatalog
            .Create<GradientAggregator>(text)
            .Aggregate(gradients, StepContexts.At(step))
            .data<double>()
            .ToArray();
    }
}
