using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Plait.Benchmarks;
using Plait.Relationships.Plans;
using Plait.Tabular.Models;

namespace Plait.Relationships.Tests.Plans;

[Collection("torch")]
public sealed partial class PlanTests
{
    [Theory]
    [InlineData("tag", 1)]
    [InlineData("gradient-cosine", 1)]
    [InlineData("rsa", 6)]
    [InlineData("task2vec", 1)]
    public void Affinities_of_a_table_tell_its_families(string method, int trainings)
    {
        using var table = new FamilyTable(seed: 1);
        var plan = new AffinityPlan
        {
            Data = table.Source,
            Tasks = FamilyTable.Names,
            Settings = FamilyTable.Settings,
            Method = method,
        };
        plan.Check();

        var finished = PlanRunner.Run(plan, table.Folder);
        var groups = Dendrogram.Of(plan.Conclude(finished).Symmetrized()).Cut(2);

        Assert.Equal(trainings, finished.Count);
        Assert.Equal(1, AdjustedRandIndex.Of(FamilyTable.Families, groups), 1e-9);
        Assert.Equal(trainings, Trainings(plan.Effort));
    }

    /// <summary>What follows from a plan is no part of it; plans that were stored with it are read all the same.</summary>
    [Fact]
    public void A_plan_is_stored_without_what_follows_from_it()
    {
        var plan = new AffinityPlan
        {
            Data = new TableSource { Table = "/t.csv", Targets = [new("a", "binary")] },
            Tasks = ["a", "b"],
            Settings = FamilyTable.Settings,
            Method = "tag",
        };
        var json = JsonNode.Parse(plan.ToJson())!.AsObject();

        Assert.All(new[] { "effort", "isOfTraining", "isOfPairs" }, name => Assert.False(json.ContainsKey(name)));
        json["effort"] = "1 training";
        json["isOfPairs"] = true;
        Assert.Equal(plan.ToJson(), AnalysisPlan.FromJson(json.ToJsonString()).ToJson());
    }

    [Fact]
    public void Pairwise_affinities_are_what_a_network_of_two_gains_over_one()
    {
        using var table = new FamilyTable(seed: 1);
        var plan = new AffinityPlan
        {
            Data = table.Source,
            Tasks = FamilyTable.Names,
            Settings = FamilyTable.Settings with { Epochs = 3 },
            Method = AffinityPlan.Pairwise,
        };

        var finished = PlanRunner.Run(plan, table.Folder);
        var affinity = plan.Conclude(finished);

        Assert.Equal(21, Trainings(plan.Effort));
        Assert.Equal(21, finished.Count);
        var alone = Loss(["t4"], "t4");
        Assert.Equal(1 - (Loss(["t1", "t4"], "t4") / alone), affinity[4, 1], 1e-12);
        Assert.Equal(0, affinity[4, 4]);

        double Loss(string[] tasks, string task) =>
            finished.Single(job => job.Planned.Job.Tasks!.SequenceEqual(tasks)).Result.ValidationLosses[task];
    }

    [Theory]
    [InlineData("tag", 1)]
    [InlineData("rsa", 6)]
    [InlineData("hoa", 21)]
    [InlineData("esa", 63)]
    public void A_grouping_puts_families_together(string method, int trainings)
    {
        using var table = new FamilyTable(seed: 2);
        var plan = Grouping(table, method) with
        {
            Settings = FamilyTable.Settings with { Epochs = method is "esa" or "hoa" ? 10 : 25 },
        };
        plan.Check();

        var finished = PlanRunner.Run(plan, table.Folder);
        var answer = MeasuredGrouping.FromJson(plan.Answer(finished));

        Assert.Equal(trainings, answer.Trainings);
        Assert.True(answer.Cost <= 2);
        Assert.True(
            method is "hoa" or "esa" ? answer.Total <= answer.TotalTogether : answer.Total >= answer.TotalTogether
        );
        var groups = FamilyTable.Names.Select(name => answer.Serving[name]).ToArray();
        Assert.True(
            AdjustedRandIndex.Of(FamilyTable.Families, groups) >= 0.8 || method is "hoa" or "esa",
            $"{method}: {string.Join(", ", groups)}"
        );
        Assert.Equal(method is "hoa" or "esa", answer.ExpectedGain is not null);
        Assert.Equal(method is not "esa", answer.Affinity is not null);
        Assert.Equal(method is "rsa", answer.Bound is null);
    }

    [Fact]
    public void A_grouping_by_likeness_counts_tasks_alone_as_nothing_and_knows_no_bound()
    {
        using var table = new FamilyTable(seed: 2, rows: 120);
        var plan = Grouping(table, "cka") with { Settings = FamilyTable.Settings with { Epochs = 1 }, Budget = 5 };

        var json = plan.Answer(PlanRunner.Run(plan, table.Folder));

        var answer = MeasuredGrouping.FromJson(json);
        var pair = answer.Networks.Single(network => network.Count == 2);
        var affinity = new AffinityMatrix(answer.Affinity!.Tasks, answer.Affinity.Values);
        var (first, second) = (Place(pair[0]), Place(pair[1]));
        Assert.Equal(affinity[first, second] + affinity[second, first], answer.Total, 1e-9);
        Assert.Null(JsonNode.Parse(json)!.AsObject().Single(member => member.Key == "bound").Value);
        Assert.DoesNotContain("Infinity", json);

        static int Place(string task) => FamilyTable.Names.TakeWhile(name => name != task).Count();
    }

