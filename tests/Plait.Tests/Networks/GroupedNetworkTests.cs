using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Networks;

[Collection("torch")]
public sealed class GroupedNetworkTests
{
    private static readonly TaskSet Tasks = new(
        LearningTask.Regression("a"),
        LearningTask.Regression("b"),
        LearningTask.Regression("c")
    );

    [Fact]
    public void Every_parameter_has_one_owner_and_lone_tasks_share_nothing()
    {
        using var network = new GroupedNetwork(Tasks, new Mlp(4, [5]), ["0-2", "1"]);

        _ = network.Storage;

        Assert.Equal(2, network.SharedParameters.Count());
        Assert.Equal(2, network.ParametersOf(0).Count());
        Assert.Equal(4, network.ParametersOf(1).Count());
    }

    [Fact]
    public void One_group_of_all_learns_as_hard_sharing_does()
    {
        using var data = Data();
        torch.manual_seed(1);
        using var grouped = new GroupedNetwork(Tasks, new Mlp(4, [5]), ["0-1-2"]);
        torch.manual_seed(1);
        using var shared = new HardSharing(Tasks, new Mlp(4, [5]));

        Fit(grouped, data);
        Fit(shared, data);

        Assert.Equal(Values(shared), Values(grouped));
    }

    [Fact]
    public void A_task_of_two_groups_trains_both_and_answers_from_one()
    {
        using var data = Data();
        torch.manual_seed(1);
        using var network = new GroupedNetwork(Tasks, new Mlp(4, [5]), ["0-1", "1-2"], [0, 1, 1]);
        torch.manual_seed(1);
        using var less = new GroupedNetwork(Tasks, new Mlp(4, [5]), ["0-1", "2"]);
        var batch = MultiTaskBatch.Unlabelled(Tasks.All, data.Input);

        network.train();
        var outputs = network.Forward(batch, Tasks.All);
        Assert.Single(outputs.AuxiliaryOutputsOf(1));
        Assert.Empty(outputs.AuxiliaryOutputsOf(0));
        network.eval();
        Assert.Empty(network.Forward(batch, Tasks.All).AuxiliaryOutputsOf(1));

        var before = Values(network);
        Fit(network, data);
        var moved = Values(network).Zip(before, (now, then) => now != then).Count(changed => changed);
        Assert.True(moved > 0.9 * before.Length, $"{moved} of {before.Length} numbers learned");
    }

    [Theory]
    [InlineData("0-1", null)]
    [InlineData("0-1-2-2", null)]
    [InlineData("0-1/x", null)]
    [InlineData("0-1-3/2", null)]
    [InlineData("0-1/2", "0-1-1")]
    [InlineData("0-1/2", "0-0")]
    public void Groups_that_leave_a_task_out_or_name_none_are_refused(string groups, string? serving) =>
        Assert.Throws<ArgumentException>(() =>
            new GroupedNetwork(
                Tasks,
                new Mlp(4, [5]),
                groups.Split('/'),
                serving?.Split('-').Select(int.Parse).ToArray()
            )
        );

    [Fact]
    public void It_is_made_from_text()
    {
        var run = new RunSpecification { Network = "grouped:groups=0-1/1-2,serving=0-0-1", Encoder = "mlp:widths=5" };

        using var network = run.CreateNetwork(Tasks, [4]);

        Assert.IsType<GroupedNetwork>(network);
    }

    private static void Fit(MultiTaskNetwork network, TensorData data)
    {
        using var batches = data.Batches(8, shuffleSeed: 2);
        new Trainer(network, new Recipe { Epochs = 3 }).Fit(batches);
    }

    private static double[] Values(MultiTaskNetwork network) =>
        [.. network.parameters().SelectMany(parameter => Numbers.Read(parameter))];

    private static TensorData Data()
    {
        var random = new torch.Generator(3, torch.CPU);
        var input = torch.randn(40, 4, generator: random);
        return TensorData.Shared(
            Tasks,
            input,
            [.. Tasks.Select((_, task) => TaskTarget.Of(input.select(1, task).unsqueeze(1)))]
        );
    }
}
