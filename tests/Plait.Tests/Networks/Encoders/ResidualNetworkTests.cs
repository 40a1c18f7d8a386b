using Plait.Catalogue;
using Plait.Networks.Encoders;
using TorchSharp.Modules;

namespace Plait.Tests.Networks.Encoders;

[Collection("torch")]
public sealed class ResidualNetworkTests
{
    // Torchvision's counts with the classifier of 1,000 classes, from its model table, without that classifier.
    [Theory]
    [InlineData("resnet18", 11_689_512 - (512 * 1000) - 1000, 512)]
    [InlineData("resnet34", 21_797_672 - (512 * 1000) - 1000, 512)]
    [InlineData("resnet50", 25_557_032 - (2048 * 1000) - 1000, 2048)]
    [InlineData("resnet101", 44_549_160 - (2048 * 1000) - 1000, 2048)]
    public void It_has_torchvisions_parameters_without_the_classifier(string name, long parameters, long features)
    {
        using var encoder = Create(name, "");

        Assert.Equal(parameters, encoder.parameters().Sum(parameter => parameter.numel()));
        Assert.Equal([features], encoder.OutputShape);
        Assert.Equal([64L, 56, 56], encoder.StageShapes[0]);
        Assert.Equal([features / 2, 14, 14], encoder.StageShapes[3]);
    }

    [Theory]
    [InlineData(32, "16,56,56 32,28,28 64,14,14 128,7,7")]
    [InlineData(16, "16,56,56 32,28,28 64,14,14 128,14,14")]
    [InlineData(8, "16,56,56 32,28,28 64,28,28 128,28,28")]
    public void Bottlenecks_dilate_in_place_of_strides_beyond_the_output_stride(int stride, string shapes)
    {
        using var encoder = Create("resnet50", $":width=4,output-stride={stride},pool=false");

        Assert.Equal(shapes.Split(' '), encoder.StageShapes.Skip(1).Select(shape => string.Join(",", shape)));
    }

    // What replace_stride_with_dilation of torchvision makes of ResNet-50: (stride, dilation) of a stage's first and second 3 x 3 convolution.
    [Theory]
    [InlineData(32, "2,1 1,1", "2,1 1,1")]
    [InlineData(16, "2,1 1,1", "1,1 1,2")]
    [InlineData(8, "1,1 1,2", "1,2 1,4")]
    public void Of_a_bottleneck_the_middle_convolution_strides_and_dilates(int stride, string third, string fourth)
    {
        using var encoder = Create("resnet50", $":width=4,output-stride={stride},pool=false");

        Assert.Equal(third, StridesAndDilations(encoder.Stages[3]));
        Assert.Equal(fourth, StridesAndDilations(encoder.Stages[4]));
        foreach (var block in encoder.Stages.Skip(1).SelectMany(stage => stage.children()))
        {
            var outer = block.children().First().modules().OfType<Conv2d>().Where(one => one.kernel_size![0] == 1);
            Assert.All(outer, one => Assert.Equal((1L, 1L), (one.stride![0], one.dilation![0])));
        }
    }

    [Fact]
    public void Dilated_bottlenecks_see_at_every_other_pixel_what_strided_ones_see()
    {
        using var scope = torch.NewDisposeScope();
        using var strided = new ResNet50([1, 48, 48], ResNetStem.Cifar, width: 2, pool: false);
        using var dilated = new ResNet50([1, 48, 48], ResNetStem.Cifar, width: 2, outputStride: 2, pool: false);
        Same(strided, dilated);
        strided.eval();
        dilated.eval();
        var input = torch.randn(1, 1, 48, 48);

        var (fine, coarse) = (dilated.call(input), strided.call(input));

        var step = fine.size(2) / coarse.size(2);
        Assert.Equal(4, step);
        var same = fine.slice(2, 0, fine.size(2), step).slice(3, 0, fine.size(3), step);
        Assert.True(same.allclose(coarse, rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void Units_of_another_make_are_built_into_every_bottleneck()
    {
        var units = new Widths();
        using var encoder = new ResNet50([3, 32, 32], width: 4).WithUnits(units);

        // One entrance, 16 blocks of three convolutions, and a shortcut in the first block of each stage.
        Assert.Equal(1 + (16 * 3) + 4, units.Units);
        Assert.Equal([16, 32, 64, 128], units.Closings.Distinct());
        Assert.Equal(16, units.Closings.Count);
    }

    [Fact]
    public void Options_that_no_network_has_are_refused()
    {
        var refused = Assert.Throws<FormatException>(() => Create("resnet50", ":output-stride=12"));
        Assert.Contains("power of 2", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static string StridesAndDilations(torch.nn.Module stage) =>
        string.Join(
            ' ',
            stage
                .children()
                .Take(2)
                .Select(block =>
                    block.children().First().modules().OfType<Conv2d>().Single(one => one.kernel_size![0] == 3)
                )
                .Select(convolution => $"{convolution.stride![0]},{convolution.dilation![0]}")
        );

    private static Encoder Create(string name, string options) =>
        MethodCatalog.Create<Encoder>(name + options, 3L * 224 * 224, new long[] { 3, 224, 224 });

    private static void Same(Encoder from, Encoder to)
    {
        using var noGrad = torch.no_grad();
        foreach (var (mine, its) in to.parameters().Zip(from.parameters()))
        {
            mine.copy_(its);
        }
    }

    private sealed class Widths : ConvolutionUnits
    {
        public int Units { get; private set; }

        public List<long> Closings { get; } = [];

        public override torch.nn.Module<Tensor, Tensor> Unit(ConvolutionShape shape)
        {
            Units++;
            return base.Unit(shape);
        }

        public override torch.nn.Module<Tensor, Tensor>? AfterBlock(long channels)
        {
            Closings.Add(channels);
            return null;
        }
    }
}
