using Plait.Catalogue;
using Plait.Networks;
using Plait.Networks.CrossTalk;
using Plait.Networks.Encoders;
using Plait.Networks.SingleTasking;
using Plait.Tasks;
using Plait.Tests.Optimization;
using Plait.Training;
using static Plait.Tests.Networks.ArchitectureCases;

namespace Plait.Tests.Networks.CrossTalk;

/// <summary>What all architectures with one network a task have in common.</summary>
[Collection("torch")]
public sealed class JoinedTowersTests
{
    private static readonly TaskSet Tasks = TasksOf("hps on maps");

    public static TheoryData<string> Makes => ["cross-stitch", "nddr-cnn", "nddr-cnn with shortcut", "sluice"];

    [Theory]
    [InlineData(JoinPlaces.Every, new[] { 0, 1, 2, 3 })]
    [InlineData(JoinPlaces.Blocks, new[] { 1, 2, 3 })]
    [InlineData(JoinPlaces.Resizing, new[] { 0, 2 })] // the third stage of blocks dilates
    public void Networks_are_joined_after_the_stages_that_were_chosen(JoinPlaces join, int[] stages)
    {
        using var network = new CrossStitch(Tasks, Encoder(), join: join);
        Assert.Equal(stages, network.Joins);
    }

    [Theory]
    [InlineData("cross-stitch")]
    [InlineData("nddr-cnn")]
    [InlineData("sluice")]
    public void What_comes_after_the_last_join_belongs_to_its_task(string make)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Make(make, JoinPlaces.Resizing);
        using var batch = Batch(Tasks.All);
        for (var task = 0; task < 3; task++)
        {
            network.zero_grad();
            Scalar(network.Forward(batch, Tasks.All)[task]).backward();
            Assert.All(network.ParametersOf(task), parameter => Assert.True(IsReached(parameter)));
            Assert.All(network.SharedParameters, parameter => Assert.True(IsReached(parameter)));
            foreach (var other in Enumerable.Range(0, 3).Where(other => other != task))
            {
                Assert.All(network.ParametersOf(other), parameter => Assert.False(IsReached(parameter)));
            }
        }

