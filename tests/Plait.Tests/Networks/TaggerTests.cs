using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Optimization;
using Plait.Optimization.Distillation;
using Plait.Optimization.GradientModulation;
using Plait.Optimization.Regularization;
using Plait.Tasks;
using Plait.Tests.Data;
using Plait.Tests.Training;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Networks;

/// <summary>Tags of tokens and labels of rows, learned together.</summary>
[Collection("torch")]
public sealed class TaggerTests
{
    private const int Padding = 6;

    public static TheoryData<string> Terms => ["soft", "mt-dnn", "annealing", "features", "adversary"];

    [Theory]
    [InlineData("hps")]
    [InlineData("single-task")]
    public void It_learns_what_the_token_before_decides(string architecture)
    {
        using var train = SmallSentences.Data(160);
        using var test = SmallSentences.Data(80, seed: 5);
        using var network = Create(architecture);

        Train(network, train, epochs: 8);

        using var batches = test.Batches(32);
        var found = Evaluator.Evaluate(network, batches).Metrics;
        Assert.InRange(MajorityShare(test), 0.3, 0.6);
        Assert.True(found["tag", "accuracy"] > 0.9, $"of the tags {found["tag", "accuracy"]} are right");
        Assert.True(found["large", "auc"] > 0.85, $"the area under the curve of rows is {found["large", "auc"]}");
    }

    [Theory]
    [InlineData("hps")]
    [InlineData("single-task")]
    [InlineData("grouped")]
    public void Losses_and_gradients_do_not_hang_on_padding(string architecture)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create(architecture);
        var (narrow, wide) = (Pass(padding: 0), Pass(Padding));

        Assert.All(narrow.Zip(wide), pair => Assert.Equal(pair.First, pair.Second, 1e-6));

