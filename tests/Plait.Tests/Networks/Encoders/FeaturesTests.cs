using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Networks.Heads;
using Plait.Networks.SharedTrunk;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Torch;

namespace Plait.Tests.Networks.Encoders;

[Collection("torch")]
public sealed class FeaturesTests
{
    private static readonly LearningTask Tag = LearningTask.Tagging("tag", 4);

    [Fact]
    public void Sequences_are_drawn_together_over_the_steps_that_count()
    {
        using var scope = torch.NewDisposeScope();
        var values = torch.arange(12).to(ScalarType.Float32).view(2, 2, 3);
        var features = new Features(values, torch.tensor(new[] { true, true, false, false, false, false }).view(2, 3));

        Assert.Equal([0.5, 3.5, 0, 0], Numbers.Read(features.Pooled()));
        Assert.Equal([0, 3, 1, 4], Numbers.Read(features.Counted()));
        Assert.Equal([0.5, 3.5, 0, 0], Numbers.Read(features.Flat()));
        Assert.Equal([1, 4, 7, 10], Numbers.Read(new Features(values).Pooled()));
        Assert.Equal([6L, 2], new Features(values).Counted().shape);
    }

    [Fact]
    public void Vectors_and_maps_count_whole()
    {
        using var scope = torch.NewDisposeScope();
        Features vector = torch.randn(2, 5);
        Features map = torch.randn(2, 5, 3, 4);

        Assert.Same(vector.Values, vector.Pooled());
        Assert.Same(map.Values, map.Counted());
        Assert.True(map.Values.mean([2L, 3]).allclose(map.Pooled()));
        Assert.Equal([2L, 60], map.Flat().shape);
    }

    [Fact]
    public void A_description_has_sizes_where_all_rows_have_the_same()
    {
        Assert.Equal(new VectorFeatures(5), FeatureSpec.OfShape([5]));
        Assert.Equal(new MapFeatures(5, 3, 4), FeatureSpec.OfShape([5, 3, 4]));
        Assert.Equal([5L, 3, 4], FeatureSpec.OfShape([5, 3, 4]).Shape);
        Assert.Null(new SequenceFeatures(7).Shape);
        Assert.Equal("a sequence of vectors of 7 numbers", new SequenceFeatures(7).ToString());
        Assert.Throws<ArgumentException>(() => FeatureSpec.OfShape([5, 3]));
    }

    [Fact]
    public void A_head_of_steps_answers_at_each_of_them()
    {
        using var scope = torch.NewDisposeScope();
        using var head = Head.For(Tag, new SequenceFeatures(5), [], [6]);
        var values = torch.randn(2, 5, 3);

        var output = head.call(values);

        Assert.Equal([2L, 4, 3], output.shape);
        Assert.True(output.select(2, 1).allclose(head.call(values.narrow(2, 1, 1)).squeeze(2), 1e-4, 1e-6));
    }

    [Fact]
    public void A_head_of_rows_reads_the_mean_of_the_steps_that_count()
    {
        using var scope = torch.NewDisposeScope();
        using var head = Head.For(LearningTask.Regression("price"), new SequenceFeatures(5), []);
        var values = torch.randn(2, 5, 3);
        var mask = torch.tensor(new[] { true, true, false, true, true, true }).view(2, 3);

        var output = head.call(new Features(values, mask));

        var (weight, bias) = (head.get_parameter("weight")!, head.get_parameter("bias")!);
        Assert.True(output.allclose(new Features(values, mask).Pooled().mm(weight.t()) + bias, 1e-4, 1e-6));
    }

    [Fact]
    public void What_does_not_go_together_is_refused_with_what_would()
    {
        var depth = LearningTask.Depth("depth");
        using var vectors = new Mlp(6, [4]);
        using var maps = new TinyResNet([3, 16, 16], width: 4);

        Assert.Contains(
            "choose an encoder that ends in a sequence",
            Refused(() => Head.For(Tag, vectors)),
            StringComparison.Ordinal
        );
        Assert.Contains("reads a map of", Refused(() => Head.For(Tag, maps)), StringComparison.Ordinal);
        Assert.Contains(
            "choose an encoder that ends in a sequence",
            Refused(() => Head.For(Tag, 4)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "choose an encoder that ends in a map",
            Refused(() => Head.For(depth, new SequenceFeatures(4), [])),
            StringComparison.Ordinal
        );

        static string Refused(Func<object> make) => Assert.Throws<NotSupportedException>(make).Message;
    }

    [Fact]
    public void Parameters_of_heads_are_called_as_their_layers()
    {
        using var encoder = new TinyResNet([3, 16, 16], width: 4);
        using var network = new HardSharing(
            new TaskSet(LearningTask.Regression("price"), LearningTask.Depth("depth")),
            encoder
        );
        using var deep = new HardSharing(new TaskSet(LearningTask.Regression("price")), new Mlp(6, [4]), [3]);

        Assert.Contains("heads.0.2.weight", network.state_dict().Keys);
        Assert.Contains("heads.1.0.1.running_mean", network.state_dict().Keys);
        Assert.Equal(
            network.state_dict().Keys.Order(),
            network
                .named_parameters()
                .Select(pair => pair.name)
                .Concat(network.named_buffers().Select(pair => pair.name))
                .Order()
        );
        Assert.Equal(
            ["heads.0.0.bias", "heads.0.0.weight", "heads.0.2.bias", "heads.0.2.weight"],
            deep.state_dict().Keys.Where(name => name.StartsWith("heads", StringComparison.Ordinal)).Order()
        );
    }

    [Fact]
    public void Convolutions_of_tokens_see_their_window_and_no_padding()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        using var encoder = new TokenConvolutions(new TokenInput(9, 12), width: 4, layers: 2);
        var tokens = torch.randint(0, 9, [1, 7], ScalarType.Int64);
        var lengths = torch.tensor(new long[] { 7 });
        var padded = torch.cat([tokens, torch.full([1, 4], 3, ScalarType.Int64)], 1);
        var changed = tokens.clone();
        changed[0, 0] = (tokens[0, 0] + 1) % 9;

        var features = encoder.Features(new BatchInput(tokens));
        var wide = encoder.Features(new BatchInput(padded, lengths));
        var other = encoder.Features(new BatchInput(changed)).Values;

        Assert.Equal([1L, 4, 7], features.Values.shape);
        Assert.Null(features.Mask);
        Assert.True(features.Values.allclose(wide.Values.narrow(2, 0, 7), 1e-5, 1e-6));
        Assert.Equal(0, wide.Values.narrow(2, 7, 4).abs().max().item<float>());
        Assert.Equal(7, wide.Mask!.sum().item<long>());
        // Two layers of a window of three see two tokens to either side.
        Assert.True(features.Values.narrow(2, 3, 4).allclose(other.narrow(2, 3, 4)));
        Assert.False(features.Values.narrow(2, 0, 3).allclose(other.narrow(2, 0, 3)));
        Assert.Throws<ArgumentException>(() => new TokenConvolutions(new TokenInput(9, 4), window: 2));
        Assert.Throws<NotSupportedException>(() => encoder.OutputShape);
        using var replica = encoder.Replicate();
        Assert.Equal(encoder.Output, replica.Output);
    }
}
