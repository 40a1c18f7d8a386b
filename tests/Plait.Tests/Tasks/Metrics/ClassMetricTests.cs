using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks.Metrics;

public sealed class ClassMetricTests
{
    // Confusion matrix, rows are targets: [[3, 1, 0], [1, 1, 0], [2, 0, 0], [0, 0, 0]].
    private static readonly long[] Targets = [0, 0, 0, 0, 1, 1, 2, 2];
    private static readonly long[] Predictions = [0, 0, 0, 1, 0, 1, 0, 0];

    [Fact]
    public void Worked_example_of_four_classes_of_which_three_occur()
    {
        Assert.Equal(4.0 / 8, OfFour(new Accuracy()), 1e-12);
        Assert.Equal(((3.0 / 4) + (1.0 / 2) + 0) / 3, OfFour(new BalancedAccuracy()), 1e-12);
        Assert.Equal(((6.0 / 10) + (2.0 / 4) + 0) / 3, OfFour(new F1(F1Average.Macro)), 1e-12);
        Assert.Equal(4.0 / 8, OfFour(new F1(F1Average.Micro)), 1e-12);
        // Classes 0 to 2: 3 of 4 + 6 - 3, 1 of 2 + 2 - 1, 0 of 2; class 3 neither occurs nor is predicted.
        Assert.Equal(((3.0 / 7) + (1.0 / 3) + 0) / 3, OfFour(new MeanIntersectionOverUnion()), 1e-12);
    }

    [Fact]
    public void Worked_example_of_yes_and_no()
    {
        // Hits 2, false alarms 1, misses 2, correct rejections 3.
        double[] logits = [2, 1, -1, -2, 3, -1, -2, -3];
        double[] labels = [1, 1, 1, 1, 0, 0, 0, 0];

        Assert.Equal(5.0 / 8, OfLogits(new Accuracy(), logits, labels), 1e-12);
        Assert.Equal(((2.0 / 4) + (3.0 / 4)) / 2, OfLogits(new BalancedAccuracy(), logits, labels), 1e-12);
        Assert.Equal(4.0 / 7, OfLogits(new F1(F1Average.Positive), logits, labels), 1e-12);
        Assert.Equal(((4.0 / 7) + (6.0 / 9)) / 2, OfLogits(new F1(F1Average.Macro), logits, labels), 1e-12);
        Assert.Equal(5.0 / 8, OfLogits(new F1(F1Average.Micro), logits, labels), 1e-12);
    }

    [Fact]
    public void A_constant_prediction_scores_one_over_the_classes_in_balanced_accuracy() =>
        Assert.Equal(0.5, OfLogits(new BalancedAccuracy(), [1, 1, 1, 1], [1, 1, 1, 0]), 1e-12);

    [Fact]
    public void Logits_without_a_channel_axis_are_yes_or_no()
    {
        using var scope = torch.NewDisposeScope();
        var accumulator = new Accuracy().Start(new Binary());

        accumulator.Add(torch.tensor(new[] { 1f, -1 }), TaskTarget.Of(torch.tensor(new[] { 1f, 1 })));

        Assert.Equal(0.5, accumulator.Compute());
    }

    [Fact]
    public void Class_numbers_beyond_the_logits_do_not_count()
    {
        using var scope = torch.NewDisposeScope();
        var output = torch.tensor(
            new[,]
            {
                { 1f, 0 },
                { 1, 0 },
            }
        );
        var target = TaskTarget.Of(torch.tensor(new long[] { 0, 255 }));

        foreach (var metric in new Metric[] { new Accuracy(), new LogLoss() })
        {
            var accumulator = metric.Start(new Categorical(2));
            accumulator.Add(output, target);
            Assert.Equal(metric is Accuracy ? 1 : Math.Log(1 + Math.Exp(-1)), accumulator.Compute(), 1e-6);
        }
    }

