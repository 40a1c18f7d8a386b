using Plait.Benchmarks;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Networks.SingleTasking;
using Plait.Training;

namespace Plait.Demonstrations;

/// <summary>Four visual domains on one trunk that learned clothes, which stays as it is: with adapters, with heads only, and with networks of their own.</summary>
/// <remarks>
/// Rebuffi et al. 2017 and 2018. Clothes stand for their ImageNet. All that trains on the domains has the same epochs, batches and optimizer.
/// </remarks>
internal sealed class DomainsByAdapters : Demonstration
{
    private const int BatchSize = 32;
    private const int EpochsOfHeads = 10; // times those of the others: heads alone cost next to nothing, and end where they can

    /// <inheritdoc/>
    public override string Name => "residual-adapters";

    /// <inheritdoc/>
    public override string Claim =>
        "A frozen network with small adapters a domain comes near networks of each domain's own, and far above the same network with heads only.";

    /// <summary>The domains beside the gratings.</summary>
    public IReadOnlyList<string> Alphabets { get; init; } = ["balinese", "greek", "tagalog"];

    /// <summary>Images of clothes that the trunk learns from, at most.</summary>
    public int Clothes { get; init; } = 7000;

    /// <summary>Epochs of the trunk's training.</summary>
    public int TrunkEpochs { get; init; } = 4;

    /// <summary>Epochs of every training on the domains.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>Channels of the first stage.</summary>
    public int Width { get; init; } = 12;

    /// <summary>What is trained on the domains beside heads only, which always is.</summary>
    public IReadOnlySet<string> Settings { get; init; } =
        new HashSet<string> { Parallel, Series, Normalisations, FromTrunk, FromNothing };

    internal const string HeadsOnly = "heads on the trunk";
    internal const string Normalisations = "normalisations";
    internal const string Series = "adapters in series";
    internal const string Parallel = "parallel adapters";
    internal const string FromTrunk = "networks of their own, from the trunk";
    internal const string FromNothing = "networks of their own, from nothing";

    /// <inheritdoc/>
    public override IReadOnlyList<Observation> Run(int seed)
    {
        using var scope = torch.NewDisposeScope();
        var (train, test) = VisualDomains.Load(seed, Alphabets);
        using var trainData = train;
        using var testData = test;
        using var clothes = TrainedOnClothes(seed);
        var trunk = clothes.EncoderOf(0)!;
        var whole = (double)trunk.parameters().Sum(parameter => parameter.numel());
        var results = new List<Observation>();
        torch.manual_seed(seed);
        using (var heads = new HardSharing(train.Tasks, new Mlp(trunk.OutputShape[0], [])))
        {
            using var seen = Seen(trunk, train);
            using var unseen = Seen(trunk, test);
            Measure(HeadsOnly, heads, seen, unseen, EpochsOfHeads * Epochs);
        }

        foreach (
            var setting in new[] { Normalisations, Series, Parallel, FromTrunk, FromNothing }.Where(Settings.Contains)
        )
        {
            torch.manual_seed(seed);
            using var network = Network(setting, trunk, train);
            Measure(setting, network, train, test, Epochs);
        }

        return results;

        void Measure(string setting, MultiTaskNetwork network, TensorData data, TensorData others, int epochs)
        {
            var headsWeigh = train.Tasks.Sum(task => (trunk.OutputShape[0] + 1) * task.Output.Channels);
            var own = Enumerable
                .Range(0, train.Tasks.Count)
                .Sum(task => network.ParametersOf(task).Sum(parameter => parameter.numel()));
            using var lessons = data.Batches(BatchSize, seed);
            new Trainer(network, Schooling(epochs, seed)).Fit(lessons);
            using var batches = others.Batches(256);
            var metrics = Evaluator.Evaluate(network, batches).Metrics;
            results.AddRange(
                train.Tasks.Select(task => new Observation(
                    setting,
                    $"accuracy {task.Name}",
                    metrics.Primary(task.Name)
                ))
            );
            results.Add(new(setting, "mean accuracy", train.Tasks.Average(task => metrics.Primary(task.Name))));
            results.Add(
                new(setting, "parameters of a domain over the trunk's", (own - headsWeigh) / whole / train.Tasks.Count)
            );
        }
    }

    private HardSharing TrainedOnClothes(int seed)
    {
        using var clothes = BenchmarkCatalog.Get("fashion-pairs").Load(new BenchmarkOptions { Seed = seed });
        using var some = clothes.Train.Take(Clothes);
        torch.manual_seed(seed);
        var encoder = new TinyResNet(clothes.InputSpec.Shape!, Width, blocks: 1, outputStride: 8);
        var network = new HardSharing(clothes.Tasks, encoder);
        using var lessons = some.Batches(64, seed);
        new Trainer(network, Schooling(TrunkEpochs, seed)).Fit(lessons);
        return network; // in eval mode, as trainers leave it
    }

    private static MultiTaskNetwork Network(string setting, Encoder trunk, TensorData train)
    {
        if (setting is FromTrunk or FromNothing)
        {
            var apart = new SingleTask(train.Tasks, trunk.Replicate());
            for (var task = 0; setting == FromTrunk && task < train.Tasks.Count; task++)
            {
                apart.EncoderOf(task).load_state_dict(trunk.state_dict());
            }

            return apart;
        }

        var network = new ResidualAdapters(
            train.Tasks,
            trunk,
            setting == Series ? AdapterForm.Series : AdapterForm.Parallel,
            frozen: true
        );
        foreach (
            var filters in network.parameters().Where(parameter => setting == Normalisations && parameter.dim() == 4)
        )
        {
            filters.requires_grad = false; // adapters, which start at zero: the normalisations alone learn
        }

        return network;
    }

    /// <summary>What the trunk makes of the images: all that heads on a frozen trunk ever see.</summary>
    private static TensorData Seen(Encoder trunk, TensorData images)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var tasks = Enumerable.Range(0, images.Tasks.Count).ToArray();
        return TensorData.PerTask(
            images.Tasks,
            [.. tasks.Select(task => trunk.PooledFeatures(images.InputOf(task)))],
            [.. tasks.Select(images.TargetOf)]
        );
    }

    private static Recipe Schooling(int epochs, int seed) =>
        new()
        {
            Optimizer = new AdamWOptimizer(3e-3),
            LearningRateSchedule = LearningRateSchedule.Cosine(epochs),
            Epochs = epochs,
            GradientRecordInterval = 0,
            Seed = seed,
        };
}
