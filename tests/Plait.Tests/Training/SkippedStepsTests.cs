using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Tests.Training;

[Collection("torch")]
public sealed class SkippedStepsTests
{
    [Fact]
    public void A_step_whose_loss_is_not_finite_is_skipped_counted_and_told()
    {
        using var network = SmallRuns.Network(dropout: 0);
        using var source = Poisoned(rows: 40, poisoned: 5);
        var notices = new List<string>();
        var result = new Trainer(network, new Recipe { Epochs = 1 }).Fit(
            source,
            progress: new SmallRuns.Listener(progress =>
                notices.AddRange(progress.Notice is { } notice ? [notice] : [])
            )
        );
        Assert.Equal(1, result.SkippedSteps);
        Assert.Contains(notices, notice => notice.Contains("'sum'", StringComparison.Ordinal));
        Assert.All(network.parameters(), parameter => Assert.True(parameter.isfinite().all().item<bool>()));
    }

    [Fact]
    public void A_skipped_step_leaves_no_trace_in_batch_statistics()
    {
        using var scope = torch.NewDisposeScope();
        var input = torch.randn(8, 3, 32, 32);
        var tasks = new TaskSet(LearningTask.Regression("a"));
        using var data = TensorData.Shared(tasks, input, [TaskTarget.FromRaw(torch.ones(8))]);
        input.narrow(0, 4, 4).fill_(float.NaN); // after the look that data is given when it is made
        using var source = data.Batches(4);
        using var network = new HardSharing(tasks, new ResNet18([3, 32, 32], ResNetStem.Cifar, width: 4));
        var result = new Trainer(network, new Recipe { Epochs = 1 }).Fit(source);
        Assert.Equal(1, result.SkippedSteps);
        Assert.All(network.buffers(), buffer => Assert.True(buffer.isfinite().all().item<bool>()));
    }

    [Fact]
    public void Too_many_bad_steps_in_a_row_end_the_training_with_the_tasks_name()
    {
        using var network = SmallRuns.Network(dropout: 0);
        using var source = Poisoned(rows: 40, poisoned: 40);
        var failure = Assert.Throws<NonFiniteException>(() =>
            new Trainer(network, new Recipe { Epochs = 5, MaxConsecutiveSkips = 3 }).Fit(source)
        );
        Assert.Equal("sum", failure.Task);
        Assert.StartsWith("3 steps in a row could not be taken. The loss of task 'sum'", failure.Message);
        Assert.Contains("--clip-norm", failure.Message, StringComparison.Ordinal);
    }

    private static MultiTaskDataLoader Poisoned(int rows, int poisoned)
    {
        using var scope = torch.NewDisposeScope();
        using var whole = SmallRuns.Data(rows);
        var input = whole.Input.clone();
        var data = TensorData.Shared(SmallRuns.Tasks, input, [.. Enumerable.Range(0, 3).Select(whole.TargetOf)]);
        input.narrow(0, 0, poisoned).fill_(float.PositiveInfinity); // after the look that data is given when it is made
        return data.Batches(5);
    }
}
