using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks;

public sealed class DeltaMTests
{
    private static readonly TaskSet Two = new(
        LearningTask.Classification("label", classes: 3),
        LearningTask.Regression("depth")
    );

    private static readonly TaskMetrics Baseline = Values([0.8], [2.0, 1.0]);

    [Fact]
    public void Metrics_are_averaged_in_a_task_before_tasks()
    {
        // Accuracy +10%; squared error 20% lower, absolute error 10% higher: (10 + (20 - 10) / 2) / 2.
        var model = Values([0.88], [1.6, 1.1]);

        Assert.Equal(7.5, DeltaM.Compute(model, Baseline), 1e-10);
        Assert.Equal(10, DeltaM.OfTask(model, Baseline, 0), 1e-10);
        Assert.Equal(5, DeltaM.OfTask(model, Baseline, 1), 1e-10);
    }

    [Fact]
    public void The_other_convention_averages_all_metrics_and_lower_is_better()
    {
        var model = Values([0.88], [1.6, 1.1]);

        Assert.Equal(-(10 + 20 - 10) / 3.0, DeltaM.Compute(model, Baseline, DeltaMConvention.MeanOverMetrics), 1e-10);
    }

    [Theory]
    [InlineData(DeltaMConvention.MeanOverTasks)]
    [InlineData(DeltaMConvention.MeanOverMetrics)]
    [InlineData(DeltaMConvention.PrimaryMetrics)]
    public void The_baseline_itself_scores_zero(DeltaMConvention convention) =>
        Assert.Equal(0, DeltaM.Compute(Baseline, Baseline, convention));

    [Fact]
    public void Metrics_with_an_unusable_baseline_are_left_out_and_then_their_task()
    {
        var model = Values([0.88], [1.6, 1.1]);

        Assert.Equal(0, DeltaM.Compute(model, Values([0.8], [0, 1.0])), 1e-10);
        Assert.Equal(10, DeltaM.Compute(model, Values([0.8], [0, double.NaN])), 1e-10);
        Assert.Equal(double.NaN, DeltaM.Compute(model, Values([0], [0, double.NaN])));
        Assert.Equal(double.NaN, DeltaM.OfTask(model, Values([0.8], [0, 0]), 1));
    }

    [Fact]
    public void A_network_without_a_value_never_looks_good() =>
        Assert.Equal(double.NaN, DeltaM.Compute(Values([0.9], [double.NaN, 0.1]), Baseline));

    [Fact]
    public void A_negative_baseline_keeps_the_sign()
    {
        var tasks = new TaskSet(LearningTask.Regression("a", metrics: [new RSquared()]));

        Assert.Equal(
            150,
            DeltaM.Compute(
                new(
                    tasks,
                    [
                        [0.25],
                    ]
                ),
                new(
                    tasks,
                    [
                        [-0.5],
                    ]
                )
            ),
            1e-10
        );
    }

    [Fact]
    public void Published_figures_of_NYUv2_give_the_published_delta()
    {
        // Nash-MTL's table 2: single-task baselines and the row of Nash-MTL, whose delta is -4.04.
        var tasks = new TaskSet(
            Task("segmentation", Higher, Higher),
            Task("depth", Lower, Lower),
            Task("normals", Lower, Lower, Higher, Higher, Higher)
        );
        var single = new TaskMetrics(
            tasks,
            [
                [38.30, 63.76],
                [0.6754, 0.2780],
                [25.01, 19.21, 30.14, 57.20, 69.15],
            ]
        );
        var nash = new TaskMetrics(
            tasks,
            [
                [40.13, 65.93],
                [0.5261, 0.2171],
                [25.26, 20.08, 28.40, 55.47, 68.15],
            ]
        );

        Assert.Equal(-4.04, DeltaM.Compute(nash, single, DeltaMConvention.MeanOverMetrics), 0.01);
    }

    [Fact]
    public void Primary_metrics_alone_count_in_the_dense_survey()
    {
        var model = Values([0.88], [1.6, 1.1]);

        Assert.Equal(15, DeltaM.Compute(model, Baseline, DeltaMConvention.PrimaryMetrics), 1e-10);
        Assert.Equal(10, DeltaM.Compute(model, Values([0.8], [0, 1]), DeltaMConvention.PrimaryMetrics), 1e-10);
    }

    [Theory]
    [InlineData(44.4, 0.587, 0.41)]
    [InlineData(44.2, 0.570, 1.61)]
    [InlineData(44.2, 0.573, 1.38)]
    [InlineData(45.0, 0.584, 1.32)]
    public void Published_figures_of_NYUD_give_the_published_delta(double segmentation, double depth, double delta)
    {
        // Vandenhende et al. 2021, ResNet-50: hard sharing, cross-stitch, NDDR-CNN and MTAN against single tasks; rounded figures.
        var tasks = new TaskSet(Task("segmentation", Higher), Task("depth", Lower));
        var single = new TaskMetrics(
            tasks,
            [
                [43.9],
                [0.585],
            ]
        );
        var model = new TaskMetrics(
            tasks,
            [
                [segmentation],
                [depth],
            ]
        );

        Assert.Equal(delta, DeltaM.Compute(model, single, DeltaMConvention.PrimaryMetrics), 0.03);
    }

    [Fact]
    public void Each_convention_is_labelled_with_its_direction()
    {
        var better = Values([0.88], [1.6, 0.9]);
        foreach (var convention in Enum.GetValues<DeltaMConvention>())
        {
            var higher = DeltaM.HigherIsBetter(convention);
            Assert.Equal(higher, DeltaM.Compute(better, Baseline, convention) > 0);
            Assert.EndsWith(
                higher ? "(higher is better)" : "(lower is better)",
                DeltaM.Label(convention),
                StringComparison.Ordinal
            );
        }

        Assert.Equal(3, Enum.GetValues<DeltaMConvention>().Select(DeltaM.Label).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => DeltaM.Compute(better, Baseline, (DeltaMConvention)9));
    }

    [Fact]
    public void Values_of_other_tasks_are_refused()
    {
        var other = new TaskMetrics(
            new TaskSet(LearningTask.Binary("a")),
            [
                [0.5],
            ]
        );

        var error = Assert.Throws<ArgumentException>(() => DeltaM.Compute(other, Baseline));

        Assert.Contains("label (accuracy)", error.Message, StringComparison.Ordinal);
    }

    private const bool Higher = true;
    private const bool Lower = false;

    private static TaskMetrics Values(params double[][] values) => new(Two, values);

    private static LearningTask Task(string name, params bool[] directions) =>
        LearningTask.Regression(name, metrics: [.. directions.Select((higher, i) => new Named($"m{i}", higher))]);

    private sealed class Named(string name, bool higherIsBetter) : Metric
    {
        public override string Name => name;

        public override bool HigherIsBetter => higherIsBetter;

        public override MetricAccumulator Start(Answer answer) => throw new NotSupportedException();
    }
}
