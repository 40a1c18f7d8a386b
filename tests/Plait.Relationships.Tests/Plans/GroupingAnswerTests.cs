using System.Text.Json.Nodes;
using Plait.Benchmarks;
using Plait.Jobs;
using Plait.Relationships.Plans;
using Plait.Training;

namespace Plait.Relationships.Tests.Plans;

/// <summary>What a grouping makes of trainings whose losses are given.</summary>
public sealed class GroupingAnswerTests
{
    private static readonly string[] Tasks = ["a", "b", "c", "d"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Groups_by_gains_in_pairs_are_the_best_of_all_where_a_task_alone_gains_nothing(int budget)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            var plan = Plan(AffinityPlan.Pairwise, budget);
            // Most pairs lose a little, so that tasks are better off alone.
            var finished = Finished(plan, (tasks, _) => tasks.Count == 1 ? 2 : 2 * (0.9 + (0.3 * random.NextDouble())));

            var answer = plan.Conclude(finished);

            Assert.True(answer.Optimal);
            Assert.Equal(Best(answer.Affinity!.Values, budget), answer.Total, 1e-9);
            Assert.Equal(Score(answer.Affinity.Values, 0b1111).Sum(), answer.TotalTogether, 1e-9);
        }
    }

    [Fact]
    public void A_task_that_every_other_one_harms_is_left_alone()
    {
        var plan = Plan(AffinityPlan.Pairwise, budget: 2);
        var finished = Finished(
            plan,
            (tasks, task) =>
                tasks.Count == 1 ? 1
                : tasks.Contains("d") ? 1.5
                : 0.8
        );

        var answer = plan.Conclude(finished);

        Assert.Equal(
            [
                ["a", "b", "c"],
                ["d"],
            ],
            answer.Networks
        );
        Assert.Equal(0.6, answer.Total, 1e-9);
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_null_in_the_answer()
    {
        var plan = Plan(AffinityPlan.Pairwise, budget: 2);
        var answer = plan.Conclude(Finished(plan, (_, _) => 1)) with
        {
            Total = double.PositiveInfinity,
            Bound = double.NaN,
            ExpectedGain = new Dictionary<string, double> { ["a"] = double.NaN },
        };

        var json = JsonNode.Parse(answer.ToJson())!;

        Assert.Null(json["total"]);
        Assert.Null(json["bound"]);
        Assert.Null(json["expectedGain"]!["a"]);
        Assert.True(json.AsObject().ContainsKey("verification"));
        Assert.True(double.IsNaN(MeasuredGrouping.FromJson(answer.ToJson()).Total));
        Assert.Null(MeasuredGrouping.FromJson(answer.ToJson()).Bound);
    }

    [Fact]
    public void Answers_of_earlier_versions_are_read()
    {
        var plan = Plan(AffinityPlan.Pairwise, budget: 2);
        var json = JsonNode.Parse(plan.Conclude(Finished(plan, (_, _) => 1)).ToJson())!;
        json["bound"] = "Infinity";

        Assert.Equal(double.PositiveInfinity, MeasuredGrouping.FromJson(json.ToJsonString()).Bound);
    }

    private static GroupingPlan Plan(string method, double budget) =>
        new()
        {
            Data = new BenchmarkSource { Benchmark = "tox21" },
            Tasks = Tasks,
            Settings = new RunSpecification { Encoder = "mlp:widths=4", Epochs = 1 },
            Method = method,
            Budget = budget,
        };

    private static FinishedJob[] Finished(GroupingPlan plan, Func<IReadOnlyList<string>, string, double> loss) =>
        [
            .. plan.Next([])
                .Select(planned => new FinishedJob(
                    planned,
                    new JobResult(new Dictionary<string, IReadOnlyDictionary<string, double?>>(), 1, 1, 0, 1, 0)
                    {
                        ValidationLosses = planned.Job.Tasks!.ToDictionary(
                            task => task,
                            task => loss(planned.Job.Tasks!, task)
                        ),
                    },
                    ""
                )),
        ];

    /// <summary>The greatest total of at most so many groups, by looking at all of them.</summary>
    private static double Best(IReadOnlyList<double> gains, int groups)
    {
        var scores = Enumerable.Range(1, (1 << Tasks.Length) - 1).Select(group => Score(gains, group)).ToArray();
        return Extend(0, groups, [.. Tasks.Select(_ => double.NegativeInfinity)]);

        double Extend(int from, int left, double[] most) =>
            Enumerable
                .Range(from, left == 0 ? 0 : scores.Length - from)
                .Select(group => Extend(group + 1, left - 1, [.. most.Zip(scores[group], Math.Max)]))
                .Append(most.Sum())
                .Max();
    }

    private static double[] Score(IReadOnlyList<double> gains, int group) =>
        [
            .. Tasks.Select(
                (_, task) =>
                {
                    var others = Enumerable
                        .Range(0, Tasks.Length)
                        .Where(by => by != task && ((group >> by) & 1) != 0)
                        .ToArray();
                    return ((group >> task) & 1) == 0 ? double.NegativeInfinity
                        : others.Length == 0 ? 0
                        : others.Average(by => gains[(task * Tasks.Length) + by]);
                }
            ),
        ];
}
