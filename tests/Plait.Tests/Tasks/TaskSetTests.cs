using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Tasks;

public sealed class TaskSetTests
{
    private static readonly TaskSet Tasks = new(
        LearningTask.Regression("price"),
        LearningTask.Binary("churn"),
        LearningTask.Classification("segment", classes: 3)
    );

    [Fact]
    public void Tasks_are_found_by_name_and_place()
    {
        Assert.Equal(1, Tasks.IndexOf("churn"));
        Assert.Same(Tasks[2], Tasks["segment"]);
        Assert.Equal(2, Tasks.IndexOf(Tasks[2]));
        Assert.True(Tasks.Contains("price"));
        Assert.False(Tasks.Contains("Price"));
    }

    [Fact]
    public void Selecting_all_is_the_whole_set()
    {
        Assert.Same(Tasks.All, Tasks.Select(0, 1, 2));
        Assert.Same(Tasks.All, Tasks.All.Where(_ => true));
    }

    [Fact]
    public void Selections_keep_places_and_order()
    {
        var chosen = Tasks.All.Where(place => place != 1);

        Assert.Equal([0, 2], chosen.Indices.ToArray());
        Assert.Equal(["price", "segment"], chosen.Select(task => task.Name));
        Assert.False(chosen.Contains(1));
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Assert.Throws<ArgumentException>(() => new TaskSet());
        var twice = Assert.Throws<ArgumentException>(() =>
            new TaskSet(LearningTask.Binary("a"), LearningTask.Regression("a"))
        );
        Assert.Contains("'a'", twice.Message, StringComparison.Ordinal);
        var unknown = Assert.Throws<KeyNotFoundException>(() => Tasks["prize"]);
        Assert.Contains("price, churn, segment", unknown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Tasks.Select(2, 1));
        Assert.Throws<ArgumentException>(() => Tasks.Select(1, 1));
        Assert.Throws<ArgumentException>(() => Tasks.Select(3));
    }

    [Fact]
    public void A_task_without_a_name_or_with_odd_metrics_is_refused()
    {
        Assert.Throws<ArgumentException>(() => LearningTask.Binary(" "));
        Assert.Throws<ArgumentException>(() => LearningTask.Binary("a", metrics: []));
        Assert.Throws<ArgumentException>(() => LearningTask.Binary("a", metrics: [new Accuracy(), new Accuracy()]));
        Assert.Throws<ArgumentException>(() => LearningTask.Classification("a", 3, classWeights: [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningTask.Classification("a", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new LearningTask("a", new Numeric(0), new SquaredError(), [new Accuracy()])
        );
    }

    [Fact]
    public void Metrics_of_a_task_may_be_chosen()
    {
        Metric[] metrics = [new AreaUnderRoc(), new BalancedAccuracy()];

        var task = LearningTask.Binary("churn", metrics: metrics);

        Assert.Equal("auc", task.PrimaryMetric.Name);
        Assert.Equal(metrics, task.Metrics);
    }
}
