using Plait.Benchmarks;
using Plait.Jobs;
using Plait.Relationships.Plans;
using Plait.Training;

namespace Plait.Relationships.Tests.Plans;

/// <summary>Groups of a data set that linear models show.</summary>
[Collection("torch")]
public sealed class LinearGroupingPlanTests
{
    [Theory]
    [InlineData("go-mtl:strength=0.03")]
    [InlineData("go-mtl:share=0.5,strength=0.03")]
    [InlineData("clustered")]
    public void Families_are_found_without_a_training(string method)
    {
        using var table = new FamilyTable(seed: 2);
        var plan = Plan(table.Source, FamilyTable.Names, method);
        plan.Check();

        Assert.Empty(plan.Next([]));
        var answer = MeasuredGrouping.FromJson(plan.Answer([]));

        Assert.Equal(
            1,
            AdjustedRandIndex.Of(FamilyTable.Families, [.. FamilyTable.Names.Select(name => answer.Serving[name])]),
            1e-9
        );
        Assert.Equal((0, 2.0), (answer.Trainings, answer.Cost));
        Assert.Null(answer.Bound);
        Assert.False(answer.Optimal);
        var linear = answer.Linear!;
        Assert.Equal(linear.Losses.Sum(task => task.Value / linear.LossesAlone[task.Key]), answer.Total, 1e-9);
        Assert.All(linear.Parts.Values, parts => Assert.Equal(2, parts.Count));
        Assert.Equal(6, answer.Affinity!.Tasks.Count);
        Assert.StartsWith("grouped:groups=", answer.Network(FamilyTable.Names), StringComparison.Ordinal);
    }

    [Fact]
    public void One_latent_task_tells_no_affinities()
    {
        using var table = new FamilyTable(seed: 2);
        var plan = Plan(table.Source, FamilyTable.Names, "go-mtl") with { Budget = 1 };
        plan.Check();

        var answer = MeasuredGrouping.FromJson(plan.Answer([]));

        Assert.Null(answer.Affinity);
        Assert.Equal(FamilyTable.Names, Assert.Single(answer.Networks));
    }

    [Fact]
    public void A_verification_trains_networks_of_the_groups()
    {
        using var table = new FamilyTable(seed: 3, rows: 200);
        var plan = Plan(table.Source, FamilyTable.Names, "clustered") with { VerificationSeeds = [0, 1] };

        var finished = PlanRunner.Run(plan, table.Folder);
        var answer = plan.Conclude(finished);

        Assert.Equal(2 * (6 + 1 + answer.Networks.Count), finished.Count);
        Assert.Equal(2, answer.Verification!.Grouping.Count);
    }

    [Fact]
    public void Yes_and_no_of_a_benchmark_with_missing_labels_is_grouped()
    {
        var source = new BenchmarkSource { Benchmark = "tox21" };
        string[] tasks = ["NR-AR", "NR-AR-LBD", "NR-ER", "SR-MMP", "SR-HSE", "SR-p53"];
        var plan = Plan(source, tasks, "clustered");
        plan.Check();

        var answer = plan.Conclude([]);

        Assert.Equal(answer.Serving["NR-AR"], answer.Serving["NR-AR-LBD"]); // one receptor, twice
        Assert.All(answer.Linear!.Losses.Values, loss => Assert.InRange(loss, 0.1, 1.5));
    }

    [Theory]
    [InlineData("go-mtl:share=2", "share")]
    [InlineData("go-mtl:latent=2", "latent")]
    [InlineData("clustered:strength=-1", "strength")]
    [InlineData("go-mtI", "did you mean 'go-mtl'?")]
    public void What_cannot_be_done_is_refused_before_anything_is_learned(string method, string why)
    {
        using var table = new FamilyTable(seed: 1, rows: 60);

        var fault = Assert.ThrowsAny<Exception>(Plan(table.Source, FamilyTable.Names, method).Check);

        Assert.Contains(why, fault.Message);
    }

    [Fact]
    public void Images_classes_one_task_and_several_seeds_are_refused()
    {
        using var table = new FamilyTable(seed: 1, rows: 60);
        var plan = Plan(table.Source, FamilyTable.Names, "go-mtl");
        var pairs = new BenchmarkSource { Benchmark = "fashion-pairs" };

        Assert.Contains("rows of numbers", Refusal(Plan(pairs, TasksOf(pairs), "go-mtl")));
        Assert.Contains("from two on", Refusal(plan with { Tasks = ["t0"] }));
        Assert.Contains("one division", Refusal(plan with { Seeds = [0, 1] }));

        static string Refusal(GroupingPlan plan) => Assert.ThrowsAny<Exception>(plan.Check).Message;

        static string[] TasksOf(BenchmarkSource source)
        {
            using var data = source.Load(0);
            return [.. data.Tasks.Select(task => task.Name)];
        }
    }

    private static GroupingPlan Plan(DataSource data, IReadOnlyList<string> tasks, string method) =>
        new()
        {
            Data = data,
            Tasks = tasks,
            Settings = new RunSpecification { Encoder = "mlp:widths=8", Epochs = 2 },
            Method = method,
            Budget = 2,
        };
}
