using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Tests.Training;
using Plait.Training;

namespace Plait.Tests.Data;

[Collection("torch")]
public sealed class InputSpecTests
{
    [Fact]
    public void A_list_of_sizes_is_a_description()
    {
        InputSpec vectors = new long[] { 6 };
        InputSpec images = new long[] { 3, 8, 9 };

        Assert.Equal(new VectorInput(6), vectors);
        Assert.Equal(new ImageInput(3, 8, 9), images);
        Assert.Equal(new ArrayInput([2, 5]), InputSpec.OfShape([2, 5]));
        Assert.Equal("images of 3 x 8 x 9", images.ToString());
    }

    [Fact]
    public void Rows_suggest_their_description_and_fit_it()
    {
        using var scope = torch.NewDisposeScope();
        var tokens = SmallTexts.Draw(30, 0, 0, 0).Input;
        var steps = new BatchInput(torch.randn(2, 7, 3), torch.tensor(new long[] { 7, 2 }));
        BatchInput[] inputs = [torch.randn(2, 6), torch.randn(2, 3, 4, 4), torch.randn(2, 5, 4), tokens, steps];
        InputSpec[] expected =
        [
            new VectorInput(6),
            new ImageInput(3, 4, 4),
            new ArrayInput([5, 4]),
            new TokenInput(SmallTexts.Vocabulary, SmallTexts.Longest),
            new SequenceInput(3, 7),
        ];

        Assert.Equal(expected, inputs.Select(InputSpec.Of));
        Assert.All(inputs.Zip(expected), pair => Assert.Null(pair.Second.FaultOf(pair.First)));
        Assert.Null(new AudioInput(8000, 3, 9).FaultOf(steps));
        Assert.Null(new SetInput(3, 9).FaultOf(steps));
    }

    [Fact]
    public void Series_of_numbers_are_no_tokens()
    {
        using var scope = torch.NewDisposeScope();
        var lengths = torch.tensor(new long[] { 7, 2 });

        var fault = Assert.Throws<ArgumentException>(() => InputSpec.Of(new BatchInput(torch.randn(2, 7), lengths)));

        Assert.Contains("got Float32 [2, 7]", fault.Message, StringComparison.Ordinal);
        Assert.Equal(new SequenceInput(1, 7), InputSpec.Of(new BatchInput(torch.randn(2, 7).unsqueeze(2), lengths)));
    }

    [Fact]
    public void Tokens_of_no_row_have_a_vocabulary_of_one()
    {
        using var scope = torch.NewDisposeScope();
        var none = new BatchInput(torch.zeros(0, 3, ScalarType.Int64), torch.zeros(0, ScalarType.Int64));

        Assert.Equal(new TokenInput(1, 3), InputSpec.Of(none));
    }

    [Fact]
    public void Other_rows_are_told_in_one_line()
    {
        using var scope = torch.NewDisposeScope();
        var tokens = SmallTexts.Draw(3, 0, 0, 0).Input;
        var parts = new PartsInput(new Dictionary<string, InputSpec> { ["image"] = new ImageInput(1, 2, 2) });

        Assert.Equal(
            "vectors of 6 numbers are expected; these are rows of shape [12], of different lengths.",
            new VectorInput(6).FaultOf(tokens)
        );
        Assert.Equal(
            "tokens of a vocabulary of 20, up to 12 a row are expected; these are Float32 of shape [12].",
            new TokenInput(20, 12).FaultOf(torch.zeros(2, 12))
        );
        Assert.Equal(
            "The part 'image' is expected (images of 1 x 2 x 2); these rows have one tensor without a name.",
            parts.FaultOf(tokens)
        );
        Assert.StartsWith(
            "Part 'image': images of 1 x 2 x 2 are expected",
            parts.FaultOf(new BatchInput(new InputPart("image", torch.zeros(2, 3)))),
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => new TokenInput(5, 12).Require(tokens));
    }

    [Fact]
    public void An_encoder_of_the_catalogue_that_reads_other_rows_is_refused_with_one_that_fits()
    {
        var specification = new RunSpecification { Encoder = "lenet:dropout=0.1" };

        var flat = Assert.Throws<FormatException>(() => specification.CreateNetwork(SmallRuns.Tasks, [6]));
        var words = Assert.Throws<FormatException>(() =>
            specification.CreateNetwork(SmallRuns.Tasks, new TokenInput(20, 12))
        );

        Assert.Equal("'lenet' reads images, and the data gives vectors of 6 numbers; choose mlp.", flat.Message);
        Assert.Equal(
            "'lenet' reads images, and the data gives tokens of a vocabulary of 20, up to 12 a row; choose bag-of-embeddings.",
            words.Message
        );
    }

    [Fact]
    public void Rows_of_several_parts_are_advised_the_encoder_of_parts()
    {
        var specification = new RunSpecification { Encoder = "lenet" };
        var parts = new PartsInput(new Dictionary<string, InputSpec> { ["image"] = new ImageInput(1, 2, 2) });

        var fault = Assert.Throws<FormatException>(() => specification.CreateNetwork(SmallRuns.Tasks, parts));

        Assert.EndsWith("choose PartsEncoder.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_of_another_encoder_is_refused_before_a_parameter_moves()
    {
        using var data = SmallTexts.Data(16);
        using var train = data.Batches(8);
        using var network = new HardSharing(SmallTexts.Tasks, new Mlp(6));

        var fault = Assert.Throws<ArgumentException>(() => new Trainer(network, new Recipe { Epochs = 1 }).Fit(train));

        Assert.Contains("'share' brings rows that Mlp does not read", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("An encoder that reads them is bag-of-embeddings.", fault.Message, StringComparison.Ordinal);
    }
}
