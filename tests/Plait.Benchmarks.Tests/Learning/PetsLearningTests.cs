using Plait.Benchmarks.Comparison;
using Plait.Jobs;
using Plait.Tasks;

namespace Plait.Benchmarks.Tests.Learning;

/// <summary>The small real data set: multi-task networks, tabled against one network for each task.</summary>
[Collection("torch")]
public sealed class PetsLearningTests(ITestOutputHelper output)
{
    private static readonly string[] Networks =
    [
        "hps",
        "mtan",
        "cross-stitch:rate=1",
        "pad-net",
        "mti-net",
        "astmt:private-rate=3", // as many times as tasks, which is the default of stochastic gradient descent
        "mmoe",
    ];

    [Fact(Explicit = true)]
    [Trait("category", "slow")]
    public void Architectures_beat_the_constant_answer_on_photographs_and_are_tabled_against_single_task_networks()
    {
        var plan = new ComparisonPlan
        {
            Benchmark = "pets600",
            DataDirectory = DataBeside.Find("pets600"),
            Tasks = ["segmentation", "species", "breed"],
            Seeds = [1],
            Recipes = [.. Networks.Select(network => ComparedRecipe.Of(network))],
            Settings = SceneTrainings.Settings with { Epochs = 8 },
        };
        using var runner = new JobRunner();
        var table = plan.Table([.. plan.Jobs().Select(planned => runner.Run(planned.Job).Result)]);
        var blind = Blind(plan);

        Tables.Tell(output, table);
        Assert.Equal(Networks.Length + 1, table.Rows.Count);
        Assert.All(
            table.Rows,
            row =>
            {
                Assert.True(
                    row.Metrics["segmentation"].Mean > 1.8 * blind.Primary("segmentation"),
                    $"{row.Recipe}: {row.Metrics["segmentation"].Mean}"
                );
                Assert.True(
                    row.Metrics["species"].Mean > blind.Primary("species") + 0.08,
                    $"{row.Recipe}: {row.Metrics["species"].Mean}"
                );
            }
        );
    }

    private static TaskMetrics Blind(ComparisonPlan plan)
    {
        using var data = BenchmarkCatalog
            .Get(plan.Benchmark)
            .Load(new BenchmarkOptions { DataDirectory = plan.DataDirectory, Seed = plan.Seeds[0] });
        return BlindAnswers.Judge(data);
    }
}