        using var storage = NetworkStorage.Create(network);
        Assert.True(network.ParametersOf(0).Sum(parameter => parameter.numel()) > 16 * 16 * 9);
    }

    [Theory]
    [MemberData(nameof(Makes))]
    public void Networks_that_listen_to_none_but_themselves_answer_as_the_trained_ones_that_they_start_from(string make)
    {
        using var scope = torch.NewDisposeScope();
        using var single = Trained();
        using var network = Make(make, own: 1);
        network.StartFrom(single);
        network.eval();
        using var batch = Batch(Tasks.All);
        var (expected, actual) = (single.Forward(batch, Tasks.All), network.Forward(batch, Tasks.All));
        for (var task = 0; task < 3; task++)
        {
            // Normalisation by the statistics that NDDR starts with divides by the root of 1 + 1e-5.
            Assert.Equal(
                !make.EndsWith("shortcut", StringComparison.Ordinal),
                expected[task].allclose(actual[task], 1e-3, 1e-4)
            );
        }
    }

    [Fact]
    public void Encoders_alone_can_be_taken_over_too()
    {
        using var scope = torch.NewDisposeScope();
        using var single = Trained();
        using var network = Make("cross-stitch", own: 1);
        using var storage = NetworkStorage.Create(network); // values go where the optimizer looks for them
        network.StartFrom([.. Enumerable.Range(0, 3).Select(single.EncoderOf)]);
        network.eval();
        using var batch = Batch(Tasks.All);
        var (expected, actual) = (single.Forward(batch, Tasks.All), network.Forward(batch, Tasks.All));
        Assert.True(expected.FeaturesOf(2)!.Values.allclose(actual.FeaturesOf(2)!.Values, 1e-5, 1e-5));
        Assert.False(expected[2].allclose(actual[2])); // heads of its own
    }

    [Theory]
    [MemberData(nameof(Makes))]
    public void A_network_of_each_task_alone_can_be_taken_over_in_any_order(string make)
    {
        using var scope = torch.NewDisposeScope();
        using var together = Trained();
        SingleTask[] alone = [.. Enumerable.Range(0, 3).Reverse().Select(task => Alone(together, task))];
        torch.manual_seed(11);
        using var network = Make(make);
        torch.manual_seed(11);
        using var other = Make(make);

        network.StartFrom(alone);
        other.StartFrom(together);

        Assert.All(
            network.state_dict().Zip(other.state_dict()),
            pair => Assert.True(pair.First.Value.eq(pair.Second.Value).all().item<bool>(), pair.First.Key)
        );
        var missing = Assert.Throws<ArgumentException>(() => network.StartFrom(alone[..2]));
        Assert.Contains("No trained network of task 'class'", missing.Message, StringComparison.Ordinal);
        Array.ForEach(alone, one => one.Dispose());
    }

    [Theory]
    [InlineData("sgd:momentum=0,learning-rate=0.001", 100)]
    [InlineData("adam", 1)]
    [InlineData("adamw:weight-decay=0", 1)]
    public void Joins_step_a_hundred_times_as_far_with_plain_descent_and_as_far_as_the_rest_with_adam(
        string optimizer,
        double times
    )
    {
        using var scope = torch.NewDisposeScope();
        using var network = new CrossStitch(Tasks, Encoder());
        var storage = network.Storage;
        var recipe = new Recipe { Optimizer = MethodCatalog.Create<OptimizerFactory>(optimizer) };
        using var run = new RunOptimizer(recipe, network);
        var (stitch, encoder) = (network.StitchOf(0, 0), network.SharedParameters.First(one => one.dim() == 4));
        var (before, filters) = (stitch.clone(), encoder.clone());

        storage.Gradients.fill_(1);
        run.Step(StepContexts.At(), () => torch.zeros(1));

        Assert.Equal(0.001 * times, before.sub(stitch).mean().item<float>(), 1e-5);
        Assert.Equal(0.001, filters.sub(encoder).mean().item<float>(), 1e-5);
    }

    [Fact]
    public void What_was_built_otherwise_is_refused_by_name()
    {
        using var network = Make("cross-stitch");
        using var wider = new TinyResNet([3, 16, 16], width: 8, stages: 3, blocks: 1);
        using var shallower = new TinyResNet([3, 16, 16], width: 4, stages: 2, blocks: 1);
        var shape = Assert.Throws<ArgumentException>(() => network.StartFrom([wider, wider, wider]));
        Assert.Contains("the encoder of task 'class'", shape.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => network.StartFrom([shallower, shallower, shallower]));
        Assert.Throws<ArgumentException>(() => network.StartFrom([wider]));
    }

    [Fact]
    public void No_stage_that_resizes_leaves_nowhere_to_join()
    {
        var encoder = new ResNet18([3, 16, 16], ResNetStem.Cifar, width: 2, outputStride: 1, pool: false);
        var refused = Assert.Throws<ArgumentException>(() => new Nddr(Tasks, encoder, join: JoinPlaces.Resizing));
        Assert.Contains("join=blocks", refused.Message, StringComparison.Ordinal);
    }

    private static bool IsReached(TorchSharp.Modules.Parameter parameter) =>
        parameter.grad is { } gradient && gradient.abs().max().item<float>() > 0;

    private static TinyResNet Encoder() => new([3, 16, 16], width: 4, stages: 3, blocks: 1);

    private static JoinedTowers Make(string make, JoinPlaces join = JoinPlaces.Blocks, double own = 0.9) =>
        make switch
        {
            "cross-stitch" => new CrossStitch(Tasks, Encoder(), own, join: join),
            "sluice" => new Sluice(Tasks, Encoder(), own: own, last: own, join: join),
            _ => new Nddr(
                Tasks,
                Encoder(),
                own,
                shortcut: make.EndsWith("shortcut", StringComparison.Ordinal),
                join: join
            ),
        };

    private static SingleTask Alone(SingleTask together, int task)
    {
        var alone = new SingleTask(new TaskSet(Tasks[task]), Encoder());
        ModuleState.Copy(together.EncoderOf(task), alone.EncoderOf(0), "the encoder");
        ModuleState.Copy(together.HeadOf(task), alone.HeadOf(0), "the head");
        return alone;
    }

    /// <summary>Networks whose parameters and statistics are not those of a fresh one.</summary>
    private static SingleTask Trained()
    {
        torch.manual_seed(11);
        var single = new SingleTask(Tasks, Encoder());
        single.train();
        using (torch.no_grad())
        {
            using var batch = Batch(Tasks.All, rows: 16);
            single.Forward(batch, Tasks.All);
        }

        single.eval();
        return single;
    }
}
