using Plait.Benchmarks.Comparison;

namespace Plait.Benchmarks.Tests.Comparison;

public sealed class RecipeFamilyTests
{
    [Theory]
    [InlineData("single-task", "equal", "sum", RecipeFamily.SingleTask)]
    [InlineData("hps:head-widths=8", "equal", "sum", RecipeFamily.Baseline)]
    [InlineData("hps", "uncertainty", "sum", RecipeFamily.Optimization)]
    [InlineData("hps", "equal", "mgda", RecipeFamily.Optimization)]
    [InlineData("cross-stitch", "equal", "sum", RecipeFamily.EncoderFocused)]
    [InlineData("pad-net", "dwa", "sum", RecipeFamily.DecoderFocused)]
    public void Recipes_are_of_the_kinds_of_the_dense_survey(
        string network,
        string weighting,
        string aggregator,
        RecipeFamily expected
    ) => Assert.Equal(expected, Row(network, weighting, aggregator).Family);

    [Fact]
    public void A_schedule_or_a_further_term_makes_the_baseline_an_optimization()
    {
        var row = Row("hps", "equal", "sum");

        Assert.Equal(RecipeFamily.Optimization, (row with { Schedule = "uniform" }).Family);
        Assert.Equal(RecipeFamily.Optimization, (row with { Regularizers = ["soft-sharing"] }).Family);
        Assert.Equal(RecipeFamily.Optimization, (row with { Auxiliaries = ["amtfl"] }).Family);
    }

    private static ComparisonRow Row(string network, string weighting, string aggregator) =>
        new("any", network, weighting, aggregator, default, new Dictionary<string, MetricSummary>(), 0, 0);
}