    [Fact]
    public void A_verification_compares_with_all_together_and_each_alone_on_the_test_rows()
    {
        using var table = new FamilyTable(seed: 3, rows: 250);
        var plan = Grouping(table, "tag") with { VerificationSeeds = [0, 1] };

        var finished = PlanRunner.Run(plan, table.Folder);
        var answer = plan.Conclude(finished);

        Assert.Equal(1 + (2 * (6 + 1 + answer.Networks.Count)), finished.Count);
        Assert.Equal(2, answer.Verification!.Grouping.Count);
        Assert.All(
            answer.Verification.Grouping.Concat(answer.Verification.Together),
            delta => Assert.True(double.IsFinite(delta))
        );
    }

    [Fact]
    public void Plans_survive_being_written()
    {
        using var table = new FamilyTable(seed: 1, rows: 60);
        AnalysisPlan[] plans =
        [
            Grouping(table, "hoa") with
            {
                VerificationSeeds = [1, 2],
            },
            new AffinityPlan
            {
                Data = new BenchmarkSource { Benchmark = "tox21", Split = "scaffold" },
                Tasks = ["a", "b"],
                Settings = FamilyTable.Settings,
                Method = "tag:interval=3",
            },
            new TaxonomyPlan
            {
                Data = table.Source,
                Tasks = FamilyTable.Names,
                Settings = FamilyTable.Settings,
                Sources = 3,
                TransferRows = 50,
            },
        ];
        foreach (var plan in plans)
        {
            Assert.Equal(plan.ToJson(), AnalysisPlan.FromJson(plan.ToJson()).ToJson());
        }

        Assert.Throws<FormatException>(() => AnalysisPlan.FromJson("{}"));
    }

    [Theory]
    [InlineData("tags", 2, "did you mean 'tag'?")]
    [InlineData("tag:interval=0", 2, "interval")]
    [InlineData("pairwise:a=1", 2, "no options")]
    [InlineData("tag", 0.5, "budget")]
    [InlineData("tag", 2.5, "a whole number from 1 to 6, the number of tasks; got 2.5. Take 2.")]
    [InlineData("go-mtl", 1e300, "got 1E+300. Take 6.")]
    [InlineData("exact", double.NaN, "Take 1.")]
    public void What_cannot_be_done_is_refused_before_anything_is_trained(string method, double budget, string why)
    {
        using var table = new FamilyTable(seed: 1, rows: 60);

        var fault = Assert.ThrowsAny<Exception>(() => (Grouping(table, method) with { Budget = budget }).Check());

        Assert.Contains(why, fault.Message);
    }

    [Fact]
    public void All_sets_of_many_tasks_are_refused_with_their_number()
    {
        using var table = new FamilyTable(seed: 1, rows: 60);
        var plan = Grouping(table, "exact") with { Tasks = [.. Enumerable.Range(0, 12).Select(i => $"t{i}")] };

        Assert.Contains("4095", Assert.Throws<FormatException>(plan.Check).Message);
    }

    [Fact]
    public void A_grouping_names_the_architecture_for_targets_in_any_order()
    {
        var answer = new MeasuredGrouping
        {
            Data = "data",
            Method = "tag",
            Budget = 2,
            Tasks = ["a", "b", "c"],
            Networks =
            [
                ["a", "c"],
                ["b", "c"],
            ],
            Serving = new Dictionary<string, int>
            {
                ["a"] = 0,
                ["b"] = 1,
                ["c"] = 1,
            },
            Cost = 2,
            Total = 1,
            TotalTogether = 2,
            Optimal = true,
            Trainings = 1,
            Seconds = 1,
        };

        Assert.Equal("grouped:groups=1-0/2-0,serving=1-0-1", answer.Network(["c", "a", "b"]));
        Assert.Throws<FormatException>(() => answer.Network(["a", "b"]));
        Assert.Throws<FormatException>(() =>
            MeasuredGrouping.FromJson(
                (
                    answer with
                    {
                        Networks =
                        [
                            ["a"],
                            ["b"],
                        ],
                    }
                ).ToJson()
            )
        );
    }

    private static GroupingPlan Grouping(FamilyTable table, string method) =>
        new()
        {
            Data = table.Source,
            Tasks = FamilyTable.Names,
            Settings = FamilyTable.Settings,
            Method = method,
            Budget = 2,
        };

    private static int Trainings(string effort) => int.Parse(FirstNumber().Match(effort).Value);

    [GeneratedRegex(@"\d+")]
    private static partial Regex FirstNumber();
}
