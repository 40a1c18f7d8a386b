using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>What an evaluation scores.</summary>
public sealed class CheckpointSelectionTests
{
    private static readonly TaskSet Tasks = new(LearningTask.Regression("price"), LearningTask.Binary("sold"));

    [Theory]
    [InlineData(0.3, 0.9, 0.3)] // (0.9 - 0.3) / 2: squared error falls, the area under the curve rises
    [InlineData(double.NaN, 0.9, 0.9)]
    [InlineData(0.3, double.NaN, -0.3)]
    [InlineData(double.NaN, double.NaN, double.NaN)]
    public void Primary_metrics_are_averaged_over_the_tasks_that_have_one(double error, double area, double score) =>
        Assert.Equal(score, CheckpointSelection.PrimaryMetric.Score(Tasks, Evaluation(error, area)), 1e-12);

    [Fact]
    public void Losses_are_added_over_the_tasks_that_have_one()
    {
        Assert.Equal(-3, CheckpointSelection.ValidationLoss.Score(Tasks, Evaluation(0, 0, 1, 2)));
        Assert.Equal(-2, CheckpointSelection.ValidationLoss.Score(Tasks, Evaluation(0, 0, double.NaN, 2)));
    }

    private static Evaluation Evaluation(double error, double area, params double[] losses)
    {
        double[] others = [.. Enumerable.Repeat(double.NaN, Tasks[0].Metrics.Count - 1)];
        double[] more = [.. Enumerable.Repeat(double.NaN, Tasks[1].Metrics.Count - 1)];
        return new Evaluation(
            losses,
            new TaskMetrics(
                Tasks,
                [
                    [error, .. others],
                    [area, .. more],
                ]
            )
        );
    }
}
