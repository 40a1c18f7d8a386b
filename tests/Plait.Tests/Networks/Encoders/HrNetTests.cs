using Plait.Networks.Encoders;

namespace Plait.Tests.Networks.Encoders;

[Collection("torch")]
public sealed class HrNetTests
{
    // HRNet-W18-small-v2 with the classification head has 15,597,464 parameters in its authors' code; its head alone:
    // four bottlenecks, three convolutions down the scales, one of 1 x 1 and the classifier.
    [Fact]
    public void It_has_the_parameters_of_the_public_network()
    {
        long[] inside = [32, 64, 128, 256];
        long[] channels = [18, 36, 72, 144];
        var bottlenecks = channels.Zip(inside).Sum(pair => Bottleneck(pair.First, pair.Second));
        var down = inside.Skip(1).Sum(width => (width * 4 * (width * 2) * 9) + (width * 4 * 3));
        var last = (1024 * 2048) + (2048 * 3) + (2048 * 1000) + 1000;
        using var encoder = new HrNet([3, 64, 64]);

        Assert.Equal(15_597_464 - bottlenecks - down - last, encoder.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Its_scales_have_strides_from_4_to_32_and_it_ends_in_all_of_them()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new HrNet([3, 64, 96]);
        encoder.eval();
        var input = torch.randn(1, 3, 64, 96);

        var scales = encoder.Scales(input);
        var features = encoder.Features(input);

        Assert.Equal(
            ["18,16,24", "36,8,12", "72,4,6", "144,2,3"],
            scales.Select(scale => string.Join(",", scale.shape.Skip(1)))
        );
        Assert.Equal([270L, 16, 24], encoder.OutputShape);
        var first = 0L;
        foreach (var scale in scales)
        {
            var part = features.narrow(1, first, scale.size(1));
            Assert.True(part.allclose(Enlargement.Resize(scale, 16, 24)));
            first += scale.size(1);
        }
    }

    [Fact]
    public void Every_scale_hears_of_every_other_one()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Small();
        encoder.eval();
        var streams = (ParallelStreams)encoder.Stages[2];
        var input = torch.randn(32, 32, 8, 8).requires_grad_(); // so many that no rectifier is closed to all of them
        var finest = streams.Scales(input)[0];
        var coarsest = streams.Scales(input)[^1];

        // The finest map's middle sees, through the coarser streams, the corner that its own few 3 x 3 convolutions do not reach.
        finest[torch.TensorIndex.Ellipsis, 4, 4].sum().backward();
        Assert.NotEqual(0, input.grad![torch.TensorIndex.Ellipsis, 0, 0].abs().sum().item<float>());
        input.grad.zero_();
        coarsest.sum().backward();
        Assert.True((input.grad.abs().sum(0L).sum(0L) > 0).all().item<bool>());
    }

    [Fact]
    public void Exchanges_may_be_built_of_other_units()
    {
        var roles = new Roles();
        using var encoder = Small().WithUnits(roles);
        using var scope = torch.NewDisposeScope();

        Assert.Equal([4L + 8 + 16 + 32, 8, 8], encoder.Features(torch.randn(2, 3, 32, 32)).shape.Skip(1));
        Assert.Equal(2, roles.Of(ConvolutionRole.Stem));
        Assert.Equal(1, roles.Of(ConvolutionRole.Shortcut));
        // A bottleneck, and one basic block in each of 2 + 3 + 4 streams.
        Assert.Equal(3 + (2 * 9), roles.Of(ConvolutionRole.Residual));
        // Transitions 2 + 1 + 1; upwards 1 + 3 + 6; downwards 1 + (1 + 1 + 2) + (1 + 1 + 1 + 2 + 2 + 3).
        Assert.Equal(4 + 10 + 15, roles.Of(ConvolutionRole.Exchange));
    }

    [Theory]
    [InlineData("1-3")]
    [InlineData("1-0-2")]
    public void It_has_exchanges_in_each_of_three_parts(string modules)
    {
        var refused = Assert.Throws<FormatException>(() =>
            Plait.Catalogue.MethodCatalog.Create<Encoder>(
                $"hrnet-w18-small:modules={modules}",
                1L,
                new long[] { 3, 64, 64 }
            )
        );
        Assert.Contains($"such as 1-3-2; got {modules}", refused.Message, StringComparison.Ordinal);
    }

    private static HrNet Small() => new([3, 32, 32], width: 4, modules: [1, 1, 1], blocks: 1, stemWidth: 8);

    private static long Bottleneck(long inputs, long inside) =>
        (inputs * inside)
        + (inside * inside * 9)
        + (inside * inside * 4)
        + (inputs * inside * 4)
        + (2 * ((2 * inside) + (2 * inside * 4)));

    private sealed class Roles : ConvolutionUnits
    {
        private readonly List<ConvolutionRole> seen = [];

        public int Of(ConvolutionRole role) => seen.Count(one => one == role);

        public override torch.nn.Module<Tensor, Tensor> Unit(ConvolutionShape shape)
        {
            seen.Add(shape.Role);
            return base.Unit(shape);
        }
    }
}
