using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.MultiObjective;
using Plait.Tasks;
using Plait.Tests.Training;
using Plait.Training;
using TorchSharp.Modules;

namespace Plait.Tests.Networks;

/// <summary>How a forward pass goes through the rows of a batch, and where it is cut.</summary>
[Collection("torch")]
public sealed class ForwardTests
{
    [Fact]
    public void A_plain_backward_pass_after_a_training_at_the_representation_reaches_the_encoder()
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallRuns.Data(32);
        using var train = data.Batches(16);
        using var network = SmallRuns.Network(dropout: 0);
        var recipe = new Recipe { Aggregator = new Mgda(GradientLocation.Representation), Epochs = 1 };
        new Trainer(network, recipe).Fit(train);

        network.zero_grad();
        using var batch = MultiTaskBatch.Unlabelled(network.Tasks.All, data.Input);
        network.Forward(batch, network.Tasks.All)[0].square().mean().backward();

        Assert.All(
            network.SharedParameters,
            parameter => Assert.NotEqual(0, parameter.grad!.abs().sum().item<float>())
        );
    }

    [Fact]
    public void Tasks_that_share_their_rows_are_one_group_and_others_one_each()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new Recorder();
        var (first, second) = (torch.zeros(2, 3), torch.ones(4, 3));
        var both = network.Tasks.Select(0, 2);

        network.Forward(MultiTaskBatch.Unlabelled(network.Tasks.All, first), network.Tasks.All);
        network.Forward(MultiTaskBatch.Unlabelled(network.Tasks.All, first), both);
        network.Forward(MultiTaskBatch.PerTask(both, [first, second], [Zeros(2), Zeros(4)]), both);

        Assert.Equal(["2 rows: 0,1,2", "2 rows: 0,2", "2 rows: 0", "4 rows: 2"], network.Heard);
    }

    [Fact]
    public void A_task_without_rows_is_refused_by_name()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new Recorder();
        var batch = MultiTaskBatch.Unlabelled(network.Tasks.Select(0, 1), torch.zeros(2, 3));

        var fault = Assert.Throws<ArgumentException>(() => network.Forward(batch, network.Tasks.All));

        Assert.Contains("'quadrant'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_pass_that_is_asked_to_is_cut()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network();
        var tasks = network.Tasks.All;
        using var batch = MultiTaskBatch.Unlabelled(tasks, torch.randn(4, SmallRuns.Inputs));

        Assert.True(network.Forward(batch, tasks, cut: true).Cuts);
        Assert.False(network.Forward(batch, tasks).Cuts);
        using var noGrad = torch.no_grad();
        Assert.False(network.Forward(batch, tasks, cut: true).Cuts);
    }

    [Fact]
    public void Trunks_of_groups_draw_their_dropout_one_after_the_other_however_rows_are_shared()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var network = new GroupedNetwork(SmallRuns.Tasks, new Mlp(3, [8], dropout: 0.5), ["0-2", "1"]);
        var (input, tasks) = (torch.randn(4, 3), network.Tasks.All);
        using var own = MultiTaskBatch.PerTask(tasks, [input, input, input], [Zeros(4), Zeros(4), Zeros(4)]);
        torch.manual_seed(7);
        var outputs = network.Forward(own, tasks);

        torch.manual_seed(7);
        int[] order = [0, 2, 1];
        Assert.All(
            order,
            task =>
            {
                var features = network.EncoderOf(task).Features(input);
                Assert.Equal(
                    Plait.Torch.Numbers.Read(features),
                    Plait.Torch.Numbers.Read(outputs.FeaturesOf(task)!.Values)
                );
            }
        );
    }

    private static TaskTarget Zeros(long rows) => TaskTarget.Of(torch.zeros(rows));

    /// <summary>Writes down which rows it saw for which tasks.</summary>
    private sealed class Recorder() : MultiTaskNetwork(SmallRuns.Tasks, nameof(Recorder))
    {
        public List<string> Heard { get; } = [];

        public override IEnumerable<Parameter> SharedParameters => [];

        public override IEnumerable<Parameter> ParametersOf(int task) => [];

        protected override void Forward(BatchInput input, TaskSelection tasks, TaskOutputs outputs) =>
            Heard.Add($"{input.Values.size(0)} rows: {string.Join(",", tasks.Indices.ToArray())}");
    }
}
