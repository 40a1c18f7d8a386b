using System.Collections.Concurrent;
using Plait.Catalogue;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Optimization;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Tests.Catalogue;
using Plait.Tests.Optimization;
using Plait.Training;

namespace Plait.Tests.Training.Matrix;

/// <summary>A pair of the matrix, as a user writes it, and the few settings that all its trainings share.</summary>
/// <param name="AggregatorText">The aggregator.</param>
/// <param name="WeightingText">The weighting.</param>
/// <param name="HasTerm">Whether the losses have an auxiliary term.</param>
internal sealed record Method(string AggregatorText, string WeightingText, bool HasTerm = false)
{
    public const int Steps = 3; // so many, as some weights (dwa) first move in the third epoch
    public const double Rate = 0.05;
    public const long Seed = 4;
    public const int Features = 5;

    private static readonly ConcurrentDictionary<string, string> Networks = new();

    public GradientAggregator Aggregator() => MethodCatalog.Create<GradientAggregator>(AggregatorText);

    public LossWeighting Weighting() => MethodCatalog.Create<LossWeighting>(WeightingText);

    /// <summary>The same weighting, looking at rows as they are given, whatever place they were taken at.</summary>
    public LossWeighting WeightingOfRows() =>
        MethodCatalog.Create<LossWeighting>(
            Weighting().ObservedLocation is null ? WeightingText : $"{WeightingText.Split(':')[0]}:at=parameters"
        );

    public RowScale? Term() => HasTerm ? new RowScale() : null;

    public MultiTaskNetwork Network()
    {
        var recipe = new Recipe { Aggregator = Aggregator() };
        return Network(Networks.GetOrAdd(AggregatorText, _ => Surroundings.NetworkFor(recipe, Network)));
    }

    private static MultiTaskNetwork Network(string name)
    {
        torch.manual_seed(3);
        return MethodCatalog.Create<MultiTaskNetwork>(name, SmallNetworks.Tasks, new Mlp(Features, [4]));
    }

    public static StepContext At(int step) =>
        new()
        {
            Tasks = SmallNetworks.Tasks,
            Step = step,
            Epoch = step,
            StepsPerEpoch = 1,
            Epochs = Steps,
            Seed = Seed,
        };

    /// <summary>All that was learned, by name.</summary>
    public static Dictionary<string, double[]> Learned(
        MultiTaskNetwork network,
        LossWeighting weighting,
        GradientAggregator aggregator,
        RowScale? term
    )
    {
        var found = network
            .named_parameters()
            .ToDictionary(pair => pair.name, pair => Plait.Torch.Numbers.Read(pair.parameter));
        Add("weighting", weighting);
        Add("aggregator", aggregator);
        if (term is not null)
        {
            Add("term", term);
        }

        return found;

        void Add(string name, TrainingComponent part)
        {
            for (var i = 0; i < part.Parameters.Count; i++)
            {
                found[$"{name} {i}"] = Plait.Torch.Numbers.Read(part.Parameters[i]);
            }
        }
    }
}
