using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>Data that cannot be learned from is refused, by the task's name, the value and the remedy, before anything is trained.</summary>
[Collection("torch")]
public sealed class DataFaultTests
{
    [Theory]
    [InlineData(2f, "2 in row 3")]
    [InlineData(-1f, "-1 in row 3")]
    [InlineData(float.NaN, "NaN in row 3")]
    public void Yes_or_no_is_0_or_1(float value, string shown)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var task in new[] { LearningTask.Binary("churn"), LearningTask.Edges("churn") })
        {
            Refuse(task, torch.tensor(new[] { 0f, 1, 0.5f, value }), "Task 'churn'", shown, "0 means no and 1 yes");
        }
    }

    [Theory]
    [InlineData(3, "3 in row 2")]
    [InlineData(-1, "-1 in row 2")]
    public void A_class_number_is_one_of_the_classes(long value, string shown)
    {
        using var scope = torch.NewDisposeScope();
        var labels = torch.tensor(new[] { 0L, 2, value });

        Refuse(LearningTask.Classification("kind", 3), labels, "Task 'kind'", shown, "0 to 2", "FromRaw");
        using var data = TensorData.Shared(
            new TaskSet(LearningTask.Classification("kind", 3)),
            torch.ones(3, 1),
            [TaskTarget.FromRaw(labels, ignoreIndex: 3)]
        );
        Assert.Equal(2, data.TargetOf(0).PresentCount);
    }

    [Fact]
    public void A_class_number_out_of_range_is_named_in_a_loop_of_one_s_own_too()
    {
        using var scope = torch.NewDisposeScope();
        var target = TaskTarget.Of(torch.tensor(new[] { 0L, 7 }));

        var fault = Assert.Throws<ArgumentException>(() =>
            LearningTask.Classification("kind", 3).Loss.Compute(torch.ones(2, 3), target)
        );

        Assert.Contains("7 in row 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Class_numbers_are_whole_and_numbers_finite()
    {
        using var scope = torch.NewDisposeScope();
        Refuse(LearningTask.Classification("kind", 3), torch.ones(3), "Task 'kind'", "Float32", "FromRaw");
        Refuse(
            LearningTask.Regression("price"),
            torch.tensor(new[] { 1, float.NaN }),
            "Task 'price'",
            "NaN in row 1",
            "FromRaw"
        );
    }

    [Theory]
    [InlineData(float.NaN, "NaN in row 2")]
    [InlineData(float.NegativeInfinity, "-Infinity in row 2")]
    public void Inputs_are_finite(float value, string shown)
    {
        using var scope = torch.NewDisposeScope();
        var input = torch.ones(4, 3);
        input[2, 1] = torch.tensor(value);
        var tasks = new TaskSet(LearningTask.Regression("a"), LearningTask.Regression("b"));
        var target = TaskTarget.Of(torch.ones(4));

        Says(() => TensorData.Shared(tasks, input, [target, target]), "all tasks", shown, "fill in");
        Says(
            () => TensorData.PerTask(tasks, [torch.ones(4, 3), input], [target, target]),
            "task 'b'",
            shown,
            "fill in"
        );
        // Huge numbers whose sum is beyond their precision are finite.
        TensorData.Shared(tasks, torch.full([4, 3], 3e38f), [target, target]).Dispose();
    }

    [Fact]
    public void Stored_targets_are_looked_at_when_they_are_read()
    {
        using var data = new Stored(new TaskSet(LearningTask.Binary("churn")));
        using var source = data.Batches(2);

        Says(() => source.Read(data.Tasks.All, [1]), "Task 'churn'", "2 in row 0");
    }

    [Fact]
    public void Doubles_train_as_the_single_precision_of_the_network()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallRuns.Data(40);
        TaskTarget[] targets = [.. Enumerable.Range(0, 3).Select(data.TargetOf)];
        using var doubled = TensorData.Shared(SmallRuns.Tasks, data.Input.to(ScalarType.Float64), targets);

        Assert.Equal(Trained(data), Trained(doubled));

        static byte[] Trained(TensorData data)
        {
            using var network = SmallRuns.Network(dropout: 0);
            using var source = data.Batches(8, shuffleSeed: 1);
            new Trainer(network, new Recipe { Epochs = 2 }).Fit(source, source);
            return SmallRuns.Bits(network);
        }
    }

    [Fact]
    public void Rows_of_another_width_are_named_with_the_one_that_the_network_has()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallRuns.Data(40);
        TaskTarget[] targets = [.. Enumerable.Range(0, 3).Select(data.TargetOf)];
        using var wide = TensorData.Shared(SmallRuns.Tasks, torch.ones(40, SmallRuns.Inputs + 1), targets);
        using var network = SmallRuns.Network();
        using var source = wide.Batches(8);
        var before = SmallRuns.Bits(network);

        Says(() => new Trainer(network, new Recipe()).Fit(source), "Task 'sum'", "[7]", "[6]", "InputSpec");
        Says(() => Evaluator.Evaluate(network, source), "Task 'sum'", "[7]", "[6]");
        Assert.Equal(before, SmallRuns.Bits(network));
    }

    [Fact]
    public void Images_of_another_number_of_channels_are_named_too()
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Regression("a"));
        using var data = TensorData.Shared(tasks, torch.ones(4, 1, 32, 32), [TaskTarget.Of(torch.ones(4))]);
        using var network = new HardSharing(tasks, new ResNet18([3, 32, 32], ResNetStem.Cifar, width: 4));
        using var source = data.Batches(4);

        Says(() => new Trainer(network, new Recipe()).Fit(source), "[1, 32, 32]", "[3, 32, 32]");
    }

    private static void Refuse(LearningTask task, Tensor values, params string[] fragments) =>
        Says(
            () => TensorData.Shared(new TaskSet(task), torch.ones(values.size(0), 1), [TaskTarget.Of(values)]),
            fragments
        );

    private static void Says(Action action, params string[] fragments)
    {
        var fault = Assert.ThrowsAny<ArgumentException>(action);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.All(fragments, fragment => Assert.Contains(fragment, fault.Message, StringComparison.Ordinal));
    }

    private static void Says(Func<object> action, params string[] fragments) =>
        Says(
            () =>
            {
                _ = action();
            },
            fragments
        );

    private sealed class Stored(TaskSet tasks) : StoredData(RowStreams.Shared(tasks))
    {
        public override InputSpec InputSpecOf(int task) => new VectorInput(1);

        public override long RowsOf(int task) => 4;

        public override BatchInput ReadInput(int task, long row) => torch.ones(1, 1);

        public override Tensor ReadTarget(int task, long row) => torch.tensor(row < 2 ? row : 2f);
    }
}
