using Plait.Data;
using Plait.Tasks;
using Plait.Tests.Training;

namespace Plait.Tests.Data;

/// <summary>Batches in which two tasks look at the same rows and a third at its own.</summary>
[Collection("torch")]
public sealed class InputGroupsTests
{
    private static readonly TaskSet Tasks = SmallRuns.Tasks;

    [Fact]
    public void Tasks_that_are_given_the_same_input_are_one_group()
    {
        using var scope = torch.NewDisposeScope();

        Assert.Equal(["4: 0,2", "6: 1"], Text(Mixed()));
        Assert.Equal(["6: 1"], [.. Mixed().GroupsOf(Tasks.Select(1)).Select(Text)]);
        Assert.Equal(["4: 2", "6: 1"], [.. Mixed().GroupsOf(Tasks.Select(1, 2)).Select(Text)]);
    }

    [Fact]
    public void Inputs_without_targets_are_groups_too_and_tasks_without_a_label_are_told()
    {
        using var scope = torch.NewDisposeScope();
        var batch = Mixed();
        BatchInput[] inputs = [batch.BatchInputOf(0), batch.BatchInputOf(1), batch.BatchInputOf(2)];
        var targets = Tasks.All.Indices.ToArray().Select(batch.TargetOf).ToArray();
        targets[1] = TaskTarget.FromRaw(torch.full(6, float.NaN));

        Assert.Equal(["4: 0,2", "6: 1"], Text(MultiTaskBatch.Unlabelled(Tasks.All, inputs)));
        Assert.Equal([0, 2], MultiTaskBatch.PerTask(Tasks.All, inputs, targets).LabelledTasks.Indices.ToArray());
    }

    [Fact]
    public void A_share_a_move_and_a_join_keep_the_groups()
    {
        using var scope = torch.NewDisposeScope();
        var batch = Mixed();

        Assert.Equal(["2: 0,2", "3: 1"], Text(batch.Share(0.5)));
        Assert.Equal(["4: 0,2", "6: 1"], Text(batch.To(torch.META)));
        Assert.Equal(["4: 0,2", "6: 1"], Text(batch.To(torch.CPU, ScalarType.Float64)));
        Assert.Same(batch, batch.To(torch.CPU, ScalarType.Float32));
        Assert.Equal(["8: 0,2", "12: 1"], Text(MultiTaskBatch.Join([batch, Mixed()])));
    }

    [Fact]
    public void Tasks_of_a_mixed_batch_say_what_they_would_say_alone()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network(dropout: 0);
        var batch = Mixed();

        var outputs = network.Forward(batch, Tasks.All, cut: true);

        Assert.Null(outputs.Representation);
        for (var task = 0; task < Tasks.Count; task++)
        {
            var alone = network.Forward(MultiTaskBatch.Unlabelled(Tasks.All, batch.InputOf(task)), Tasks.All);
            Assert.True(outputs[task].allclose(alone[task]));
        }
    }

    private static MultiTaskBatch Mixed()
    {
        using var generator = new torch.Generator(4, torch.CPU);
        BatchInput common = torch.randn([4, SmallRuns.Inputs], generator: generator);
        BatchInput own = torch.randn([6, SmallRuns.Inputs], generator: generator);
        TaskTarget[] targets =
        [
            TaskTarget.Of(torch.zeros(4)),
            TaskTarget.Of(torch.zeros(6)),
            TaskTarget.Of(torch.zeros(4, ScalarType.Int64)),
        ];
        return MultiTaskBatch.PerTask(Tasks.All, [common, own, common], targets);
    }

    private static string[] Text(MultiTaskBatch batch) => [.. batch.Groups.Select(Text)];

    private static string Text(InputGroup group) =>
        $"{group.Input.Rows}: {string.Join(",", group.Tasks.Indices.ToArray())}";
}
