using Plait.Data;
using Plait.Networks;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.LossWeighting;
using Plait.Optimization.MultiObjective;
using Plait.Optimization.Regularization;
using Plait.Optimization.Scheduling;
using Plait.Tasks;
using Plait.Training;

namespace Plait.Tests.Training;

[Collection("torch")]
public sealed class ResumeTests : IDisposable
{
    private const int Epochs = 6;

    private readonly string folder = Directory.CreateTempSubdirectory("plait-resume").FullName;

    public static TheoryData<string> Recipes =>
        [
            "plain",
            "uncertainty pcgrad",
            "dwa mgda",
            "sgd cosine",
            "rmsprop steps",
            "plateau",
            "every step",
            "regularized clipped",
        ];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_training_cancelled_twice_and_resumed_ends_in_the_same_bits(string recipe)
    {
        using var data = SmallRuns.Data(150);
        using var validation = SmallRuns.Data(60, seed: 9);
        Compare(() => Make(recipe), () => data.Batches(32, shuffleSeed: 5), () => validation.Batches(64));
    }

    [Fact]
    public void Tasks_drawn_one_at_a_time_from_data_of_their_own_resume_in_the_same_bits()
    {
        using var data = SmallRuns.PerTaskData();
        Compare(
            () => new Recipe { Epochs = Epochs, Schedule = new Proportional() },
            () => data.Batches(16, shuffleSeed: 5),
            () => null
        );
    }

    [Fact]
    public void A_finished_training_resumes_to_its_result_without_a_step()
    {
        using var data = SmallRuns.Data(64);
        using var source = data.Batches(32, shuffleSeed: 1);
        using var first = SmallRuns.Network();
        var recipe = new Recipe { Epochs = 2 };
        var result = new Trainer(first, recipe) { Checkpoints = new CheckpointFolder(folder) }.Fit(source, source);
        using var second = SmallRuns.Network(seed: 8);
        var steps = 0;
        var again = new Trainer(second, recipe) { Checkpoints = new CheckpointFolder(folder) }.Fit(
            source,
            source,
            new SmallRuns.Listener(told => steps += told is { Finished: null, Gradients: null } ? 1 : 0)
        );
        Assert.Equal(0, steps);
        Assert.Equal(result.History.Count, again.History.Count);
        Assert.Equal(SmallRuns.Bits(first), SmallRuns.Bits(second));
    }

    /// <summary>Whoever listened before the stop may not have heard: the checkpoint tells it once more.</summary>
    [Fact]
    public void A_resumed_training_tells_again_of_the_epochs_and_looks_before()
    {
        using var data = SmallRuns.Data(64);
        using var source = data.Batches(32, shuffleSeed: 1);
        var recipe = new Recipe { Epochs = 2, GradientRecordInterval = 1 };
        using var first = SmallRuns.Network();
        var result = new Trainer(first, recipe) { Checkpoints = new CheckpointFolder(folder) }.Fit(source);
        var (epochs, looks) = (new List<EpochRecord>(), new List<GradientRecord>());
        using var second = SmallRuns.Network();

        new Trainer(second, recipe) { Checkpoints = new CheckpointFolder(folder) }.Fit(
            source,
            progress: new SmallRuns.Listener(told =>
            {
                epochs.AddRange(told.Finished is { } epoch ? [epoch] : []);
                looks.AddRange(told.Gradients is { } look ? [look] : []);
            })
        );

        Assert.Equal(result.History.Select(epoch => epoch.Epoch), epochs.Select(epoch => epoch.Epoch));
        Assert.Equal(result.Gradients.Select(look => look.Step), looks.Select(look => look.Step));
        Assert.Equal((2, 4), (epochs.Count, looks.Count));
    }

