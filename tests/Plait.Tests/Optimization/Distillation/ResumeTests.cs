using Plait.Networks;
using Plait.Optimization.Distillation;
using Plait.Optimization.GradientModulation;
using Plait.Tests.Training;
using Plait.Training;

namespace Plait.Tests.Optimization.Distillation;

[Collection("torch")]
public sealed class ResumeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("plait-distillation-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_distillation_stopped_and_resumed_ends_in_the_same_bits(bool cut)
    {
        using var data = SmallRuns.Data(120);
        using var source = data.Batches(32, shuffleSeed: 5);
        using var unbroken = SmallRuns.Network();
        var expected = Learn(unbroken, checkpoints: null, stopAt: int.MaxValue);

        using var broken = SmallRuns.Network();
        var checkpoints = new CheckpointFolder(folder);
        Assert.Throws<OperationCanceledException>(() => Learn(broken, checkpoints, stopAt: 6));
        using var resumed = SmallRuns.Network(seed: 8); // its parameters and random state come from the checkpoint
        torch.manual_seed(99);
        var result = Learn(resumed, checkpoints, stopAt: int.MaxValue);

        Assert.Equal(SmallRuns.Bits(unbroken), SmallRuns.Bits(resumed));
        Assert.Equal(
            expected.History.Select(epoch => epoch.TrainingLosses),
            result.History.Select(epoch => epoch.TrainingLosses)
        );

        TrainingResult Learn(MultiTaskNetwork network, CheckpointFolder? checkpoints, int stopAt)
        {
            using var cancellation = new CancellationTokenSource();
            using var teachers = Teachers.Of(SmallRuns.Network(seed: 21), SmallRuns.Network(seed: 22));
            var seen = 0;
            var recipe = new Recipe
            {
                Epochs = 4,
                Seed = 4,
                Aggregator = cut ? new PCGrad() : new Sum(),
                Auxiliaries = [new TeacherAnnealing(teachers), new FeatureDistillation(teachers)],
            };
            var trainer = new Trainer(network, recipe) { Checkpoints = checkpoints, ProgressInterval = TimeSpan.Zero };
            var listener = new SmallRuns.Listener(_ =>
            {
                if (++seen == stopAt)
                {
                    cancellation.Cancel();
                }
            });
            return trainer.Fit(source, null, listener, cancellation.Token);
        }
    }
}
