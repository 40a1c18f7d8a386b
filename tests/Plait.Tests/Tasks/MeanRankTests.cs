using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Tasks;

public sealed class MeanRankTests
{
    private static readonly TaskSet Two = new(
        LearningTask.Classification("label", classes: 3),
        LearningTask.Regression("depth")
    );

    [Fact]
    public void Ranks_are_averaged_over_all_metrics()
    {
        // Accuracy ranks 1, 2, 3; squared error 2, 3, 1; absolute error 2.5, 1, 2.5.
        var ranks = MeanRank.Compute(Values(0.9, 2, 1), Values(0.8, 3, 0.5), Values(0.7, 1, 1));

        Assert.Equal([5.5 / 3, 6.0 / 3, 6.5 / 3], ranks.Select(rank => rank), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void What_is_best_at_everything_ranks_first_and_a_value_that_is_undefined_last()
    {
        Assert.Equal([1, 2], MeanRank.Compute(Values(0.9, 1, 1), Values(0.8, 2, 2)));
        Assert.Equal(
            [1, 2, 3],
            MeanRank.Compute(Values(0.9, 1, 1), Values(0.8, 2, 2), Values(double.NaN, double.NaN, double.NaN))
        );
    }

    [Fact]
    public void A_metric_that_nobody_has_is_left_out()
    {
        Assert.Equal([1.5, 1.5], MeanRank.Compute(Values(double.NaN, 1, 2), Values(double.NaN, 2, 1)));
        Assert.Equal([double.NaN], MeanRank.Compute(Values(double.NaN, double.NaN, double.NaN)));
    }

    [Fact]
    public void The_order_of_networks_only_orders_the_ranks()
    {
        TaskMetrics[] models = [Values(0.9, 2, 1), Values(0.8, 3, 0.5), Values(0.7, 1, 1)];

        Assert.Equal(MeanRank.Compute(models).Reverse(), MeanRank.Compute([.. models.Reverse()]));
    }

    [Fact]
    public void Nothing_and_other_tasks_are_refused()
    {
        var other = new TaskMetrics(
            new TaskSet(LearningTask.Binary("a")),
            [
                [0.5],
            ]
        );

        Assert.Throws<ArgumentException>(() => MeanRank.Compute());
        Assert.Throws<ArgumentException>(() => MeanRank.Compute(Values(0.9, 2, 1), other));
    }

    private static TaskMetrics Values(double accuracy, double squared, double absolute) =>
        new(
            Two,
            [
                [accuracy],
                [squared, absolute],
            ]
        );
}
