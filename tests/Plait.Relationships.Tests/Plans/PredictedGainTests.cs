using Plait.Relationships.Grouping.Prediction;
using Plait.Relationships.Plans;
using Plait.Training;

namespace Plait.Relationships.Tests.Plans;

[Collection("torch")]
public sealed class PredictedGainTests
{
    private static readonly RunSpecification Settings = new()
    {
        Encoder = "mlp:widths=12",
        Optimizer = "adam:learning-rate=0.01",
        Epochs = 6,
        BatchSize = 64,
        Patience = 1,
        GradientRecordInterval = 0,
    };

    [Fact]
    public void A_predictor_that_learned_from_pairs_of_one_table_tells_gains_in_another_from_its_tasks_alone()
    {
        using var table = new FamilyTable(seed: 1, rows: 200);
        var pairs = Plan(table, AffinityPlan.Pairwise) with { LearnsPredictor = true };
        pairs.Check();

        var finished = PlanRunner.Run(pairs, table.Folder);
        var measured = MeasuredAffinity.FromJson(pairs.Answer(finished));

        var learned = measured.Predictor!;
        Assert.Equal(30, learned.Pairs);
        Assert.InRange(learned.Accuracy, 0, 1);
        Assert.InRange(learned.MajorityAccuracy, 0.5, 1);
        Assert.All(finished, job => Assert.Equal(Settings.Epochs, job.Result.Epochs)); // curves of one length

        using var other = new FamilyTable(seed: 5, rows: 200);
        var plan = Plan(other, AffinityPlan.Predicted) with
        {
            Predictor = MeasuredPredictor.FromJson(learned.ToJson()).Predictor,
        };
        plan.Check();
        plan = (AffinityPlan)AnalysisPlan.FromJson(plan.ToJson());
        var alone = PlanRunner.Run(plan, other.Folder);
        var affinity = MeasuredAffinity.FromJson(plan.Answer(alone)).ToMatrix();

        Assert.Equal(6, alone.Count);
        Assert.Equal(0.5, affinity[2, 2]);
        Assert.All(affinity.Values.ToArray(), probability => Assert.InRange(probability, 0, 1));
        Assert.True(affinity.Values.ToArray().Distinct().Count() > 10, "The predictor tells no pair from another.");
    }

    [Fact]
    public void What_cannot_be_predicted_is_refused_before_anything_is_trained()
    {
        using var table = new FamilyTable(seed: 1, rows: 60);
        var foreign = new GainPredictor(["colour"], [0], [1], [1], 0, 1);
        (AffinityPlan Plan, string Why)[] cases =
        [
            (Plan(table, AffinityPlan.Predicted), "--predictor"),
            (Plan(table, "tag") with { Predictor = foreign }, "no other measure"),
            (Plan(table, AffinityPlan.Predicted) with { Predictor = foreign }, "colour"),
            (Plan(table, "tag") with { LearnsPredictor = true }, "pairwise"),
            (
                Plan(table, AffinityPlan.Pairwise) with
                {
                    LearnsPredictor = true,
                    Settings = Settings with { Epochs = 2 },
                },
                "3 epochs"
            ),
        ];
        foreach (var (plan, why) in cases)
        {
            Assert.Contains(why, Assert.Throws<FormatException>(plan.Check).Message);
        }

        Assert.DoesNotContain(AffinityPlan.Predicted, GroupingPlan.MethodNames);
        Assert.Throws<FormatException>(() => MeasuredPredictor.FromJson("{}"));
        Assert.Throws<FormatException>(() =>
            MeasuredPredictor.FromJson(
                """{"predictor":{"features":["a"],"means":[],"scales":[1],"coefficients":[1],"intercept":0,"penalty":1},"pairs":2,"accuracy":1,"majorityAccuracy":1}"""
            )
        );
    }

    [Fact]
    public void Nothing_is_learned_where_all_pairs_went_one_way()
    {
        var pair = new GainFeatures("a", "b", new Dictionary<string, double> { ["x"] = 1 });

        Assert.Null(MeasuredPredictor.Of([new GainExample(pair, 1), new GainExample(pair, 2)]));
        Assert.Null(MeasuredPredictor.Of([new GainExample(pair, -1), new GainExample(pair, 0)]));
    }

    private static AffinityPlan Plan(FamilyTable table, string method) =>
        new()
        {
            Data = table.Source,
            Tasks = FamilyTable.Names,
            Settings = Settings,
            Method = method,
        };
}
