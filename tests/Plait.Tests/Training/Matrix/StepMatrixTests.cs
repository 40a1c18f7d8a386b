using Plait.Catalogue;
using Plait.Data;
using Plait.Optimization;
using Plait.Tasks;
using Plait.Tests.Optimization;
using Plait.Training;

namespace Plait.Tests.Training.Matrix;

/// <summary>
/// Every aggregator with every weighting, trained plainly, looked at, with little memory, accumulated, with labels or a whole task missing
/// and with an auxiliary term: what is learned agrees with the definitions read aloud (<see cref="Recital"/>), or is refused as listed.
/// </summary>
/// <remarks>
/// All that together are some 8000 trainings, which take minutes. So each pair is trained plainly and in two of the other ways, which take
/// turns: every way meets every aggregator and every weighting. The slow tests train every pair in every way.
/// </remarks>
[Collection("torch")]
public sealed class StepMatrixTests
{
    private const int Rows = 24;
    private const int Batches = 3;
    private const int BatchRows = 9; // 9, 9 and 6

    private static readonly string[] Aggregators =
    [
        .. MethodCatalog.Of(MethodKind.Aggregator).Select(entry => entry.Example),
        "graddrop:at=parameters",
        "mgda:at=representation",
        "upgrad:at=representation",
        "epo:at=representation",
        "nash-mtl:heads=weighted",
    ];

    private static readonly string[] Weightings =
    [
        .. MethodCatalog.Of(MethodKind.Weighting).Select(entry => entry.Example),
        "gradnorm:at=parameters",
        "gradnorm:at=representation",
        "excess-mtl:at=last-shared-layer",
        "dtp:kpi=training",
    ];

    private static readonly Variant[] Variants =
    [
        new("plain", Labels.All),
        new("looked at", Labels.All, recipe => recipe with { GradientRecordInterval = 1 }),
        new("with little memory", Labels.All, recipe => recipe with { RowMemory = 1 }),
        new("accumulated", Labels.All, Accumulated),
        new("with missing labels", Labels.Some),
        new("with missing labels, accumulated", Labels.Some, Accumulated),
        new("without a task", Labels.OfTwoTasks),
        new("with a term", Labels.All, HasTerm: true),
        new("with a term and missing labels, accumulated", Labels.Some, Accumulated, HasTerm: true),
    ];

    public static TheoryData<string> AllAggregators => [.. Aggregators];

    [Theory]
    [MemberData(nameof(AllAggregators))]
    public void A_step_is_what_the_definitions_say(string aggregator)
    {
        var first = Array.IndexOf(Aggregators, aggregator);
        var faults = Weightings.SelectMany(
            (weighting, turn) => FaultsOf(aggregator, weighting, [Variants[0], .. InTurn(first + turn)])
        );

        AssertNone(faults);
    }

    [Theory]
    [Trait("category", "slow")]
    [MemberData(nameof(AllAggregators))]
    public void A_step_is_what_the_definitions_say_in_every_way(string aggregator) =>
        AssertNone(Weightings.SelectMany(weighting => FaultsOf(aggregator, weighting, Variants)));

    [Fact]
    public void Every_way_meets_every_aggregator_and_every_weighting()
    {
        var pairs = Aggregators
            .Index()
            .SelectMany(one =>
                Weightings.Index().SelectMany(other => Met(one.Item, other.Item, one.Index + other.Index))
            )
            .ToHashSet();

        Assert.Equal((Aggregators.Length + Weightings.Length) * (Variants.Length - 1), pairs.Count);

        static IEnumerable<(string, string)> Met(string aggregator, string weighting, int turn) =>
            InTurn(turn)
                .SelectMany(variant =>
                    new[] { ($"aggregator {aggregator}", variant.Name), ($"weighting {weighting}", variant.Name) }
                );
    }

    /// <summary>Two of the ways to train that are not the plain one.</summary>
    private static IEnumerable<Variant> InTurn(int turn)
    {
        var others = Variants.Length - 1;
        return [Variants[1 + (turn % others)], Variants[1 + ((turn + (others / 2)) % others)]];
    }

    private static void AssertNone(IEnumerable<string> faults)
    {
        string[] found = [.. faults];
        Assert.True(found.Length == 0, string.Join("\n", found));
    }

    private static IEnumerable<string> FaultsOf(string aggregator, string weighting, IEnumerable<Variant> variants)
    {
        var told = new Dictionary<(Labels, bool), Dictionary<string, double[]>>();
        foreach (var variant in variants)
        {
            var method = new Method(aggregator, weighting, variant.HasTerm);
            var why = ReasonToRefuse(method, variant);
            string? fault;
            try
            {
                var found = Train(method, variant);
                if (!told.TryGetValue((variant.Labels, variant.HasTerm), out var expected))
                {
                    expected = told[(variant.Labels, variant.HasTerm)] = Recite(method, variant.Labels);
                }

                fault = why is null ? Difference(expected, found) : "was not refused";
            }
            catch (Exception failure) when (failure is NotSupportedException or ArgumentException)
            {
                fault =
                    why is not null && failure.Message.Contains(why, StringComparison.Ordinal)
                        ? null
                        : $"was refused: {failure.Message}";
            }

            if (fault is not null)
            {
                yield return $"{aggregator} + {weighting}, {variant.Name}: {fault}";
            }
        }
    }