    /// <summary>By a clock that goes on by a second whenever it is looked at.</summary>
    [Fact]
    public void Seconds_are_those_of_all_sittings()
    {
        using var data = SmallRuns.Data(64);
        using var source = data.Batches(32, shuffleSeed: 1);
        var clock = new SecondsClock();
        TrainingResult? result = null;
        var stop = new CancellationTokenSource();
        for (var sitting = 0; sitting < 2; sitting++)
        {
            using var network = SmallRuns.Network();
            var trainer = new Trainer(network, new Recipe { Epochs = 2 })
            {
                Checkpoints = new CheckpointFolder(folder),
                Time = clock,
            };
            try
            {
                result = trainer.Fit(
                    source,
                    progress: new SmallRuns.Listener(told =>
                    {
                        if (told.Finished is not null && sitting == 0)
                        {
                            stop.Cancel();
                        }
                    }),
                    cancel: sitting == 0 ? stop.Token : default
                );
            }
            catch (OperationCanceledException) { }

            clock.Pass(1000); // between the sittings
        }

        stop.Dispose();
        Assert.All(result!.History, epoch => Assert.InRange(epoch.Seconds, 1, 999));
        Assert.InRange(result.Seconds, result.History.Sum(epoch => epoch.Seconds), 999);
    }

    private void Compare(Func<Recipe> recipe, Func<MultiTaskDataLoader> train, Func<MultiTaskDataLoader?> validation)
    {
        using var trainSource = train();
        using var validationSource = validation();
        using var unbroken = SmallRuns.Network();
        var expected = new Trainer(unbroken, recipe()).Fit(trainSource, validationSource);

        TrainingResult? resumed = null;
        using var broken = SmallRuns.Network();
        foreach (var stopAt in new[] { 7, 12, int.MaxValue })
        {
            using var cancellation = new CancellationTokenSource();
            var seen = 0;
            var trainer = new Trainer(broken, recipe())
            {
                Checkpoints = new CheckpointFolder(folder),
                ProgressInterval = TimeSpan.Zero,
            };
            var listener = new SmallRuns.Listener(_ =>
            {
                if (++seen == stopAt)
                {
                    cancellation.Cancel();
                }
            });
            torch.manual_seed(99); // a fresh process would not have this one's random state either
            if (stopAt < int.MaxValue)
            {
                Assert.Throws<OperationCanceledException>(() =>
                    trainer.Fit(trainSource, validationSource, listener, cancellation.Token)
                );
            }
            else
            {
                resumed = trainer.Fit(trainSource, validationSource, listener);
            }
        }

        Assert.Equal(SmallRuns.Bits(unbroken), SmallRuns.Bits(broken));
        Assert.Equal(expected.BestEpoch, resumed!.BestEpoch);
        Assert.Equal(
            expected.History.Select(epoch => epoch.TrainingLosses),
            resumed.History.Select(epoch => epoch.TrainingLosses)
        );
        Assert.Equal(
            expected.History.Select(epoch => epoch.LearningRate),
            resumed.History.Select(epoch => epoch.LearningRate)
        );
        Assert.Equal(expected.Gradients.Select(look => look.Cosines), resumed.Gradients.Select(look => look.Cosines));
    }

    private static Recipe Make(string name)
    {
        var recipe = new Recipe { Epochs = Epochs, Seed = 4 };
        return name switch
        {
            "plain" => recipe,
            "uncertainty pcgrad" => recipe with { Weighting = new Uncertainty(), Aggregator = new PCGrad() },
            "dwa mgda" => recipe with { Weighting = new DynamicWeightAverage(), Aggregator = new Mgda() },
            "sgd cosine" => recipe with
            {
                Optimizer = new SgdOptimizer(),
                LearningRateSchedule = LearningRateSchedule.Cosine(Epochs),
            },
            "rmsprop steps" => recipe with
            {
                Optimizer = new TorchOptimizer(parameters => torch.optim.RMSProp(parameters, 1e-3, momentum: 0.5)),
                LearningRateSchedule = LearningRateSchedule.Steps(2),
            },
            "plateau" => recipe with
            {
                Optimizer = new AdamOptimizer(0.05),
                LearningRateSchedule = LearningRateSchedule.OnPlateau(1),
            },
            "every step" => recipe with
            {
                LearningRateSchedule = new(
                    optimizer => torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.97),
                    EveryStep: true
                ),
            },
            "regularized clipped" => recipe with
            {
                Regularizers = [new SquaredNorm()],
                ClipNorm = 0.5,
                Optimizer = new AdamWOptimizer(),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    private sealed class SquaredNorm : Regularizer
    {
        public override Tensor Penalty(MultiTaskNetwork network, StepContext step) =>
            torch.stack(network.parameters().Select(parameter => parameter.square().sum()).ToArray()).sum() * 0.01;
    }

    private sealed class SecondsClock : TimeProvider
    {
        private long seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => ++seconds;

        public void Pass(long further) => seconds += further;
    }
}
