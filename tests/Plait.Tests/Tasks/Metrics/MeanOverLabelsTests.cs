using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks.Metrics;

public sealed class MeanOverLabelsTests
{
    [Fact]
    public void Each_label_counts_alike_and_one_without_a_value_not_at_all()
    {
        using var scope = torch.NewDisposeScope();
        float[,] outputs =
        {
            { 1, -1, -1 },
            { 1, -1, -1 },
            { 1, 1, -1 },
            { -1, 1, -1 },
        };
        float[,] targets =
        {
            { 1, 0, 0 },
            { 1, 1, 0 },
            { 0, 1, 0 },
            { float.NaN, 0, 0 },
        };
        var (output, target) = (torch.tensor(outputs), TaskTarget.FromRaw(torch.tensor(targets)));

        // Of the three present targets of the first label two are hits of three predictions; of the second one of two.
        Assert.Equal(((4.0 / 5) + (2.0 / 4)) / 2, Of(new F1(F1Average.Positive), output, target), 1e-12);
        Assert.Equal((0.5 + 0.5) / 2, Of(new AreaUnderRoc(), output, target), 1e-12);
    }

    [Fact]
    public void Batches_and_weights_count_as_in_the_metric_of_one_label()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new torch.Generator(3);
        var output = torch.randn([30, 2], generator: generator);
        var values = torch.rand([30, 2], generator: generator).gt(0.5).to(ScalarType.Float32);
        var target = TaskTarget.Of(values).Weighted(torch.rand(30, generator: generator).add(0.1));
        Metric log = new LogLoss();
        double[] alone =
        [
            .. Enumerable
                .Range(0, 2)
                .Select(label =>
                {
                    var one = log.Start(new Binary());
                    one.Add(output.narrow(1, label, 1), target.Map(all => all.narrow(1, label, 1)));
                    return one.Compute();
                }),
        ];

        var both = new MeanOverLabels(log).Start(new MultiLabel(2));
        both.Add(output.narrow(0, 0, 20), target.Map(all => all.narrow(0, 0, 20)));
        both.Add(output.narrow(0, 20, 10), target.Map(all => all.narrow(0, 20, 10)));

        Assert.Equal(alone.Average(), both.Compute(), 1e-12);
    }

    [Fact]
    public void A_label_that_is_lost_does_not_vanish_from_the_mean()
    {
        using var scope = torch.NewDisposeScope();
        var target = TaskTarget.Of(
            torch.tensor(
                new float[,]
                {
                    { 1, 0, 1 },
                    { 0, 1, 0 },
                }
            )
        );
        var output = torch.zeros(2, 3);
        Assert.True(double.IsFinite(Of(new LogLoss(), output, target)));

        output[0, 1] = torch.tensor(float.NaN);
        Assert.Equal(double.NaN, Of(new LogLoss(), output, target));
    }

    [Fact]
    public void It_judges_labels_and_says_so_of_nothing_else()
    {
        Metric metric = new MeanOverLabels(new F1(F1Average.Positive));

        Assert.True(metric.Judges(new MultiLabel(3)));
        Assert.False(metric.Judges(new Categorical(3)));
        Assert.False(new MeanOverLabels(new MeanSquaredError()).Judges(new Numeric()));
        Assert.Equal("f1 by label", Metric.Parse("f1-by-label").Name);
        Assert.Equal(double.NaN, metric.Start(new MultiLabel(2)).Compute());
    }

    private static double Of(Metric metric, Tensor output, TaskTarget target)
    {
        var accumulator = new MeanOverLabels(metric).Start(new MultiLabel(3));
        accumulator.Add(output, target);
        return accumulator.Compute();
    }
}
