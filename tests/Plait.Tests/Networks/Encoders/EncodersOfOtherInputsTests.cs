using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tests.Data;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Networks.Encoders;

/// <summary>Encoders of tokens and of several parts, under architectures that know of neither.</summary>
[Collection("torch")]
public sealed class EncodersOfOtherInputsTests
{
    public static TheoryData<string> Architectures => ["hps", "mmoe", "cross-stitch", "single-task", "mtan"];

    [Fact]
    public void A_bag_of_embeddings_is_their_mean_over_the_tokens_alone()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var encoder = new BagOfEmbeddings(new TokenInput(6, 4), width: 3);
        var vectors = encoder.get_parameter("embedding.weight")!;
        var input = new BatchInput(
            torch.tensor(new long[] { 1, 5, 2, 2, 3, 3, 3, 3 }).view(2, 4),
            torch.tensor(new long[] { 2, 0 })
        );

        var features = encoder.Features(input).Values;

        Assert.True(features[0].allclose((vectors[1] + vectors[5]) / 2));
        Assert.Equal([0f, 0, 0], Numbers.Read(features[1]).Select(value => (float)value));
        Assert.True(
            encoder
                .Features(new BatchInput(input.Values))
                .Values[0]
                .allclose(vectors[torch.tensor(new long[] { 1, 5, 2, 2 })].mean([0L]))
        );
    }

    [Fact]
    public void A_convolution_over_tokens_looks_as_far_to_either_side_and_its_features_are_rectified()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var encoder = new TokenConvolutions(new TokenInput(6, 4), width: 3, layers: 1, window: 5);
        var tokens = torch.tensor(new long[] { 1, 5, 2, 2, 3, 4, 0, 3 }).view(2, 4);
        var vectors = encoder.get_parameter("embedding.weight")![tokens].transpose(1, 2);
        var weight = encoder.get_parameter("convolutions.0.weight")!;
        var expected = torch.nn.functional.conv1d(
            vectors,
            weight,
            encoder.get_parameter("convolutions.0.bias"),
            padding: 2
        );

        var features = encoder.Features(new BatchInput(tokens)).Values;

        Assert.True((expected < 0).any().item<bool>());
        Assert.True(features.allclose(expected.relu()));
    }

    [Fact]
    public void Every_convolution_over_tokens_learns()
    {
        using var encoder = new TokenConvolutions(new TokenInput(6, 4), width: 3, layers: 2, window: 3);

        Assert.Equal((6 * 3) + (2 * ((3 * 3 * 3) + 3)), encoder.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Outputs_and_gradients_do_not_hang_on_padding(string architecture)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        using var network = Create(
            architecture,
            SmallTexts.Tasks,
            new BagOfEmbeddings(new TokenInput(SmallTexts.Vocabulary, 40), width: 5, [6])
        );
        var (narrow, wide) = (Pass(padding: 0), Pass(padding: 25));

        Assert.All(narrow.Zip(wide), pair => Assert.Equal(pair.First, pair.Second, 1e-6));

        IEnumerable<double> Pass(int padding)
        {
            var (input, share, _) = SmallTexts.Draw(9, padding, filler: 7, seed: 3);
            Assert.Equal(SmallTexts.Longest + padding, input.Values.size(1));
            network.zero_grad();
            var outputs = network.Forward(MultiTaskBatch.Unlabelled(network.Tasks.All, input), network.Tasks.All);
            (outputs[0].squeeze(1) - share).square().mean().add(outputs[1].mean()).backward();
            return
            [
                .. Numbers.Read(outputs[0]),
                .. Numbers.Read(outputs[1]),
                .. network.parameters().SelectMany(parameter => Numbers.Read(parameter.grad!)),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_training_on_tokens_learns_and_does_not_hang_on_padding(string architecture)
    {
        using var narrow = SmallTexts.Data(192);
        using var wide = SmallTexts.Data(192, padding: 17, filler: 7);
        using var test = SmallTexts.Data(200, seed: 5);

        var (losses, held) = Train(narrow, test);
        var (again, _) = Train(wide, test);

        Assert.All(losses.Zip(again), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        Assert.True(losses[^1] < 0.75 * losses[0], $"the losses went from {losses[0]} to {losses[^1]}");
        Assert.True(held < 0.9 * losses[0], $"the losses of other rows are {held}");

        (double[] Losses, double Held) Train(TensorData data, TensorData other)
        {
            torch.manual_seed(11);
            using var network = Create(
                architecture,
                SmallTexts.Tasks,
                new BagOfEmbeddings(new TokenInput(SmallTexts.Vocabulary, SmallTexts.Longest + 17), width: 12, [12])
            );
            var sums = new List<double> { Loss(network, data) };
            using var train = data.Batches(16, shuffleSeed: 2);
            new Trainer(network, new Recipe { Optimizer = new AdamOptimizer(0.02), Epochs = 6 }).Fit(train);
            sums.Add(Loss(network, data));
            return ([.. sums], Loss(network, other));
        }
    }

    [Theory]
    [InlineData("hps")]
    [InlineData("mmoe")]
    public void A_training_on_parts_that_some_rows_lack_learns_and_never_reads_what_is_not_there(string architecture)
    {
        var plain = Train(filler: 0);
        var filled = Train(filler: 1e3f);

        Assert.Equal(plain.After, filled.After, 1e-6);
        Assert.True(plain.After < 0.6 * plain.Before, $"the losses went from {plain.Before} to {plain.After}");

        (double Before, double After) Train(float filler)
        {
            using var scope = torch.NewDisposeScope();
            using var data = PicturesAndNumbers(filler);
            torch.manual_seed(12);
            var encoder = new PartsEncoder(
                ("picture", new TinyResNet([1, 8, 8], width: 4)),
                ("numbers", new Mlp(3, [8]))
            );
            using var network = Create(architecture, data.Tasks, encoder);
            using var train = data.Batches(16, shuffleSeed: 2);
            var before = Loss(network, data);
            new Trainer(network, new Recipe { Optimizer = new AdamOptimizer(0.02), Epochs = 8 }).Fit(train);
            return (before, Loss(network, data));
        }
    }

    [Fact]
    public void A_row_without_a_part_has_the_learned_vector_in_its_place()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new PartsEncoder(("a", new Mlp(2, [])), ("b", new Mlp(1, [])));
        Assert.Equal([0, 0, 0], encoder.parameters().Where(vector => vector.dim() == 1).SelectMany(Numbers.Read));
        using (torch.no_grad())
        {
            encoder.get_parameter("absent.1")!.fill_(9);
        }

        var input = new BatchInput(
            new InputPart("a", torch.tensor(new float[] { 1, 2, 3, 4 }).view(2, 2)),
            new InputPart(
                "b",
                torch.tensor(new float[] { 5, 6 }).view(2, 1),
                Present: torch.tensor(new[] { true, false })
            )
        );

        Assert.Equal([1, 2, 5, 3, 4, 9], Numbers.Read(encoder.Features(input).Values));
        Assert.Equal([3L], encoder.OutputShape);
        Assert.Equal([3L], encoder.Replicate().OutputShape);
        Assert.Throws<ArgumentException>(() => new PartsEncoder());
    }

    [Theory]
    [InlineData("phn")]
    [InlineData("pamal")]
    [InlineData("cosmos")]
    public void An_architecture_that_cannot_take_such_an_encoder_refuses_it_by_name(string architecture)
    {
        using var encoder = new BagOfEmbeddings(new TokenInput(9, 4));

        var fault = Assert.Throws<NotSupportedException>(() => Create(architecture, SmallTexts.Tasks, encoder));

        Assert.Contains("BagOfEmbeddings", fault.Message, StringComparison.Ordinal);
    }

    private static double Loss(MultiTaskNetwork network, TensorData data)
    {
        using var batches = data.Batches(64);
        return Evaluator.Evaluate(network, batches).Losses.Sum();
    }

    private static MultiTaskNetwork Create(string architecture, TaskSet tasks, Encoder encoder) =>
        Plait.Catalogue.MethodCatalog.Create<MultiTaskNetwork>(architecture, tasks, encoder);

    /// <summary>How bright a picture is, and the sum of some numbers; a third of the rows lacks either.</summary>
    private static TensorData PicturesAndNumbers(float filler)
    {
        using var generator = new torch.Generator(3, torch.CPU);
        var pictures =
            torch.rand([96, 1, 8, 8], generator: generator) + torch.rand([96, 1, 1, 1], generator: generator);
        var numbers = torch.randn([96, 3], generator: generator);
        var bright = pictures.mean([1L, 2, 3]);
        var sum = numbers.sum(1L);
        var place = torch.arange(96, ScalarType.Int64).remainder(3);
        var (seen, known) = (place.ne(0), place.ne(1));
        var input = new BatchInput(
            new InputPart(
                "picture",
                torch.where(seen.view(-1, 1, 1, 1), pictures, torch.full_like(pictures, filler)),
                Present: seen
            ),
            new InputPart(
                "numbers",
                torch.where(known.view(-1, 1), numbers, torch.full_like(numbers, filler)),
                Present: known
            )
        );
        return TensorData.Shared(
            new TaskSet(LearningTask.Regression("bright"), LearningTask.Regression("sum")),
            input,
            [TaskTarget.FromRaw(bright, seen), TaskTarget.FromRaw(sum, known)]
        );
    }
}
