using Plait.Data;
using Plait.Tasks;
using Plait.Tasks.Answers;

namespace Plait.Tests.Data;

public sealed class TensorDataTests
{
    [Fact]
    public void Data_outlives_the_scope_and_the_handles_it_was_made_from()
    {
        TensorData data;
        using (torch.NewDisposeScope())
        {
            var input = torch.ones(4, 2);
            data = TensorData.Shared(
                new TaskSet(LearningTask.Regression("y")),
                input,
                [TaskTarget.FromRaw(torch.tensor([1f, float.NaN, 3f, 4f]))]
            );
            input.Dispose();
        }

        using (data)
        {
            Assert.Equal(8, data.Input.sum().item<float>());
            Assert.Equal(3, data.TargetOf(0).PresentCount);
            Assert.Equal(3, data.TargetOf(0).Present!.sum().item<float>());
        }
    }

    [Fact]
    public void Subset_copies_the_rows_in_the_order_given_with_their_marks()
    {
        using var data = SmallData.Shared(10);
        using var subset = data.Subset([7, 2, 2, 9]);

        Assert.Equal([7, 2, 2, 9], SmallData.Numbers(subset.Input));
        Assert.Equal([0, 2, 2, 9], SmallData.Numbers(subset.TargetOf(0).Values));
        Assert.Equal([0, 1, 1, 1], SmallData.Numbers(subset.TargetOf(0).Present!));
        Assert.Equal(3, subset.TargetOf(0).PresentCount);
        Assert.Equal([1007, 1002, 1002, 1009], SmallData.Numbers(subset.TargetOf(1).Values));
    }

    [Fact]
    public void Subset_without_missing_targets_needs_no_marks()
    {
        using var data = SmallData.Shared(10);
        using var subset = data.Subset([2, 3, 5]);

        Assert.Null(subset.TargetOf(0).Present);
        Assert.Equal(3, subset.TargetOf(0).PresentCount);
    }

    [Fact]
    public void Subset_of_tasks_with_own_rows_takes_a_list_for_each()
    {
        using var data = SmallData.PerTask(4, 8);
        using var subset = data.Subset([
            [3L, 0L],
            [5L],
        ]);

        Assert.Equal([3, 0], SmallData.Numbers(subset.InputOf(0)));
        Assert.Equal([1005], SmallData.Numbers(subset.TargetOf(1).Values));
        Assert.Throws<InvalidOperationException>(() => data.Subset([1L]));
        Assert.Throws<InvalidOperationException>(() => data.Rows);
    }

    [Fact]
    public void Subset_of_a_row_that_is_not_there_says_so()
    {
        using var data = SmallData.Shared(10);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => data.Subset([3, 10]));

        Assert.Contains("Row 10", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 to 9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_keeps_the_rows_unless_asked_to_drop_those_without_targets()
    {
        using var data = SmallData.Shared(10);
        using var kept = data.SelectTasks(["some"]);
        using var dropped = data.SelectTasks(["some"], dropUnlabelled: true);
        using var both = data.SelectTasks(["all", "some"], dropUnlabelled: true);

        Assert.Equal(10, kept.Rows);
        Assert.Equal([0, 2, 3, 5, 6, 8, 9], SmallData.Numbers(dropped.Input));
        Assert.Equal([0, 2, 3, 5, 6, 8, 9], SmallData.Numbers(dropped.TargetOf(0).Values));
        Assert.Equal(10, both.Rows);
        Assert.Equal(["some", "all"], both.Tasks.Select(task => task.Name));
    }

    [Fact]
    public void Only_leaves_the_whole_alive_when_it_is_disposed()
    {
        using var data = SmallData.Shared(10);
        data.SelectTasks(["all"]).Dispose();
        data.SelectTasks(["all"], dropUnlabelled: true).Dispose();

        Assert.Equal(45, data.Input.sum().item<float>());
    }

    [Fact]
    public void Only_of_tasks_with_own_rows_keeps_each_task_its_rows()
    {
        using var data = SmallData.PerTask(4, 8);
        using var second = data.SelectTasks(["all"]);

        Assert.Equal(1, second.Streams.Count);
        Assert.Equal(8, second.RowsOf(0));
        Assert.Equal(5000, SmallData.Numbers(second.InputOf(0))[0]);
    }

    [Fact]
    public void Rows_that_do_not_match_are_refused_by_name()
    {
        var tasks = new TaskSet(LearningTask.Regression("price"));
        using var input = torch.ones(4, 2);
        using var target = torch.ones(3);

        var error = Assert.Throws<ArgumentException>(() => TensorData.Shared(tasks, input, [TaskTarget.Of(target)]));

        Assert.Contains("'price'", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TensorData.Shared(tasks, input, []));
    }
}
