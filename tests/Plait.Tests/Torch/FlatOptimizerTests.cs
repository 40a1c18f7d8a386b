using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;
using Plait.Training;
using static TorchSharp.torch.optim;
using Parameter = TorchSharp.Modules.Parameter;

namespace Plait.Tests.Torch;

[Collection("torch")]
public sealed class FlatOptimizerTests
{
    private const int Steps = 100;

    public static TheoryData<string> Kinds =>
        ["adam", "adam-decay", "adamw", "sgd", "sgd-momentum-decay", "sgd-nesterov"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Flat_optimizer_moves_parameters_as_TorchSharps_does(string kind)
    {
        using var scope = torch.NewDisposeScope();
        var (choice, create) = Pair(kind);
        var flat = Network();
        var plain = Network();
        var storage = flat.Storage;
        using var mine = (FlatOptimizer)choice.Create(storage, All(storage), decays: true);
        using var theirs = create(plain.parameters());
        for (var step = 0; step < Steps; step++)
        {
            foreach (var (a, b) in flat.parameters().Zip(plain.parameters()))
            {
                using var gradient = torch.randn_like(b);
                using var place = a.grad!;
                place.copy_(gradient);
                b.grad = gradient.clone();
            }

            mine.step();
            theirs.step();
        }

        foreach (var (a, b) in flat.parameters().Zip(plain.parameters()))
        {
            Assert.True(
                a.sub(b).abs().max().item<float>() < 1e-6,
                $"{kind} differs by {a.sub(b).abs().max().item<float>()}"
            );
        }
    }

    [Fact]
    public void Adam_state_saved_and_loaded_goes_on_bit_for_bit()
    {
        using var scope = torch.NewDisposeScope();
        var (first, firstStorage, firstOptimizer) = Started();
        var (second, secondStorage, secondOptimizer) = Started();
        var state = new StateDictionary();
        Random(firstStorage, firstOptimizer, 5, seed: 1);
        ((IStateful)firstOptimizer).Save(state);
        secondStorage.Values.copy_(firstStorage.Values);
        ((IStateful)secondOptimizer).Load(state);
        Random(firstStorage, firstOptimizer, 5, seed: 2);
        Random(secondStorage, secondOptimizer, 5, seed: 2);
        Assert.True(firstStorage.Values.equal(secondStorage.Values).all().item<bool>());
        GC.KeepAlive((first, second));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parameters_that_do_not_learn_keep_their_values_and_their_state_and_go_on_as_if_the_step_had_not_been(
        string kind
    )
    {
        using var scope = torch.NewDisposeScope();
        var storage = Network().Storage;
        using var optimizer = (FlatOptimizer)Pair(kind).Item1.Create(storage, All(storage), decays: true);
        Random(storage, optimizer, 2, seed: 1);
        var resting = storage.PlacesOf(0);
        var range = storage.RangeOf(0);
        bool[] learns =
        [
            .. Enumerable
                .Range(0, storage.Parameters.Count)
                .Select(i => i < resting.First || i >= resting.First + resting.Count),
        ];
        var (values, state) = (storage.Values.clone(), StateOf(optimizer));

        optimizer.Step(learns);

        Assert.Equal(Bits(values, range), Bits(storage.Values, range));
        Assert.NotEqual(Bits(values), Bits(storage.Values));
        foreach (var (name, before, after) in Pairs(state, StateOf(optimizer)))
        {
            var own = name == "steps" ? resting : range;
            Assert.Equal(Bits(before, own), Bits(after, own));
        }
    }

    [Fact]
    public void A_step_of_all_that_stand_alike_is_one_call_over_the_whole()
    {
        using var scope = torch.NewDisposeScope();
        var options = new AdamOptions(0.9, 0.999, 1e-8, 0.1);
        var storage = Network().Storage;
        using var optimizer = new FlatAdam(storage, 0.01, options, decoupled: false);
        var (values, mean, square) = (
            storage.Values.clone(),
            torch.zeros_like(storage.Values),
            torch.zeros_like(storage.Values)
        );
        for (var step = 1; step <= 3; step++)
        {
            Random(storage, optimizer, 1, seed: step);
            using var noGrad = torch.no_grad();
            FusedKernels.Adam(
                new([values], [storage.Gradients], [mean], [square], [torch.tensor((float)step)]),
                0.01,
                options,
                decoupled: false
            );
        }

        Assert.Equal(Bits(values), Bits(storage.Values));
    }

    [Fact]
    public void Adam_state_of_another_number_of_parameters_is_refused()
    {
        using var scope = torch.NewDisposeScope();
        var (network, _, optimizer) = Started();
        var state = StateOf(optimizer);
        state.Set("steps", [1L, 2L]);

        var failure = Assert.Throws<InvalidDataException>(() => optimizer.Load(state));

        Assert.Contains("2 parameters", failure.Message, StringComparison.Ordinal);
        GC.KeepAlive(network);
    }

    private static StateDictionary StateOf(FlatOptimizer optimizer)
    {
        var state = new StateDictionary();
        optimizer.Save(state);
        return state;
    }

    private static IEnumerable<(string Name, Tensor Before, Tensor After)> Pairs(
        StateDictionary before,
        StateDictionary after
    ) => before.Names.Select(name => (name, before.Tensor(name), after.Tensor(name)));

    private static byte[] Bits(Tensor whole) => whole.bytes.ToArray();

    private static byte[] Bits(Tensor whole, (long Start, long Length) range) =>
        whole.narrow(0, range.Start, range.Length).clone().bytes.ToArray();

    private static int[] All(FlatParameters storage) => [.. Enumerable.Range(0, storage.Parameters.Count)];

    private static (HardSharing, FlatParameters, FlatOptimizer) Started()
    {
        var network = Network();
        var storage = network.Storage;
        return (network, storage, (FlatOptimizer)new AdamOptimizer().Create(storage, All(storage), decays: true));
    }

    private static void Random(FlatParameters storage, Optimizer optimizer, int steps, long seed)
    {
        torch.manual_seed(seed);
        for (var step = 0; step < steps; step++)
        {
            using var gradient = torch.randn_like(storage.Gradients);
            storage.Gradients.copy_(gradient);
            optimizer.step();
        }
    }

    private static HardSharing Network()
    {
        torch.manual_seed(0);
        return new HardSharing(new TaskSet(LearningTask.Regression("a"), LearningTask.Binary("b")), new Mlp(6, [5, 4]));
    }

    private static (OptimizerFactory, Func<IEnumerable<Parameter>, Optimizer>) Pair(string kind) =>
        kind switch
        {
            "adam" => (new AdamOptimizer(0.01), p => torch.optim.Adam(p, 0.01)),
            "adam-decay" => (
                new AdamOptimizer(0.01, weightDecay: 0.1),
                p => torch.optim.Adam(p, 0.01, weight_decay: 0.1)
            ),
            "adamw" => (new AdamWOptimizer(0.01, weightDecay: 0.1), p => torch.optim.AdamW(p, 0.01, weight_decay: 0.1)),
            "sgd" => (new SgdOptimizer(0.01, momentum: 0), p => SGD(p, 0.01)),
            "sgd-momentum-decay" => (new SgdOptimizer(0.01, 0.9, 0.1), p => SGD(p, 0.01, 0.9, weight_decay: 0.1)),
            "sgd-nesterov" => (new SgdOptimizer(0.01, 0.9, nesterov: true), p => SGD(p, 0.01, 0.9, nesterov: true)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}
