using Plait.Networks.Encoders;
using Plait.Networks.Heads;

namespace Plait.Tests.Networks.Encoders;

[Collection("torch")]
public sealed class SegNetTests
{
    // The public code of Liu et al. 2019 compares parameters with 24,981,069, its SegNet with a head of 13 classes.
    [Fact]
    public void With_its_head_it_has_the_parameters_of_the_public_network()
    {
        using var encoder = new SegNet([3, 32, 32]);
        using var head = new SegNetHead().Build(13, encoder.OutputShape, 32, 32);

        Assert.Equal(24_981_069, encoder.parameters().Concat(head.parameters()).Sum(parameter => parameter.numel()));
    }

    [Theory]
    [InlineData(32, 48, "4,32,48 4,16,24 8,8,12 16,4,6 32,2,3")]
    [InlineData(37, 45, "4,37,45 4,18,22 8,9,11 16,4,5 32,2,2")]
    public void Unpooling_restores_the_size_of_every_block(long height, long width, string shapes)
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new SegNet([3, height, width], width: 4);
        encoder.eval();
        var input = torch.randn(2, 3, height, width);

        Assert.Equal(shapes.Split(' '), encoder.ScaleShapes.Select(shape => string.Join(",", shape)));
        Assert.Equal(shapes.Split(' '), encoder.Scales(input).Select(scale => string.Join(",", scale.shape.Skip(1))));
        Assert.Equal([2L, 4, height, width], encoder.Features(input).shape);
    }

    [Fact]
    public void Values_return_to_where_their_maxima_stood()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new SegNet([1, 9, 11], width: 4, blocks: 3);
        encoder.eval();

        var pass = encoder.Trace(torch.randn(2, 1, 9, 11));

        for (var block = 0; block < encoder.EncoderBlocks.Count; block++)
        {
            var map = pass[block].Last;
            var unpooled = pass[^(block + 1)].Input;
            var (h, w) = (map.size(2) / 2 * 2, map.size(3) / 2 * 2);
            var largest = torch.nn.functional.interpolate(
                torch.nn.functional.max_pool2d(map, 2),
                size: [h, w],
                mode: torch.InterpolationMode.Nearest
            );
            var inside = map.narrow(2, 0, h).narrow(3, 0, w);
            var isMaximum = inside == largest;

            Assert.Equal(map.shape, unpooled.shape);
            Assert.False((unpooled.narrow(2, 0, h).narrow(3, 0, w).ne(0) & ~isMaximum).any().item<bool>());
            // An odd last row or column was not pooled, so nothing returns to it.
            Assert.Equal(
                unpooled.ne(0).sum().item<long>(),
                unpooled.narrow(2, 0, h).narrow(3, 0, w).ne(0).sum().item<long>()
            );
            Assert.True(unpooled.ne(0).any().item<bool>());
        }
    }

    [Fact]
    public void A_trace_has_every_blocks_features_in_the_order_of_the_pass()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new SegNet([3, 32, 32], width: 4);
        encoder.eval();
        var input = torch.randn(1, 3, 32, 32);

        var pass = encoder.Trace(input);

        SegNetBlock[] blocks = [.. encoder.EncoderBlocks, .. encoder.DecoderBlocks];
        Assert.Equal(10, pass.Count);
        Assert.Equal([4, 8, 16, 32, 32, 32, 16, 8, 4, 4], blocks.Select(block => block.Channels));
        foreach (var (block, features) in blocks.Zip(pass))
        {
            Assert.Equal(block.Inputs, features.Input.size(1));
            Assert.Equal(block.Channels, features.First.size(1));
            Assert.True(block.call(features.Input).allclose(features.Last));
            Assert.Equal([block.Channels, .. features.Input.shape.Skip(2)], features.Last.shape.Skip(1));
        }

        Assert.True(pass[^1].Last.allclose(encoder.Features(input)));
        // Two convolutions in the two finest blocks each way, three in the others.
        Assert.Equal(
            [2, 2, 3, 3, 3, 3, 3, 3, 2, 2],
            blocks.Select(block => block.modules().OfType<TorchSharp.Modules.Conv2d>().Count())
        );
    }

    [Fact]
    public void Every_parameter_learns_from_a_map_of_the_images_size()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new SegNet([3, 16, 16], width: 4, blocks: 3);
        encoder.Features(torch.randn(4, 3, 16, 16)).pow(2).sum().backward();

        Assert.All(
            encoder.parameters().Where(parameter => parameter.dim() > 1),
            parameter => Assert.NotEqual(0, parameter.grad!.abs().sum().item<float>())
        );
    }
}
