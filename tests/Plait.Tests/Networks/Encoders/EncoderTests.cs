using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Tests.Catalogue;

namespace Plait.Tests.Networks.Encoders;

[Collection("torch")]
public sealed class EncoderTests
{
    public static TheoryData<string, long, long, long> Cases
    {
        get
        {
            var cases = new TheoryData<string, long, long, long>();
            foreach (
                var entry in MethodCatalog
                    .Of(MethodKind.Encoder)
                    .Where(entry => Surroundings.InputOf(entry) is ImageInput)
            )
            {
                cases.Add(entry.Name, 1, 36, 36);
                cases.Add(entry.Name, 3, 33, 18);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Stages_give_the_shapes_that_they_announce(string name, long channels, long height, long width)
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Create(name, channels, height, width);
        var features = torch.randn(2, channels, height, width);
        foreach (var (stage, shape) in encoder.Stages.Zip(encoder.StageShapes))
        {
            features = stage.call(features);
            Assert.Equal([2, .. shape], features.shape);
        }

        var input = torch.randn(2, channels, height, width);
        Assert.Equal([2L, .. encoder.OutputShape], encoder.Features(input).shape);
        Assert.Equal([2L, encoder.OutputWidth], encoder.FlatFeatures(input).shape);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scales_go_from_fine_to_coarse(string name, long channels, long height, long width)
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Create(name, channels, height, width);
        encoder.eval();
        var scales = encoder.Scales(torch.randn(2, channels, height, width));

        Assert.Equal(
            encoder.ScaleShapes.Select(shape => string.Join(",", shape.Prepend(2))),
            scales.Select(map => string.Join(",", map.shape))
        );
        var sizes = encoder.ScaleShapes.Select(shape => shape[1] * shape[2]).ToArray();
        Assert.Equal(sizes.Distinct().OrderDescending(), sizes);
    }

    [Fact]
    public void The_last_scale_is_what_the_encoder_ends_in()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new TinyResNet([3, 32, 32], outputStride: 8);
        encoder.eval();
        var input = torch.randn(2, 3, 32, 32);

        Assert.Equal(["16,16,16", "32,8,8", "64,4,4"], encoder.ScaleShapes.Select(shape => string.Join(",", shape)));
        Assert.True(encoder.call(input).allclose(encoder.Scales(input)[^1]));
    }

    [Theory]
    [InlineData(32, "64,56,56 64,56,56 128,28,28 256,14,14 512,7,7", "1 1 1 1 1 1 1 1")]
    [InlineData(16, "64,56,56 64,56,56 128,28,28 256,14,14 512,14,14", "1 1 1 1 1 1 1 2")]
    [InlineData(8, "64,56,56 64,56,56 128,28,28 256,28,28 512,28,28", "1 1 1 1 1 2 2 4")]
    public void Dilation_takes_the_place_of_strides_beyond_the_output_stride(
        int stride,
        string shapes,
        string dilations
    )
    {
        using var encoder = new ResNet18([3, 224, 224], outputStride: stride, pool: false);

        Assert.Equal(shapes.Split(' '), encoder.StageShapes.Select(shape => string.Join(",", shape)));
        // The first block of each stage: its first convolution has the dilation of the stage before.
        var firsts = encoder
            .Stages.Skip(1)
            .SelectMany(stage =>
                stage.children().First().children().First().modules().OfType<TorchSharp.Modules.Conv2d>().Take(2)
            );
        Assert.Equal(dilations.Split(' ').Select(long.Parse), firsts.Select(convolution => convolution.dilation![0]));
    }

    [Fact]
    public void Dilation_leaves_the_receptive_field_and_the_parameters_as_they_are()
    {
        using var scope = torch.NewDisposeScope();
        using var strided = new ResNet18([1, 64, 64], ResNetStem.Cifar, width: 2, pool: false);
        using var dilated = new ResNet18([1, 64, 64], ResNetStem.Cifar, width: 2, outputStride: 2, pool: false);
        foreach (var (mine, its) in dilated.parameters().Zip(strided.parameters()))
        {
            using var noGrad = torch.no_grad();
            mine.copy_(its);
        }

        strided.eval();
        dilated.eval();
        var input = torch.randn(1, 1, 64, 64);

        // Every fourth pixel of the dilated map sees what a pixel of the strided one sees (Yu et al. 2017, section 2).
        var fine = dilated.call(input);
        var coarse = strided.call(input);
        var step = fine.size(2) / coarse.size(2);
        var same = fine.slice(2, 0, fine.size(2), step).slice(3, 0, fine.size(3), step);
        Assert.True(same.allclose(coarse, rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void Units_of_another_make_are_built_into_every_block()
    {
        var units = new CountingUnits();
        using var encoder = new TinyResNet([3, 32, 32]).WithUnits(units);

        Assert.Equal((1, 12, 2, 6), (units.Stems, units.Residuals, units.Shortcuts, units.Closings));
        using var scope = torch.NewDisposeScope();
        Assert.Equal([2L, 64, 8, 8], encoder.call(torch.randn(2, 3, 32, 32)).shape);
        Assert.Throws<NotSupportedException>(() => new LeNet([1, 28, 28]).WithUnits(units));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_replica_has_the_same_shapes_and_other_numbers(string name, long channels, long height, long width)
    {
        using var encoder = Create(name, channels, height, width);
        using var replica = encoder.Replicate();
        Assert.Equal(
            encoder.named_parameters().Select(pair => (pair.name, string.Join(",", pair.parameter.shape))),
            replica.named_parameters().Select(pair => (pair.name, string.Join(",", pair.parameter.shape)))
        );
        using var scope = torch.NewDisposeScope();
        foreach (var (mine, its) in encoder.parameters().Zip(replica.parameters()).Where(pair => pair.First.dim() > 1))
        {
            Assert.False(mine.allclose(its));
        }
    }

    [Fact]
    public void A_replica_keeps_the_options()
    {
        using var resNet = new ResNet18([3, 32, 32], ResNetStem.Cifar, width: 4).Replicate();
        Assert.Equal([4L, 32, 32], resNet.StageShapes[0]);
        using var leNet = new LeNet([1, 28, 28], dropout: 0.5).Replicate();
        Assert.True(DiffersBetweenCalls(leNet, torch.randn(2, 1, 28, 28)));
        using var mlp = new Mlp(3, [50, 50], dropout: 0.5).Replicate();
        Assert.True(DiffersBetweenCalls(mlp, torch.randn(2, 3)));
    }

    [Theory]
    [InlineData(28, 320)]
    [InlineData(36, 720)]
    public void LeNet_has_the_widths_of_the_two_digit_benchmarks(int size, long flat)
    {
        using var encoder = new LeNet([1, size, size]);
        Assert.Equal(flat, encoder.StageShapes[1].Aggregate((a, b) => a * b));
        Assert.Equal(50, encoder.OutputWidth);
        Assert.Equal(
            (10 * 26) + (20 * 251) + (50 * (flat + 1)),
            encoder.parameters().Sum(parameter => parameter.numel())
        );
    }

    [Fact]
    public void ResNet18_starts_with_the_deviation_of_He_et_al()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var encoder = new ResNet18([3, 32, 32], ResNetStem.Cifar);
        var convolutions = encoder.parameters().Where(parameter => parameter.dim() == 4).ToArray();
        Assert.Equal(20, convolutions.Length);
        foreach (var weight in convolutions)
        {
            var fanOut = weight.shape[0] * weight.shape[2] * weight.shape[3];
            Assert.InRange(weight.std().item<float>() / Math.Sqrt(2.0 / fanOut), 0.9, 1.1);
        }
    }

    [Fact]
    public void Batch_statistics_make_training_and_evaluation_differ()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new ResNet18([1, 16, 16], ResNetStem.Cifar, width: 4);
        var input = torch.randn(8, 1, 16, 16);
        encoder.eval();
        var first = encoder.call(input);
        Assert.True(first.allclose(encoder.call(input)));
        encoder.train();
        Assert.False(first.allclose(encoder.call(input)));
    }

    [Fact]
    public void An_mlp_without_layers_passes_its_input_on()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new Mlp(6, []);
        var input = torch.randn(4, 2, 3);
        Assert.True(input.view(4, 6).allclose(encoder.Features(input)));
        Assert.Equal(6, encoder.OutputWidth);
    }

    [Theory]
    [InlineData("lenet", 16, 1L, 15L, 36L)]
    [InlineData("lenet", 16, 36L, 36L)]
    [InlineData("hrnet-w18-small", 17, 3L, 64L, 16L)]
    [InlineData("segnet", 32, 3L, 31L, 64L)]
    public void What_is_no_large_enough_image_is_refused(string name, int smallest, params long[] shape)
    {
        var refused = Assert.Throws<FormatException>(() => MethodCatalog.Create<Encoder>(name, 1L, shape));
        Assert.Contains(
            $"{smallest} x {smallest} pixels; got [{string.Join(", ", shape)}]",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    private sealed class CountingUnits : ConvolutionUnits
    {
        public int Stems { get; private set; }

        public int Residuals { get; private set; }

        public int Shortcuts { get; private set; }

        public int Closings { get; private set; }

        public override torch.nn.Module<Tensor, Tensor> Unit(ConvolutionShape shape)
        {
            Stems += shape.Role == ConvolutionRole.Stem ? 1 : 0;
            Residuals += shape.Role == ConvolutionRole.Residual ? 1 : 0;
            Shortcuts += shape.Role == ConvolutionRole.Shortcut ? 1 : 0;
            return base.Unit(shape);
        }

        public override torch.nn.Module<Tensor, Tensor>? AfterBlock(long channels)
        {
            Closings++;
            return null;
        }
    }

    private static Encoder Create(string name, long channels, long height, long width)
    {
        var options = name switch
        {
            "resnet18" or "resnet26" or "resnet34" or "resnet50" or "resnet101" => ":width=4,stem=cifar",
            "hrnet-w18-small" => ":width=4,modules=1-1-1,blocks=1,stem-width=8",
            "segnet" => ":width=4,blocks=4",
            _ => "",
        };
        return MethodCatalog.Create<Encoder>(
            name + options,
            channels * height * width,
            new long[] { channels, height, width }
        );
    }

    private static bool DiffersBetweenCalls(Encoder encoder, Tensor input)
    {
        using var scope = torch.NewDisposeScope();
        return !encoder.call(input).allclose(encoder.call(input));
    }
}
