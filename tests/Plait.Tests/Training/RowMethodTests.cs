using Plait.Catalogue;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Optimization;
using Plait.Training;

namespace Plait.Tests.Training;

/// <summary>Methods that look at whole task gradients, or learn parts of their own, in trainings.</summary>
[Collection("torch")]
public sealed class RowMethodTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("plait-rows").FullName;

    public static TheoryData<string, string, string?> Recipes =>
        new()
        {
            { "hps", "gradvac", null },
            { "hps", "cosine-gating:weighted=1", null },
            { "hps", "graddrop", null },
            { "mmoe", "graddrop:leak=0.2", null },
            { "hps", "moco:gamma=0.01", null },
            { "hps", "modo", null },
            { "hps", "sdmgrad", null },
            { "rotated", "rotograd", null },
            { "hps", "great", null },
            { "hps", "sum", "adversarial-gradients" },
        };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Recipes))]
    public void It_learns_and_resumes_in_the_same_bits(string network, string aggregator, string? auxiliary)
    {
        using var data = SmallRuns.Data(600);
        using var held = SmallRuns.Data(300, seed: 11);
        using var train = data.Batches(64, shuffleSeed: 1);
        using var test = held.Batches(300);
        using var unbroken = Network(network);
        new Trainer(unbroken, Recipe(aggregator, auxiliary)).Fit(train);

        var metrics = Evaluator.Evaluate(unbroken, test).Metrics;
        var variance = held.TargetOf(0).Values.var().item<float>();
        Assert.True(metrics["sum", "mse"] < 0.3 * variance, $"mse {metrics["sum", "mse"]} of variance {variance}"); // the mean predictor has 1
        Assert.True(metrics["sign", "auc"] > 0.9, $"auc {metrics["sign", "auc"]}"); // chance has 0.5
        Assert.True(metrics["quadrant", "accuracy"] > 0.6, $"accuracy {metrics["quadrant", "accuracy"]}"); // the largest class has about 0.3

        using var broken = Network(network);
        using var cancellation = new CancellationTokenSource();
        var seen = 0;
        var trainer = new Trainer(broken, Recipe(aggregator, auxiliary))
        {
            Checkpoints = new CheckpointFolder(folder),
            ProgressInterval = TimeSpan.Zero,
        };
        var listener = new SmallRuns.Listener(_ =>
        {
            if (++seen == 40)
            {
                cancellation.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(train, null, listener, cancellation.Token));
        torch.manual_seed(99);
        new Trainer(broken, Recipe(aggregator, auxiliary)) { Checkpoints = new CheckpointFolder(folder) }.Fit(train);
        Assert.Equal(SmallRuns.Bits(unbroken), SmallRuns.Bits(broken));
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Its_steps_leave_no_tensor_behind(string network, string aggregator, string? auxiliary)
    {
        using var scope = torch.NewDisposeScope();
        using var data = SmallRuns.Data(192);
        using var train = data.Batches(32, shuffleSeed: 1);
        using var trained = Network(network);
        var counts = new List<long>();
        var listener = new SmallRuns.Listener(progress =>
        {
            if (progress.Finished is not null)
            {
                counts.Add(Tensor.TotalCount);
            }
        });
        var recipe = Recipe(aggregator, auxiliary) with { Epochs = 5, GradientRecordInterval = 0 };
        new Trainer(trained, recipe).Fit(train, null, listener);
        Assert.True(counts[4] <= counts[1], string.Join(" ", counts));
    }

    private static Recipe Recipe(string aggregator, string? auxiliary) =>
        new()
        {
            Aggregator = MethodCatalog.Create<GradientAggregator>(aggregator),
            Auxiliaries = auxiliary is null ? [] : [MethodCatalog.Create<AuxiliaryLoss>(auxiliary)],
            Optimizer = new AdamOptimizer(0.01),
            Epochs = 12,
            Seed = 4,
        };

    private static MultiTaskNetwork Network(string name)
    {
        torch.manual_seed(3);
        return MethodCatalog.Create<MultiTaskNetwork>(name, SmallRuns.Tasks, new Mlp(SmallRuns.Inputs, [16, 8]));
    }
}