        IEnumerable<double> Pass(int padding)
        {
            using var data = SmallSentences.Data(9, padding, filler: 7);
            network.zero_grad();
            var batch = Batch(data);
            var outputs = network.Forward(batch, network.Tasks.All);
            var losses = network.Tasks.Select(
                (task, place) => task.Loss.Compute(outputs[place], batch.TargetOf(place))
            );
            Tensor[] all = [.. losses];
            (all[0] + all[1]).backward();
            return
            [
                .. all.Select(loss => loss.ToDouble()),
                .. network.parameters().SelectMany(parameter => Numbers.Read(parameter.grad!)),
            ];
        }
    }

    [Theory]
    [InlineData("sum")]
    [InlineData("pcgrad")]
    [InlineData("mgda:at=representation")]
    public void A_training_does_not_hang_on_how_far_rows_are_padded(string aggregator)
    {
        using var narrow = SmallSentences.Data(48);
        using var wide = SmallSentences.Data(48, Padding, filler: 7);
        using var network = Create("hps");
        using var other = Create("hps");

        Train(network, narrow, epochs: 2, aggregator);
        Train(other, wide, epochs: 2, aggregator);

        using var scope = torch.NewDisposeScope();
        foreach (var (one, two) in network.parameters().Zip(other.parameters()))
        {
            Assert.Equal(0, (one - two).abs().max().item<float>(), 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Terms))]
    public void What_teachers_and_adversaries_say_does_not_hang_on_padding(string term)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create("hps");
        using var teachers = Teachers.Of(Create("hps", seed: 8));
        AuxiliaryLoss auxiliary = term switch
        {
            "soft" => new SoftTargets(teachers),
            "mt-dnn" => new MtDnnDistillation(teachers),
            "annealing" => new TeacherAnnealing(teachers),
            "features" => new FeatureDistillation(teachers),
            _ => new AdversarialGradients(weight: 0.5),
        };
        auxiliary.Begin(network);

        var (narrow, wide) = (Pass(padding: 0), Pass(Padding));

        Assert.All(narrow.Zip(wide), pair => Assert.Equal(pair.First, pair.Second, 1e-5));

        double[] Pass(int padding)
        {
            using var data = SmallSentences.Data(9, padding, filler: 7);
            var batch = Batch(data);
            var outputs = network.Forward(batch, network.Tasks.All, cut: auxiliary.NeedsRepresentation);
            var pass = new ForwardResult(network, batch, outputs, new StepContext { Tasks = network.Tasks });
            return
            [
                .. network.Tasks.Select(
                    (task, place) =>
                    {
                        var loss = task.Loss.Compute(outputs[place], batch.TargetOf(place));
                        var taught = auxiliary.Add(loss, place, pass);
                        Assert.NotEqual(loss.ToDouble(), taught.ToDouble());
                        return taught.ToDouble();
                    }
                ),
            ];
        }
    }

    [Fact]
    public void It_resumes_in_the_same_bits()
    {
        using var data = SmallSentences.Data(40);
        using var source = data.Batches(8, shuffleSeed: 5);

        Resumption.AssertSameBits(
            () => new Recipe { Optimizer = new AdamOptimizer(0.02), Epochs = 6 },
            () => Create("hps"),
            source,
            source
        );
    }

    [Fact]
    public void A_saved_network_tags_rows_of_other_lengths_with_their_mask()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Create("hps");
        using var loaded = Create("hps", seed: 8);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            NetworkState.Save(network, path);
            NetworkState.Load(loaded, path);
        }
        finally
        {
            File.Delete(path);
        }

        var tokens = torch.tensor(new long[] { 1, 2, 3, 4, 5, 0, 0, 0 }).view(2, 4);
        var input = new BatchInput(tokens, torch.tensor(new long[] { 4, 1 }));
        var tasks = network.Tasks.All;

        var said = network.Forward(MultiTaskBatch.Unlabelled(tasks, input), tasks);
        var again = loaded.Forward(MultiTaskBatch.Unlabelled(tasks, input), tasks);
        var alone = loaded.Forward(MultiTaskBatch.Unlabelled(tasks, tokens[1..].narrow(1, 0, 1)), tasks);

        var mask = said.FeaturesOf(0)!.Mask!;
        Assert.Equal([2L, 4], network.Tasks[0].Answer.Decide(said[0]).shape);
        Assert.Equal([true, true, true, true, true, false, false, false], mask.data<bool>().ToArray());
        Assert.Equal(Numbers.Read(said[0]), Numbers.Read(again[0]));
        Assert.True(alone[0].allclose(again[0][1..].narrow(2, 0, 1), 1e-5, 1e-6));
        Assert.True(alone[1].allclose(again[1][1..], 1e-5, 1e-6));
    }

    [Fact]
    public void The_catalogue_makes_its_encoder_and_refuses_other_rows()
    {
        using var data = SmallSentences.Data(8);
        var run = new RunSpecification { Network = "hps", Encoder = "token-convolutions:width=4,layers=1,window=5" };

        using var network = run.CreateNetwork(data.Tasks, data.InputSpec);

        Assert.Equal(new SequenceFeatures(4), network.FeatureSpecOf(0));
        var refused = Assert.Throws<FormatException>(() => run.CreateNetwork(data.Tasks, new VectorInput(6)));
        Assert.Equal(
            "'token-convolutions' reads tokens, and the data gives vectors of 6 numbers; choose mlp.",
            refused.Message
        );
    }

    [Fact]
    public void What_cannot_draw_steps_together_refuses_them_before_training()
    {
        using var network = Create("hps");

        Assert.Throws<NotSupportedException>(() => new AsymmetricFeatures().Begin(network));
        Assert.Throws<NotSupportedException>(() => new GradientAdversarialTraining().Begin(network));
    }

    private static MultiTaskNetwork Create(string architecture, int seed = 7)
    {
        torch.manual_seed(seed);
        var input = new TokenInput(SmallSentences.Vocabulary, SmallSentences.Longest + Padding);
        return MethodCatalog.Create<MultiTaskNetwork>(
            architecture,
            SmallSentences.Tasks,
            new TokenConvolutions(input, width: 12, layers: 1)
        );
    }

    private static void Train(MultiTaskNetwork network, TensorData data, int epochs, string aggregator = "sum")
    {
        using var source = data.Batches(8, shuffleSeed: 2);
        var recipe = new Recipe
        {
            Optimizer = new AdamOptimizer(0.03),
            Epochs = epochs,
            Aggregator = MethodCatalog.Create<GradientAggregator>(aggregator),
        };
        new Trainer(network, recipe).Fit(source);
    }

    /// <summary>All rows as they are laid out.</summary>
    private static MultiTaskBatch Batch(TensorData data) =>
        MultiTaskBatch.Shared(data.Tasks.All, data.BatchInputOf(0), [data.TargetOf(0), data.TargetOf(1)]);

    private static double MajorityShare(TensorData data)
    {
        using var scope = torch.NewDisposeScope();
        var target = data.TargetOf(0);
        var tags = target.Values.masked_select(target.Present!.to(ScalarType.Bool));
        return tags.bincount(null).max().item<long>() / (double)target.PresentCount;
    }
}
