using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.Regularization;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tests.Optimization;
using Plait.Tests.Optimization.LossWeighting;
using Plait.Torch;
using Plait.Training;
using TorchSharp.Modules;

namespace Plait.Tests.Training;

[Collection("torch")]
public sealed class RunOptimizerTests
{
    private const double Rate = 0.25;
    private const double Scale = 8;

    public static TheoryData<bool> Moments => [true, false];

    [Theory]
    [MemberData(nameof(Moments))]
    public void A_schedule_reaches_the_network_and_what_the_parts_learn_times_its_scale(bool everyStep)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network();
        var storage = network.Storage;
        var learner = new Learner();
        var recipe = new Recipe
        {
            Optimizer = new SgdOptimizer(Rate, momentum: 0),
            Weighting = Begun(network),
            Regularizers = [learner],
            LearningRateSchedule = new(optimizer => torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.5), everyStep),
        };
        using var optimizer = new RunOptimizer(recipe, network);
        for (var rate = Rate; rate > Rate / 8; rate /= 2)
        {
            var (values, weight, own) = (storage.Values.clone(), Weight(recipe), learner.Value);

            Take(optimizer, storage);

            Assert.Equal(rate, optimizer.LearningRate);
            Assert.Equal(rate, values.sub(storage.Values).mean().item<float>(), 1e-6);
            Assert.Equal(rate, weight - Weight(recipe), 1e-6);
            Assert.Equal(Scale * rate, own - learner.Value, 1e-6);
            optimizer.EndStep();
            Assert.Equal(everyStep ? rate / 2 : rate, optimizer.LearningRate);
            optimizer.EndEpoch(score: 0);
            Assert.Equal(rate / 2, optimizer.LearningRate);
        }
    }

    [Fact]
    public void A_look_that_fails_leaves_the_parameters_as_they_were()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network();
        var storage = network.Storage;
        var recipe = new Recipe
        {
            Optimizer = new TorchOptimizer(parameters => torch.optim.LBFGS(parameters, lr: 0.5)),
        };
        using var optimizer = new RunOptimizer(recipe, network);
        var before = storage.Values.clone();
        var looks = 0;

        Assert.Throws<NonFiniteException>(() =>
            optimizer.Step(
                StepContexts.At(),
                () =>
                {
                    storage.Gradients.fill_(1);
                    return ++looks < 3 ? torch.tensor(1f / looks) : throw new NonFiniteException("price", "loss");
                }
            )
        );

        Assert.Equal(3, looks);
        Assert.Equal(Numbers.Read(before), Numbers.Read(storage.Values));
    }

    [Fact]
    public void Only_the_librarys_optimizers_say_what_they_add_to_a_gradient()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network();
        using var known = new RunOptimizer(
            new Recipe { Optimizer = new SgdOptimizer(Rate, momentum: 0.5, weightDecay: 0.25) },
            network
        );
        using var foreign = new RunOptimizer(
            new Recipe
            {
                Optimizer = new TorchOptimizer(parameters => torch.optim.RMSProp(parameters, weight_decay: 0.5)),
            },
            network
        );

        Assert.Equal((0.25, true), (known.WeightDecay, known.Velocity is not null));
        Assert.Equal((0.0, false), (foreign.WeightDecay, foreign.Velocity is not null));
    }

    [Fact]
    public void Parts_that_learn_are_refused_by_an_optimizer_that_looks_several_times()
    {
        using var network = Network();
        var recipe = new Recipe
        {
            Optimizer = new TorchOptimizer(parameters => torch.optim.LBFGS(parameters, lr: 0.5)),
            Weighting = Begun(network),
        };
        var fault = Assert.Throws<NotSupportedException>(() => new RunOptimizer(recipe, network));

        Assert.Contains("train it with Adam", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_parts_learn_stands_still_without_a_gradient()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network();
        var storage = network.Storage;
        var recipe = new Recipe { Optimizer = new AdamOptimizer(Rate), Weighting = Begun(network) };
        using var optimizer = new RunOptimizer(recipe, network);
        Take(optimizer, storage); // from here on there is momentum
        var before = recipe.Weighting.Learned();

        optimizer.DetachLearned();
        optimizer.Learned[1].grad = torch.ones_like(optimizer.Learned[1]);
        optimizer.Step(StepContexts.At(), NoLoss);

        var after = recipe.Weighting.Learned();
        Assert.Equal(before[0], after[0]);
        Assert.Equal(Rate, before[1] - after[1], 1e-4);
    }

    [Theory]
    [InlineData(null, 10)]
    [InlineData(20.0, 10)]
    [InlineData(2.5, 2.5)]
    public void A_gradient_longer_than_the_limit_is_shortened_to_it(double? limit, double expected)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network();
        var storage = network.Storage;
        using var optimizer = new RunOptimizer(new Recipe(), network);
        storage.Gradients.fill_(10 / Math.Sqrt(storage.Gradients.numel()));

        Assert.Equal(10, optimizer.ClipGradients(limit, StepContexts.At()), 1e-4);

        Assert.Equal(expected, storage.Gradients.norm().item<float>(), 1e-4);
    }

    [Fact]
    public void A_norm_that_is_not_finite_is_told_and_not_clipped_to()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Network();
        var storage = network.Storage;
        using var optimizer = new RunOptimizer(new Recipe(), network);
        storage.ZeroGradients();
        storage.Gradients.narrow(0, 0, 1).fill_(float.PositiveInfinity);

        Assert.False(double.IsFinite(optimizer.ClipGradients(1, StepContexts.At())));

        Assert.Equal(1, storage.Gradients.isinf().sum().item<long>());
        Assert.Equal(0, storage.Gradients.isnan().sum().item<long>());
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public void A_replayed_schedule_stands_where_the_run_stood(bool everyStep)
    {
        using var network = Network();
        var recipe = new Recipe
        {
            Optimizer = new SgdOptimizer(Rate),
            LearningRateSchedule = new(optimizer => torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.5), everyStep),
        };
        using var lived = new RunOptimizer(recipe, network);
        var state = RunState.Start(2);
        for (var epoch = 0; epoch < 4; epoch++)
        {
            for (var step = 0; step < 5; step++)
            {
                lived.EndStep();
                state.Step++;
            }

            lived.EndEpoch(0);
            state.History.Add(new EpochRecord(epoch, [], [], null, 0, lived.LearningRate, 0));
        }

        using var replayed = new RunOptimizer(recipe, network);
        replayed.Replay(state);

        Assert.Equal(lived.LearningRate, replayed.LearningRate);
        Assert.NotEqual(Rate, replayed.LearningRate);
    }

    [Fact]
    public void Saved_and_loaded_it_goes_on_in_the_same_bits_with_what_the_parts_learn()
    {
        using var scope = torch.NewDisposeScope();
        using var first = Network();
        using var second = Network();
        var (saved, loaded) = (Make(first), Make(second));
        Take(saved.Optimizer, first.Storage);
        Alone(saved, first); // parameters whose counts of steps differ
        var state = new StateDictionary();
        saved.Optimizer.Save(state);
        NetworkState.Put(second, NetworkState.Take(first));

        loaded.Optimizer.Load(state);

        foreach (var (run, network) in new[] { (saved, first), (loaded, second) })
        {
            Alone(run, network);
            Take(run.Optimizer, network.Storage);
        }

        Assert.Equal(SmallRuns.Bits(first), SmallRuns.Bits(second));
        Assert.Equal(saved.Weighting.Learned(), loaded.Weighting.Learned());
        saved.Optimizer.Dispose();
        loaded.Optimizer.Dispose();

        static (RunOptimizer Optimizer, LossWeighting Weighting) Make(MultiTaskNetwork network)
        {
            var weighting = Begun(network);
            return (new(new Recipe { Optimizer = new AdamOptimizer(Rate), Weighting = weighting }, network), weighting);
        }

        static void Alone((RunOptimizer Optimizer, LossWeighting) run, MultiTaskNetwork network)
        {
            run.Optimizer.DetachAbsent(network.Tasks.Select(0));
            run.Optimizer.TakeInPenalties();
            Take(run.Optimizer, network.Storage);
        }
    }

    [Fact]
    public void Disposed_it_leaves_no_tensor_behind()
    {
        using var network = Network();
        var storage = network.Storage;
        var recipe = new Recipe { Optimizer = new AdamOptimizer(), Weighting = Begun(network) };
        var counts = new List<long>();
        for (var round = 0; round < 20; round++)
        {
            using (var scope = torch.NewDisposeScope())
            {
                using var optimizer = new RunOptimizer(recipe, network);
                Take(optimizer, storage);
                optimizer.DetachAbsent(network.Tasks.Select(1));
                optimizer.TakeInPenalties();
                optimizer.Step(StepContexts.At(), NoLoss);
            }

            counts.Add(Tensor.TotalCount);
        }

        Assert.True(counts[^1] - counts[5] < 10, $"{counts[^1] - counts[5]} tensors more"); // a round makes over 20
    }

    /// <summary>A step in which every number has the gradient 1.</summary>
    private static void Take(RunOptimizer optimizer, FlatParameters storage)
    {
        optimizer.DetachLearned();
        storage.Gradients.fill_(1);
        foreach (var learned in optimizer.Learned)
        {
            learned.grad = torch.ones_like(learned).detach();
        }

        optimizer.Step(StepContexts.At(), NoLoss);
    }

    private static Tensor NoLoss() => throw new InvalidOperationException("No step here asks for a loss.");

    private static double Weight(Recipe recipe) => recipe.Weighting.Learned()[1];

    private static Uncertainty Begun(MultiTaskNetwork network)
    {
        var weighting = new Uncertainty();
        weighting.Begin(network);
        return weighting;
    }

    private static HardSharing Network()
    {
        torch.manual_seed(0);
        return new HardSharing(new TaskSet(LearningTask.Regression("a"), LearningTask.Binary("b")), new Mlp(3, [4]));
    }

    /// <summary>Learns one number at a multiple of the learning rate.</summary>
    private sealed class Learner : Regularizer
    {
        private readonly Parameter own = new(torch.zeros(1));

        public double Value => own.item<float>();

        public override IReadOnlyList<Parameter> Parameters => [own];

        public override IReadOnlyList<ParameterGroup> ParameterGroups =>
            [new ParameterGroup("own", Parameters) { LearningRateScale = Scale, Decays = false }];

        public override Tensor Penalty(MultiTaskNetwork network, StepContext step) => torch.zeros(1).sum();
    }
}