    /// <summary>What has to be refused before training, and why; null where nothing has.</summary>
    private static string? ReasonToRefuse(Method method, Variant variant)
    {
        var aggregator = method.Aggregator();
        if (!variant.IsAccumulated || !aggregator.ReadsRepresentation)
        {
            return null;
        }

        using var network = method.Network();
        return aggregator.LocationIn(network, sharesInput: true) == GradientLocation.Representation
            ? "the shared representation, which differs from batch to batch"
            : null;
    }

    private static Dictionary<string, double[]> Train(Method method, Variant variant)
    {
        using var scope = torch.NewDisposeScope();
        using var data = Data(variant.Labels);
        using var network = method.Network();
        var (weighting, aggregator, term) = (method.Weighting(), method.Aggregator(), method.Term());
        var recipe = new Recipe
        {
            Weighting = weighting,
            Aggregator = aggregator,
            Auxiliaries = term is null ? [] : [term],
            Optimizer = new SgdOptimizer(Method.Rate, momentum: 0),
            Epochs = Method.Steps,
            Seed = Method.Seed,
            GradientRecordInterval = 0,
            Selection = new Latest(),
        };
        recipe = variant.Change?.Invoke(recipe) ?? recipe;
        using var train = data.Batches(recipe.AccumulatedBatches == 1 ? Rows : BatchRows);
        using var validation = data.Batches(Rows);
        var result = new Trainer(network, recipe).Fit(train, validation);
        Assert.Equal(0, result.SkippedSteps);
        return Method.Learned(network, weighting, aggregator, term);
    }

    private static Dictionary<string, double[]> Recite(Method method, Labels labels)
    {
        using var scope = torch.NewDisposeScope();
        using var data = Data(labels);
        using var network = method.Network();
        using var batches = data.Batches(Rows);
        using var batch = batches.Read(data.Tasks.All, new long[data.Tasks.Count]);
        return new Recital(network, batch, () => Evaluator.Evaluate(network, batches), method).Run();
    }

    /// <summary>Says where two results differ by more than rounding; null where they do not.</summary>
    private static string? Difference(Dictionary<string, double[]> expected, Dictionary<string, double[]> found)
    {
        foreach (var (name, numbers) in expected)
        {
            for (var i = 0; i < numbers.Length; i++)
            {
                var off = Math.Abs(numbers[i] - found[name][i]);
                if (!(off <= 1e-4 * (0.1 + Math.Abs(numbers[i]))))
                {
                    return $"{name}[{i}] is {found[name][i]:g6} instead of {numbers[i]:g6}";
                }
            }
        }

        return null;
    }

    private static Recipe Accumulated(Recipe recipe) => recipe with { AccumulatedBatches = Batches };

    /// <summary>Three tasks; the second batch has no label of the second task, and others are missing here and there.</summary>
    private static TensorData Data(Labels labels)
    {
        using var generator = new torch.Generator(1, torch.CPU);
        var input = torch.randn([Rows, Method.Features], generator: generator);
        var numbers = torch.randn([Rows], generator: generator);
        var kinds = torch.randint(0, 3, [Rows], generator: generator, dtype: ScalarType.Int64);
        var sold = torch.randn([Rows], generator: generator).gt(0).to(ScalarType.Float32);
        var (first, second) = (torch.ones([Rows]), torch.ones([Rows]));
        if (labels == Labels.Some)
        {
            first[torch.TensorIndex.Slice(2, 7)] = 0;
            second[torch.TensorIndex.Slice(BatchRows, 2 * BatchRows)] = 0;
            second[0] = 0;
        }
        else if (labels == Labels.OfTwoTasks)
        {
            second.zero_();
        }

        return TensorData.Shared(
            SmallNetworks.Tasks,
            input,
            [TaskTarget.FromRaw(numbers, first), TaskTarget.FromRaw(kinds, second), TaskTarget.FromRaw(sold)]
        );
    }

    /// <summary>Keeps the last epoch's parameters.</summary>
    private sealed class Latest : CheckpointSelection
    {
        private int epochs;

        public override double Score(TaskSet tasks, Evaluation validation) => ++epochs;
    }

    private enum Labels
    {
        All,
        Some,
        OfTwoTasks,
    }

    private sealed record Variant(string Name, Labels Labels, Func<Recipe, Recipe>? Change = null, bool HasTerm = false)
    {
        public bool IsAccumulated => Name.EndsWith("accumulated", StringComparison.Ordinal);
    }
}
