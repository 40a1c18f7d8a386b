using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Conditional;
using Plait.Networks.Encoders;
using Plait.Optimization;
using Plait.Optimization.LossWeighting;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tests.Optimization;
using Plait.Training;

namespace Plait.Tests.Networks.Conditional;

/// <summary>What holds for every network that is asked for a trade-off.</summary>
[Collection("torch")]
public sealed class PreferenceNetworkTests
{
    private static readonly TaskSet Two = new(LearningTask.Regression("x"), LearningTask.Regression("y"));

    public static TheoryData<string> Names => ["phn", "cosmos", "pamal"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Another_preference_gives_other_answers_and_a_saved_network_keeps_its_own(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name, new Mlp(3, [4]));
        using var batch = MultiTaskBatch.Unlabelled(Two.All, torch.randn(5, 3));
        network.eval();
        network.Prefer(3, 1);
        var first = network.Forward(batch, Two.All)[0];
        using var file = new MemoryStream();
        NetworkState.Save(network, file);
        network.Prefer(1, 3);
        Assert.False(first.allclose(network.Forward(batch, Two.All)[0]));

        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, file.ToArray());
        using var other = Create(name, new Mlp(3, [4]), seed: 9);
        NetworkState.Load(other, path);
        File.Delete(path);
        other.eval();
        Assert.Equal([0.75, 0.25], other.Preference);
        Assert.True(first.allclose(other.Forward(batch, Two.All)[0]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_step_of_training_draws_its_own_preference_again_the_same(string name)
    {
        using var network = Create(name, new Mlp(3, [4]));
        network.BeginStep(StepContexts.At(step: 3));
        var drawn = network.Preference.ToArray();
        network.BeginStep(StepContexts.At(step: 4));
        Assert.NotEqual(drawn, network.Preference);
        network.BeginStep(StepContexts.At(step: 3));
        Assert.Equal(drawn, network.Preference);
        Assert.Equal(1, drawn.Sum(), 1e-12);
        network.eval();
        Assert.Equal([0.5, 0.5], network.Preference);
    }

    [Theory]
    [InlineData("phn")]
    [InlineData("cosmos")]
    [InlineData("pamal")]
    public void Images_go_through_convolutions(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(name, new LeNet([1, 20, 20]));
        using var batch = MultiTaskBatch.Unlabelled(Two.All, torch.randn(2, 1, 20, 20));

        var outputs = network.Forward(batch, Two.All);
        outputs[0].sum().backward();

        Assert.Equal([2L, 1], outputs[1].shape);
        Assert.All(network.SharedParameters, parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void The_manifold_goes_through_its_endpoints_and_their_middle()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create("pamal", new Mlp(3, []));
        using var batch = MultiTaskBatch.Unlabelled(Two.All, torch.randn(5, 3));
        network.eval();
        Tensor At(params double[] preference)
        {
            network.Prefer(preference);
            return network.Forward(batch, Two.All)[0];
        }

        // With linear layers alone, one a task, averaging parameters averages answers.
        Assert.True(At(1, 1).allclose((At(1, 0) + At(0, 1)) / 2, rtol: 1e-4, atol: 1e-6));
    }

    [Theory]
    [InlineData("phn", "preference", "sum")]
    [InlineData("phn", "equal", "epo")]
    [InlineData("phn", "equal", "pareto-mtl")]
    [InlineData("cosmos", "cosmos:lambda=0.01", "sum")]
    [InlineData("pamal", "preference", "sum")]
    public void One_training_learns_both_ends_of_a_front(string name, string weighting, string aggregator)
    {
        // Two targets of one input each through a layer of one unit: what helps one takes from the other.
        using var scope = torch.NewDisposeScope();
        var input = torch.randn([256, 2], generator: new torch.Generator(3));
        using var data = TensorData.Shared(
            Two,
            input,
            [TaskTarget.Of(input.select(1, 0)), TaskTarget.Of(input.select(1, 1))]
        );
        using var network = Create(name, new Narrow());
        var recipe = new Recipe
        {
            Weighting = MethodCatalog.Create<LossWeighting>(weighting),
            Aggregator = MethodCatalog.Create<GradientAggregator>(aggregator),
            Optimizer = new AdamOptimizer(0.01),
            Epochs = 60,
            GradientRecordInterval = 0,
        };
        using var batches = data.Batches(64, 1);
        new Trainer(network, recipe).Fit(batches);

        var first = Losses(network, data, 0.95, 0.05);
        var second = Losses(network, data, 0.05, 0.95);
        Assert.True(first[0] < 0.35 && first[1] > 0.6, $"{name} {first[0]:0.00}/{first[1]:0.00}");
        Assert.True(second[1] < 0.35 && second[0] > 0.6, $"{name} {second[0]:0.00}/{second[1]:0.00}");
    }

    [Theory]
    [InlineData("phn")]
    [InlineData("pamal")]
    public void Batch_normalisation_is_refused_with_what_to_do(string name)
    {
        var refused = Assert.Throws<NotSupportedException>(() => Create(name, new ResNet18([1, 32, 32], width: 2)));
        Assert.Contains("such as the encoders mlp and lenet", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Preferences_that_are_none_are_refused()
    {
        using var network = Create("phn", new Mlp(3, [4]));
        Assert.Throws<ArgumentException>(() => network.Prefer(1));
        Assert.Throws<ArgumentException>(() => network.Prefer(1, -1));
        Assert.Throws<ArgumentException>(() => network.Prefer(0, 0));
        Assert.Throws<ArgumentException>(() => network.Prefer(1, double.NaN));
        Assert.Throws<FormatException>(() =>
            MethodCatalog.Create<MultiTaskNetwork>("phn:alpha=0", Two, new Mlp(3, [4]))
        );
    }

    private static double[] Losses(PreferenceNetwork network, TensorData data, params double[] preference)
    {
        network.Prefer(preference);
        using var batches = data.Batches(256);
        return Evaluator.Evaluate(network, batches).Losses;
    }

    private static PreferenceNetwork Create(string name, Encoder encoder, long seed = 5)
    {
        torch.manual_seed(seed);
        return (PreferenceNetwork)MethodCatalog.Create<MultiTaskNetwork>(name, Two, encoder);
    }

    /// <summary>Two layers, of which the second has one unit.</summary>
    private sealed class Narrow(long inputs = 2)
        : Encoder(
            nameof(Narrow),
            [inputs],
            (torch.nn.Sequential(torch.nn.Linear(inputs, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1)), [1])
        )
    {
        protected override Encoder Another() => new Narrow(InputShape[0]);

        protected override Encoder AnotherFor(IReadOnlyList<long> inputShape) => new Narrow(inputShape[0]);
    }
}
