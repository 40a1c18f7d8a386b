using Plait.Networks;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.Regularization;
using Plait.Tasks;
using Plait.Tests.Optimization;
using Plait.Tests.Optimization.LossWeighting;
using Plait.Torch;
using Plait.Training;
using TorchSharp.Modules;

namespace Plait.Tests.Training;

/// <summary>Groups of parameters that move at a pace of their own, by an optimizer of their own, now and then or not at all.</summary>
[Collection("torch")]
public sealed class ParameterGroupsTests
{
    private const double Rate = 0.25;

    [Fact]
    public void A_slower_encoder_takes_the_share_of_the_step_that_it_was_given()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network();

        var moved = Moved(network, Plain(new GroupSetting("encoder") { LearningRateScale = 0.125 }));

        AssertMoved(moved, "encoder", 0.125 * Rate);
        AssertMoved(moved, "heads", Rate);
    }

    [Fact]
    public void A_rate_of_its_own_is_one_whatever_the_recipes_and_follows_the_schedule()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network();
        var recipe = Plain(new GroupSetting("heads.sign") { LearningRate = 0.5 }) with
        {
            LearningRateSchedule = new(made => torch.optim.lr_scheduler.StepLR(made, 1, 0.5)),
        };
        using var optimizer = new RunOptimizer(recipe, network);

        AssertMoved(Moved(network, optimizer), "heads.sign", 0.5);
        optimizer.EndEpoch(score: 0);
        var moved = Moved(network, optimizer);

        AssertMoved(moved, "heads.sign", 0.25);
        AssertMoved(moved, "heads.sum", Rate / 2);
    }

    [Fact]
    public void Of_two_settings_the_one_with_the_longer_name_decides()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network();

        var moved = Moved(
            network,
            Plain(
                new GroupSetting("heads.sign") { LearningRateScale = 2 },
                new GroupSetting("heads") { LearningRateScale = 0.5 }
            )
        );

        AssertMoved(moved, "heads.sign", 2 * Rate);
        AssertMoved(moved, "heads.sum", 0.5 * Rate);
    }

    [Fact]
    public void A_group_moves_by_an_optimizer_of_its_own_which_follows_the_schedule()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network();
        var recipe = Plain(new GroupSetting("encoder") { Optimizer = new AdamOptimizer(0.01) }) with
        {
            LearningRateSchedule = new(made => torch.optim.lr_scheduler.StepLR(made, 1, 0.5)),
        };
        using var optimizer = new RunOptimizer(recipe, network);

        var first = Moved(network, optimizer, gradient: 3);
        optimizer.EndEpoch(score: 0);
        var second = Moved(network, optimizer, gradient: 3);

        AssertMoved(first, "encoder", 0.01); // Adam's step has the size of the rate, whatever the gradient's
        AssertMoved(first, "heads", 3 * Rate);
        AssertMoved(second, "encoder", 0.005);
        AssertMoved(second, "heads", 3 * Rate / 2);
    }

    [Fact]
    public void A_group_moves_in_every_so_many_steps()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network();
        using var optimizer = new RunOptimizer(Plain(new GroupSetting("encoder") { Every = 2 }), network);

        double[] expected = [Rate, 0, Rate, 0];
        for (var step = 0; step < expected.Length; step++)
        {
            var moved = Moved(network, optimizer, step: step);
            AssertMoved(moved, "encoder", expected[step]);
            AssertMoved(moved, "heads", Rate);
        }
    }

    [Fact]
    public void A_group_moves_when_its_function_of_the_step_says_so()
    {
        using var data = SmallRuns.Data(32);
        using var network = SmallRuns.Network();
        var part = new InTurn();
        var ends = new List<double>();
        var listener = new SmallRuns.Listener(now =>
        {
            if (now.Finished is not null)
            {
                ends.Add(part.Value);
            }
        });

        new Trainer(network, Plain() with { Epochs = 3, Regularizers = [part] }).Fit(
            data.Batches(16),
            progress: listener
        );

        Assert.Equal([0, -2 * Rate, -2 * Rate], ends);
    }

    [Fact]
    public void An_interval_is_one_function_and_below_one_it_is_none()
    {
        Assert.Same(ParameterGroup.EveryNth(3), ParameterGroup.EveryNth(3));
        Assert.Equal(
            [true, false, false, true],
            Enumerable.Range(0, 4).Select(step => ParameterGroup.EveryNth(3)(StepContexts.At(step)))
        );
        Assert.Throws<ArgumentException>(() => ParameterGroup.EveryNth(0));
    }

    [Fact]
    public void A_group_that_rests_has_no_part_in_the_norm_that_is_clipped()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network();
        using var optimizer = new RunOptimizer(Plain(new GroupSetting("encoder") { Every = 2 }), network);
        var storage = network.Storage;
        storage.Gradients.fill_(1);

        Assert.Equal(Math.Sqrt(storage.Values.numel()), optimizer.ClipGradients(null, StepContexts.At(0)), 1e-4);
        Assert.Equal(
            Math.Sqrt(storage.Values.numel() - storage.SharedLength),
            optimizer.ClipGradients(1, StepContexts.At(1)),
            1e-4
        );
        Assert.Equal(
            1,
            storage
                .Gradients.narrow(0, storage.SharedLength, storage.Values.numel() - storage.SharedLength)
                .norm()
                .item<float>(),
            1e-4
        );
    }

    [Fact]
    public void What_a_part_learns_is_a_group_called_by_its_method()
    {
        using var scope = torch.NewDisposeScope();
        using var network = SmallRuns.Network();
        var weighting = new Uncertainty();
        weighting.Begin(network);
        var recipe = Plain(new GroupSetting("uncertainty") { LearningRateScale = 0.5 }) with { Weighting = weighting };
        using var optimizer = new RunOptimizer(recipe, network);
        var before = weighting.Learned();

        Moved(network, optimizer);

        Assert.All(before.Zip(weighting.Learned()), pair => Assert.Equal(0.5 * Rate, pair.First - pair.Second, 1e-6));
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("sgd")]
    public void A_setting_that_changes_nothing_changes_no_bit(string optimizer) =>
        Assert.Equal(Trained(optimizer), Trained(optimizer, new GroupSetting("encoder")));

    [Fact]
    public void A_frozen_encoder_is_that_of_a_run_whose_encoder_takes_no_gradient()
    {
        using var data = SmallRuns.Data(64);
        using var byHand = SmallRuns.Network();
        using var bySetting = SmallRuns.Network();
        foreach (var parameter in byHand.SharedParameters)
        {
            parameter.requires_grad = false;
        }

        foreach (var network in new[] { byHand, bySetting })
        {
            GroupSetting[] settings = network == bySetting ? [new GroupSetting("encoder") { Frozen = true }] : [];
            using var batches = data.Batches(16, shuffleSeed: 1);
            new Trainer(network, new Recipe { Epochs = 2, Groups = settings }).Fit(batches);
        }

        using var fresh = SmallRuns.Network();
        Assert.Equal(SmallRuns.Bits(byHand), SmallRuns.Bits(bySetting));
        Assert.Equal(Encoder(fresh), Encoder(bySetting));
        Assert.NotEqual(SmallRuns.Bits(fresh), SmallRuns.Bits(bySetting));
        Assert.All(bySetting.parameters(), parameter => Assert.True(parameter.requires_grad));
        using var again = data.Batches(16, shuffleSeed: 1);
        new Trainer(bySetting, new Recipe { Epochs = 1 }).Fit(again);
        Assert.NotEqual(Encoder(fresh), Encoder(bySetting));

        static byte[] Encoder(MultiTaskNetwork network) =>
            [.. network.SharedParameters.SelectMany(parameter => parameter.bytes.ToArray())];
    }

    [Theory]
    [InlineData("heads=0.1x", "sgd")]
    [InlineData("encoder=0", "adam")]
    [InlineData("heads.sum=0.5", "adam")]
    public void A_run_with_groups_resumes_to_the_bit(string setting, string optimizer)
    {
        using var data = SmallRuns.Data(96);
        using var train = data.Batches(16, shuffleSeed: 2);
        Resumption.AssertSameBits(
            () =>
                new Recipe
                {
                    Optimizer = Make(optimizer),
                    Weighting = new Uncertainty(),
                    Groups = [GroupSetting.Parse(setting)],
                    Epochs = 4,
                },
            () => SmallRuns.Network(),
            train,
            null
        );
    }

    [Fact]
    public void A_run_with_several_optimizers_resumes_to_the_bit()
    {
        using var data = SmallRuns.Data(96);
        using var train = data.Batches(16, shuffleSeed: 2);
        Resumption.AssertSameBits(
            () =>
                new Recipe
                {
                    Weighting = new Uncertainty(),
                    Groups =
                    [
                        new GroupSetting("encoder") { Optimizer = new SgdOptimizer(0.01), Every = 3 },
                        new GroupSetting("heads.sum") { Optimizer = new AdamOptimizer(0.002) },
                        new GroupSetting("uncertainty") { Optimizer = new SgdOptimizer(0.05) },
                    ],
                    Epochs = 4,
                },
            () => SmallRuns.Network(),
            train,
            null
        );
    }

    private static byte[] Trained(string optimizer, params GroupSetting[] settings)
    {
        using var data = SmallRuns.Data(64);
        using var batches = data.Batches(16, shuffleSeed: 1);
        using var network = SmallRuns.Network();
        new Trainer(
            network,
            new Recipe
            {
                Optimizer = Make(optimizer),
                Epochs = 2,
                Groups = settings,
            }
        ).Fit(batches);
        return SmallRuns.Bits(network);
    }

    private static OptimizerFactory Make(string optimizer) =>
        optimizer == "sgd" ? new SgdOptimizer(0.05) : new AdamOptimizer(0.01);

    private static Recipe Plain(params GroupSetting[] settings) =>
        new() { Optimizer = new SgdOptimizer(Rate, momentum: 0), Groups = settings };

    private static Dictionary<string, double[]> Moved(MultiTaskNetwork network, Recipe recipe)
    {
        using var optimizer = new RunOptimizer(recipe, network);
        return Moved(network, optimizer);
    }

    /// <summary>How far every number of each group goes in a step in which all have one gradient.</summary>
    private static Dictionary<string, double[]> Moved(
        MultiTaskNetwork network,
        RunOptimizer optimizer,
        double gradient = 1,
        long step = 0
    )
    {
        var before = network.ParameterGroups.ToDictionary(group => group.Name, Values);
        optimizer.DetachLearned();
        network.Storage.Gradients.fill_(gradient);
        foreach (var learned in optimizer.Learned)
        {
            learned.grad = torch.full_like(learned, gradient).detach();
        }

        optimizer.Step(
            StepContexts.At(step),
            () => throw new InvalidOperationException("No step here asks for a loss.")
        );
        return network.ParameterGroups.ToDictionary(
            group => group.Name,
            group => before[group.Name].Zip(Values(group), (from, to) => from - to).ToArray()
        );
    }

    private static double[] Values(ParameterGroup group) => [.. group.Parameters.SelectMany(Numbers.Read)];

    private static void AssertMoved(Dictionary<string, double[]> moved, string name, double expected)
    {
        var meant = moved.Where(pair => new ParameterGroup(pair.Key, []).IsMeantBy(name)).ToArray();
        Assert.NotEmpty(meant);
        Assert.All(meant.SelectMany(pair => pair.Value), number => Assert.Equal(expected, number, 1e-6));
    }

    /// <summary>Learns a number of its own in every second epoch.</summary>
    private sealed class InTurn : Regularizer
    {
        private readonly Parameter own = new(torch.zeros(1));

        public double Value => own.item<float>();

        public override IReadOnlyList<Parameter> Parameters => [own];

        public override IReadOnlyList<ParameterGroup> ParameterGroups =>
            [new ParameterGroup("in-turn", Parameters) { Moves = step => step.Epoch % 2 == 1 }];

        public override Tensor Penalty(MultiTaskNetwork network, StepContext step) => own.sum();
    }
}