    [Fact]
    public void Log_loss_has_its_textbook_values()
    {
        using var scope = torch.NewDisposeScope();
        var accumulator = new LogLoss().Start(new Categorical(3));
        accumulator.Add(
            torch.tensor(
                new[,]
                {
                    { Math.Log(2), 0, 0 },
                    { 0, 0, 0 },
                }
            ),
            TaskTarget.Of(torch.tensor(new long[] { 0, 2 }))
        );

        Assert.Equal((Math.Log(2) + Math.Log(3)) / 2, accumulator.Compute(), 1e-12);
        Assert.Equal(
            (Math.Log(1 + Math.Exp(-2)) + Math.Log(1 + Math.Exp(1)) + 800) / 3,
            OfLogits(new LogLoss(), [2, 1, -800], [1, 0, 1]),
            1e-12
        );
        Assert.Equal(Math.Exp(-50), OfLogits(new LogLoss(), [50], [1]), 1e-36);
    }

    [Fact]
    public void F1_of_positives_refuses_more_than_two_classes() =>
        Assert.Throws<InvalidOperationException>(() => OfFour(new F1(F1Average.Positive)));

    [Fact]
    public void A_change_in_the_number_of_classes_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        var accumulator = new Accuracy().Start(new Categorical(3));
        var target = TaskTarget.Of(torch.zeros(2, ScalarType.Int64));
        accumulator.Add(torch.zeros(2, 3), target);

        Assert.Throws<ArgumentException>(() => accumulator.Add(torch.zeros(2, 4), target));
    }

    [Fact]
    public void Names_find_their_metrics()
    {
        Assert.Equal("macro f1", Metric.Parse("macro-f1").Name);
        Assert.Equal("balanced accuracy", Metric.Parse(" Balanced Accuracy").Name);
        Assert.Equal("log-loss", Metric.Parse("log_loss").Name);
        Assert.All(Metric.All.Concat(Metric.Dense), metric => Assert.Same(metric, Metric.Parse(metric.Name)));
        var near = Assert.Throws<FormatException>(() => Metric.Parse("acuracy"));
        Assert.Equal("There is no metric 'acuracy' (did you mean 'accuracy'?).", near.Message);
        var far = Assert.Throws<FormatException>(() => Metric.Parse("goodness"));
        Assert.Contains("; choose from accuracy, balanced-accuracy, macro-f1", far.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accuracy", true)]
    [InlineData("balanced-accuracy", true)]
    [InlineData("mean-iou", true)]
    [InlineData("abs-err", false)]
    [InlineData("abs-rel", false)]
    [InlineData("sq-rel", false)]
    [InlineData("log-rmse", false)]
    [InlineData("delta1", true)]
    [InlineData("delta2", true)]
    [InlineData("delta3", true)]
    [InlineData("mean-angle", false)]
    [InlineData("median-angle", false)]
    [InlineData("angle-rmse", false)]
    [InlineData("within-11.25", true)]
    [InlineData("within-22.5", true)]
    [InlineData("within-30", true)]
    [InlineData("ods-f", true)]
    [InlineData("ois-f", true)]
    [InlineData("max-f", true)]
    [InlineData("max-iou", true)]
    [InlineData("macro-f1", true)]
    [InlineData("micro-f1", true)]
    [InlineData("f1", true)]
    [InlineData("auc", true)]
    [InlineData("r2", true)]
    [InlineData("log-loss", false)]
    [InlineData("mse", false)]
    [InlineData("rmse", false)]
    [InlineData("mae", false)]
    [InlineData("quadratic-kappa", true)]
    [InlineData("f1-by-label", true)]
    [InlineData("auc-by-label", true)]
    [InlineData("poisson-deviance", false)]
    public void Every_metric_knows_which_way_is_better(string name, bool higher) =>
        Assert.Equal(higher, Metric.Parse(name).HigherIsBetter);

    private static double OfFour(Metric metric)
    {
        using var scope = torch.NewDisposeScope();
        var accumulator = metric.Start(new Categorical(4));
        accumulator.Add(
            torch.nn.functional.one_hot(torch.tensor(Predictions), 4).to(ScalarType.Float32),
            TaskTarget.Of(torch.tensor(Targets))
        );
        return accumulator.Compute();
    }

    private static double OfLogits(Metric metric, double[] logits, double[] labels)
    {
        using var scope = torch.NewDisposeScope();
        var accumulator = metric.Start(new Binary());
        accumulator.Add(torch.tensor(logits).view(-1, 1), TaskTarget.Of(torch.tensor(labels)));
        return accumulator.Compute();
    }
}
