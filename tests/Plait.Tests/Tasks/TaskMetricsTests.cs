using System.Text.Json;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks;

public sealed class TaskMetricsTests
{
    private static readonly TaskSet Tasks = new(LearningTask.Binary("churn"), LearningTask.Regression("price"));

    [Fact]
    public void Values_are_found_by_names_and_places()
    {
        var metrics = new TaskMetrics(
            Tasks,
            [
                [0.7],
                [4, 1.5],
            ]
        );

        Assert.Equal(1.5, metrics[1, 1]);
        Assert.Equal(1.5, metrics["price", "mae"]);
        Assert.Equal(4, metrics.Primary("price"));
        Assert.Equal(0.7, metrics.Primary(0));
        Assert.Equal([4, 1.5], metrics.Of(1).ToArray());
        Assert.Equal("churn: auc 0.7; price: mse 4, mae 1.5", metrics.ToString());
    }

    [Fact]
    public void Unknown_names_are_answered_with_those_there_are()
    {
        var metrics = new TaskMetrics(
            Tasks,
            [
                [0.7],
                [4, 1.5],
            ]
        );

        var error = Assert.Throws<KeyNotFoundException>(() => metrics["price", "auc"]);

        Assert.Contains("mse, mae", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_value_is_wanted_for_each_metric()
    {
        Assert.Throws<ArgumentException>(() =>
            new TaskMetrics(
                Tasks,
                [
                    [0.7],
                ]
            )
        );
        Assert.Throws<ArgumentException>(() =>
            new TaskMetrics(
                Tasks,
                [
                    [0.7],
                    [4],
                ]
            )
        );
    }

    [Fact]
    public void Json_keeps_order_and_values_and_undefined_is_null()
    {
        var metrics = new TaskMetrics(
            Tasks,
            [
                [double.NaN],
                [4, 1.5],
            ]
        );

        var json = JsonSerializer.Serialize(metrics.ToDictionary());
        var table = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, double?>>>(json)!;
        var back = TaskMetrics.FromDictionary(
            Tasks,
            table.ToDictionary(pair => pair.Key, pair => (IReadOnlyDictionary<string, double?>)pair.Value)
        );

        Assert.Equal("""{"churn":{"auc":null},"price":{"mse":4,"mae":1.5}}""", json);
        Assert.Equal(double.NaN, back.Primary("churn"));
        Assert.Equal([4, 1.5], back.Of(1).ToArray());
    }

    [Fact]
    public void Mean_is_taken_metric_by_metric()
    {
        var mean = TaskMetrics.Mean(
            new(
                Tasks,
                [
                    [0.6],
                    [4, 1],
                ]
            ),
            new(
                Tasks,
                [
                    [0.8],
                    [2, double.NaN],
                ]
            )
        );

        Assert.Equal(0.7, mean.Primary("churn"), 1e-12);
        Assert.Equal(3, mean.Primary("price"), 1e-12);
        Assert.Equal(double.NaN, mean["price", "mae"]);
        Assert.Throws<ArgumentException>(() => TaskMetrics.Mean());
    }

    [Fact]
    public void An_evaluation_gathers_every_metric_of_every_task()
    {
        using var scope = torch.NewDisposeScope();
        var evaluation = new TaskMetricsAccumulator(Tasks);

        evaluation.Add(0, torch.tensor(new[] { 1f, -1 }).view(2, 1), TaskTarget.Of(torch.tensor(new[] { 1f, 0 })));
        evaluation.Add(1, torch.tensor(new[] { 3f }).view(1, 1), TaskTarget.Of(torch.tensor(new[] { 1f })));
        evaluation.Add(1, torch.tensor(new[] { 3f }).view(1, 1), TaskTarget.Of(torch.tensor(new[] { 3f })));

        Assert.Equal("churn: auc 1; price: mse 2, mae 1", evaluation.Compute().ToString());
    }

    [Fact]
    public void A_task_without_targets_has_undefined_metrics() =>
        Assert.Equal(double.NaN, new TaskMetricsAccumulator(Tasks).Compute().Primary("price"));
}
