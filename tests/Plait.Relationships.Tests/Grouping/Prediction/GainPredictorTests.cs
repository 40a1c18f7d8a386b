using System.Text.Json;
using Plait.Relationships.Grouping.Prediction;

namespace Plait.Relationships.Tests.Grouping.Prediction;

public sealed class GainPredictorTests(ITestOutputHelper output)
{
    [Fact]
    public void A_pair_has_each_feature_of_both_tasks_and_their_ratio()
    {
        var pair = GainFeatures.Of(Task("a", ("x", 3), ("y", 0), ("z", 1)), Task("b", ("x", -2), ("y", 0), ("z", 0)));

        Assert.Equal(9, pair.Values.Count);
        Assert.Equal(3, pair.Values["main x"]);
        Assert.Equal(-2, pair.Values["auxiliary x"]);
        Assert.Equal(-1.5, pair.Values["main/auxiliary x"]);
        Assert.Equal(1, pair.Values["main/auxiliary y"]);
        Assert.Equal(GainFeatures.LargestRatio, pair.Values["main/auxiliary z"]);
    }

    [Fact]
    public void Tasks_of_other_features_make_no_pair()
    {
        var failure = Assert.Throws<ArgumentException>(() => GainFeatures.Of(Task("a", ("x", 3)), Task("b", ("y", 1))));

        Assert.Contains("'a'", failure.Message);
        Assert.Contains("'b'", failure.Message);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(100)]
    public void The_gradient_vanishes_at_the_solution(double penalty)
    {
        var (rows, outcomes) = Noisy(new Random(4), 60, 5);
        var solution = LogisticRidge.Fit(rows, outcomes, penalty);

        var gradient = new double[6];
        _ = LogisticRidge.Derivatives(rows, outcomes, penalty, solution, gradient, new double[36]);

        Assert.All(gradient, slope => Assert.Equal(0, slope, 1e-9));
    }

    [Fact]
    public void Gradient_and_curvature_are_those_of_differences()
    {
        const double Step = 1e-5;
        var random = new Random(7);
        var (rows, outcomes) = Noisy(random, 30, 3);
        double[] weights = [0.4, -1.2, 0.7, 0.3];
        var (gradient, hessian) = (new double[4], new double[16]);
        _ = LogisticRidge.Derivatives(rows, outcomes, 0.5, weights, gradient, hessian);

        for (var i = 0; i < 4; i++)
        {
            double[] above = [.. weights.Select((w, j) => j == i ? w + Step : w)];
            double[] below = [.. weights.Select((w, j) => j == i ? w - Step : w)];
            var (up, down) = (new double[4], new double[4]);
            var rise =
                LogisticRidge.Derivatives(rows, outcomes, 0.5, above, up, new double[16])
                - LogisticRidge.Derivatives(rows, outcomes, 0.5, below, down, new double[16]);
            Assert.Equal(rise / (2 * Step), gradient[i], 1e-7);
            for (var j = 0; j < 4; j++)
            {
                Assert.Equal((up[j] - down[j]) / (2 * Step), hessian[(i * 4) + j], 1e-6);
            }
        }
    }

    [Fact]
    public void Pairs_that_can_be_separated_have_a_finite_answer()
    {
        GainExample[] examples = [.. Enumerable.Range(0, 10).Select(i => Example($"{i}", i, i < 5 ? -1 : 1))];

        var predictor = GainPredictor.Fit(examples, 1e-6);

        Assert.All(predictor.Coefficients, coefficient => Assert.True(double.IsFinite(coefficient)));
        Assert.All(examples, example => Assert.Equal(example.Gained, predictor.Probability(example.Features) > 0.5));
    }

    [Fact]
    public void Units_of_features_do_not_matter()
    {
        var random = new Random(3);
        var numbers = Enumerable.Range(0, 30).Select(_ => random.NextDouble()).ToArray();
        var one = GainPredictor.Fit([
            .. numbers.Select((x, i) => Example($"{i}", x, x - (0.8 * random.NextDouble()) > 0 ? 1 : -1)),
        ]);
        random = new Random(3);
        _ = Enumerable.Range(0, 30).Select(_ => random.NextDouble()).ToArray();
        var other = GainPredictor.Fit([
            .. numbers.Select((x, i) => Example($"{i}", 5 + (1000 * x), x - (0.8 * random.NextDouble()) > 0 ? 1 : -1)),
        ]);

        Assert.Equal(one.Coefficients[0], other.Coefficients[0], 1e-9);
    }

    [Fact]
    public void A_predictor_survives_as_json()
    {
        GainExample[] examples = [.. Enumerable.Range(0, 12).Select(i => Example($"{i}", i % 7, i % 3 - 1))];
        var predictor = GainPredictor.Fit(examples);

        var read = JsonSerializer.Deserialize<GainPredictor>(JsonSerializer.Serialize(predictor))!;

        Assert.All(
            examples,
            example => Assert.Equal(predictor.Probability(example.Features), read.Probability(example.Features))
        );
    }

