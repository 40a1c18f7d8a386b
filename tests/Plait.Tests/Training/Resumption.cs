using Plait.Data;
using Plait.Networks;
using Plait.Optimization;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>Trains once in one piece and once in three, and compares.</summary>
internal static class Resumption
{
    /// <summary>The parameters end in the same bits, and the epochs have the same losses.</summary>
    /// <param name="recipe">Makes the recipe with fresh state.</param>
    /// <param name="network">Makes the network, the same one each time.</param>
    /// <param name="train">The training data.</param>
    /// <param name="validation">The validation data.</param>
    public static void AssertSameBits(
        Func<Recipe> recipe,
        Func<MultiTaskNetwork> network,
        MultiTaskDataLoader train,
        MultiTaskDataLoader? validation
    ) => AssertSameBits(recipe, network, _ => new DataObjectiveSource(train), validation);

    /// <summary>The parameters end in the same bits, and the epochs have the same losses.</summary>
    /// <param name="recipe">Makes the recipe with fresh state.</param>
    /// <param name="network">Makes the network, the same one each time.</param>
    /// <param name="source">Makes the source of losses for a network, fresh each time.</param>
    /// <param name="validation">The validation data.</param>
    /// <param name="search">Makes that of search losses; none when null.</param>
    public static void AssertSameBits(
        Func<Recipe> recipe,
        Func<MultiTaskNetwork> network,
        Func<MultiTaskNetwork, IObjectiveSource> source,
        MultiTaskDataLoader? validation,
        Func<IObjectiveSource>? search = null
    )
    {
        var folder = Directory.CreateTempSubdirectory("plait-resumption");
        try
        {
            using var unbroken = network();
            using var broken = network();
            var expected = new Trainer(unbroken, recipe()) { Search = search?.Invoke() }.Fit(
                source(unbroken),
                validation
            );
            TrainingResult? resumed = null;
            foreach (var stopAt in new[] { 8, 17, int.MaxValue })
            {
                using var stop = new CancellationTokenSource();
                var seen = 0;
                var trainer = new Trainer(broken, recipe())
                {
                    Checkpoints = new CheckpointFolder(folder.FullName),
                    ProgressInterval = TimeSpan.Zero,
                    Search = search?.Invoke(),
                };
                var listener = new SmallRuns.Listener(_ =>
                {
                    if (++seen == stopAt)
                    {
                        stop.Cancel();
                    }
                });
                torch.manual_seed(99); // a fresh process would not have this one's random state either
                try
                {
                    resumed = trainer.Fit(source(broken), validation, listener, stop.Token);
                }
                catch (OperationCanceledException) when (stopAt < int.MaxValue) { }
            }

            Assert.Equal(SmallRuns.Bits(unbroken), SmallRuns.Bits(broken));
            Assert.Equal(
                expected.History.Select(epoch => epoch.TrainingLosses),
                resumed!.History.Select(epoch => epoch.TrainingLosses)
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
