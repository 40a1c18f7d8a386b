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
    )
    {
        var row = new ComparisonRow(
            "any",
            network,
            weighting,
            aggregator,
            default,
            new Dictionary<string, MetricSummary>(),
            0,
            0
        );

        Assert.Equal(expected, row.Family);
    }
}
