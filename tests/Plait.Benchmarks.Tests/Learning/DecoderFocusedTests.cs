using Plait.Benchmarks.Comparison;

namespace Plait.Benchmarks.Tests.Learning;

/// <summary>What the survey of dense prediction found: exchange in the decoder gains more than a shared encoder does.</summary>
[Collection("torch")]
public sealed class DecoderFocusedTests(SceneTrainings trainings, ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    [Trait("category", "slow")]
    public void Mti_net_gains_more_over_single_tasks_than_hard_sharing_does()
    {
        var plan = new ComparisonPlan
        {
            Benchmark = trainings.Source.Benchmark,
            DataDirectory = trainings.Source.DataDirectory,
            Tasks = ["segmentation", "depth", "normals"],
            Seeds = [1, 2, 3],
            Recipes = [ComparedRecipe.Of("hps"), ComparedRecipe.Of("mti-net")],
            Settings = SceneTrainings.Settings with { Epochs = 3 },
        };

        var table = plan.Table([.. plan.Jobs().Select(planned => trainings.Train(planned.Job))]);

        Tables.Tell(output, table);
        var (shared, exchanging) = (table.Rows[1], table.Rows[2]);
        Assert.Equal(["hps", "mti-net"], [shared.Recipe, exchanging.Recipe]);
        Assert.True(exchanging.DeltaM.Mean > shared.DeltaM.Mean, $"{exchanging.DeltaM} against {shared.DeltaM}");
        Assert.True(exchanging.DeltaM.Mean > 0, $"{exchanging.DeltaM} over single tasks");
    }
}
