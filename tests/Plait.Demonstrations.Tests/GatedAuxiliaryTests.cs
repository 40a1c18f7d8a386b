namespace Plait.Demonstrations.Tests;

[Collection("torch")]
public sealed class GatedAuxiliaryTests
{
    private const string Accuracy = "accuracy of the main task";

    [Fact]
    public void A_gated_auxiliary_helps_and_does_no_harm_unless_gradients_are_rough_where_the_sum_ruins_the_main_task()
    {
        var results = new GatedAuxiliaryDemonstration
        {
            MainRows = 100,
            AuxiliaryRows = 3000,
            Steps = 300,
        }.Run(seed: 1);

        var alone = results.NumberOf("no auxiliary", Accuracy);
        Assert.True(results.NumberOf("sum, harmful", Accuracy) < alone - 0.3);
        Assert.True(results.NumberOf("cosine-gating, harmful", Accuracy) > alone - 0.01);
        Assert.True(results.NumberOf("cosine-gating:weighted=true, harmful", Accuracy) > alone - 0.01);
        Assert.True(results.NumberOf("cosine-gating, helpful", Accuracy) > alone + 0.003);
        Assert.True(
            results.NumberOf("cosine-gating, harmful, rough gradients", Accuracy)
                < results.NumberOf("cosine-gating:weighted=true, harmful, rough gradients", Accuracy) - 0.01
        );
    }
}