    [Fact]
    public void One_outcome_alone_and_features_unknown_are_refused()
    {
        Assert.Contains(
            "2 of 2",
            Assert.Throws<ArgumentException>(() => GainPredictor.Fit([Example("a", 1, 1), Example("b", 2, 1)])).Message
        );
        var predictor = GainPredictor.Fit([Example("a", 1, 1), Example("b", 2, -1)]);
        var strange = new GainFeatures("a", "b", new Dictionary<string, double> { ["y"] = 1 });
        Assert.Contains("'x'", Assert.Throws<ArgumentException>(() => predictor.Probability(strange)).Message);
    }

    /// <summary>
    /// A main task gains where its own loss stands still early while the other still falls, and the other's labels are even: the finding of
    /// the paper, with noise. Curves and labels are drawn, so the features are measured as they would be.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Gains_that_follow_from_plateaus_and_entropy_are_told_of_pairs_not_seen(int seed)
    {
        var random = new Random(seed);
        var tasks = Enumerable.Range(0, 10).Select(i => Drawn($"task {i}", random)).ToArray();
        GainExample[] examples =
        [
            .. GainFeatures
                .OfAll(tasks)
                .Select(pair => new GainExample(
                    pair,
                    (800 * (pair.Values["main slope at 20 %"] - pair.Values["auxiliary slope at 20 %"]))
                        + pair.Values["auxiliary label entropy"]
                        - 1.1
                        + (0.4 * (random.NextDouble() - 0.5))
                )),
        ];

        var evaluation = GainPredictor.LeaveOneOut(examples);
        var apart = GainPredictor.LeaveOneOut(examples, apart: pair => pair.Main);

        output.WriteLine(
            $"accuracy {evaluation.Accuracy:0.00} leaving out pairs, {apart.Accuracy:0.00} whole tasks, {evaluation.MajorityAccuracy:0.00} by always saying the same"
        );

        Assert.Equal(90, examples.Length);
        Assert.InRange(evaluation.MajorityAccuracy, 0.5, 0.7);
        Assert.True(evaluation.Accuracy >= 0.85, $"{evaluation.Accuracy} against {evaluation.MajorityAccuracy}");
        Assert.True(apart.Accuracy >= 0.75, $"whole tasks apart: {apart.Accuracy}");
        Assert.True(apart.Accuracy <= evaluation.Accuracy + 0.05);
        Assert.True(evaluation.F1 >= 0.8);
    }

    [Fact]
    public void Gains_by_chance_are_not_told()
    {
        var random = new Random(5);
        var tasks = Enumerable.Range(0, 10).Select(i => Drawn($"task {i}", random)).ToArray();
        GainExample[] examples =
        [
            .. GainFeatures.OfAll(tasks).Select(pair => new GainExample(pair, random.NextDouble() - 0.5)),
        ];

        Assert.InRange(GainPredictor.LeaveOneOut(examples).Accuracy, 0.3, 0.65);
    }

    [Fact]
    public void The_affinity_is_the_probability_of_each_pair()
    {
        var predictor = GainPredictor.Fit([
            .. Enumerable
                .Range(0, 12)
                .Select(i => new GainExample(
                    GainFeatures.Of(Task("a", ("x", i)), Task("b", ("x", 12 - i))),
                    i % 4 == 0 ? i - 6 : 6 - i
                )),
        ]);
        TaskFeatures[] tasks = [Task("low", ("x", 1)), Task("high", ("x", 9))];

        var affinity = predictor.Affinity(tasks);

        Assert.Equal(predictor.Probability(GainFeatures.Of(tasks[0], tasks[1])), affinity[0, 1]);
        Assert.Equal(predictor.Probability(GainFeatures.Of(tasks[1], tasks[0])), affinity[1, 0]);
        Assert.NotEqual(affinity[0, 1], affinity[1, 0]);
        Assert.Equal(3, predictor.Ranked().Count);
    }

    private static TaskFeatures Drawn(string name, Random random)
    {
        var curve = new LogarithmicCurve(
            -0.1 - (0.5 * random.NextDouble()),
            Math.Exp(-6 + (6 * random.NextDouble())),
            3
        );
        double[] steps = [.. Enumerable.Range(1, 100).Select(i => 10.0 * i)];
        double[] losses = [.. steps.Select(step => curve.At(step) + (0.0005 * (random.NextDouble() - 0.5)))];
        var exponent = 3 * random.NextDouble();
        var labels = LabelDistribution.OfCounts([
            .. Enumerable.Range(1, 3 + random.Next(8)).Select(k => 1 + (long)(1000 / Math.Pow(k, exponent))),
        ]);
        return TaskFeatures.Of(name, labels, new LearningCurve(steps, losses));
    }

    private static GainExample Example(string name, double x, double gain) =>
        new(new GainFeatures(name, "other", new Dictionary<string, double> { ["x"] = x }), gain);

    private static TaskFeatures Task(string name, params (string Name, double Value)[] values) =>
        new(name, values.ToDictionary(pair => pair.Name, pair => pair.Value));

    private static (double[][] Rows, bool[] Outcomes) Noisy(Random random, int count, int width)
    {
        double[][] rows =
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => Enumerable.Range(0, width).Select(_ => (4 * random.NextDouble()) - 2).ToArray()),
        ];
        return (rows, [.. rows.Select(row => row[0] - row[1] + (2 * random.NextDouble()) - 1 > 0)]);
    }
}
