using Plait.Optimization;
using Plait.Optimization.LossWeighting;

namespace Plait.Tests.Optimization.LossWeighting;

[Collection("torch")]
public sealed class ExcessMtlTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1e-30)]
    [InlineData(1e30)]
    public void Weights_grow_with_the_excess_risk_relative_to_the_first(double scale)
    {
        using var scope = torch.NewDisposeScope();
        var weighting = new ExcessMtl(learningRate: 0.5).Begun();

        Observe(weighting, scale, 3, 4, 0, 2); // risks 3 + 4 and 2
        Assert.Equal([1, 1], weighting.Weights(StepContexts.At(), 1, 1));
        Observe(weighting, scale, 3, 4, 0, 1); // over roots 3√2, 4√2 and √5: 7/√2 and 1/√5
        double[] grown = [Math.Exp(0.5 / Math.Sqrt(2)), Math.Exp(0.5 / (2 * Math.Sqrt(5)))];

        Weighted.AssertClose(
            [2 * grown[0] / grown.Sum(), 2 * grown[1] / grown.Sum()],
            weighting.Weights(StepContexts.At(), 1, 1),
            1e-6
        );
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_named_and_leaves_the_sums_alone()
    {
        using var scope = torch.NewDisposeScope();
        var weighting = new ExcessMtl().Begun();
        Observe(weighting, 1, 3, 4, 0, 2);

        var refused = Assert.Throws<NonFiniteException>(() => Observe(weighting, 1, 3, 4, float.NaN, 2));

        Assert.Equal("task 1", refused.Task);
        Observe(weighting, 1, 3, 4, 0, 1);
        Assert.All(weighting.Weights(StepContexts.At(), 1, 1), weight => Assert.True(double.IsFinite(weight)));
    }

    [Fact]
    public void The_sums_outlive_the_scope_they_were_made_in()
    {
        var weighting = new ExcessMtl().Begun();
        using (torch.NewDisposeScope())
        {
            Observe(weighting, 1, 3, 4, 0, 2);
        }

        Observe(weighting, 1, 1, 4, 0, 2);

        Assert.NotEqual([1, 1], weighting.Weights(StepContexts.At(), 1, 1));
    }

    private static void Observe(ExcessMtl weighting, double scale, params float[] rows)
    {
        var scaled = torch.tensor([.. rows.Select(value => (float)(value * scale))]).view(2, 2);
        using var gradients = TaskGradients.OfRows(StepContexts.Regressions(2), scaled);
        weighting.Observe(gradients, StepContexts.At());
    }
}
