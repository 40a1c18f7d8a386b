using System.Globalization;
using System.Text.RegularExpressions;
using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Networks.PredictionDistillation;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;
using static TorchSharp.torch.nn;

namespace Plait.Tests.Networks.PredictionDistillation;

/// <summary>The map before the max-pooling of a residual network's stem, and who reads it.</summary>
[Collection("torch")]
public sealed class EntranceScaleTests
{
    private static readonly LearningTask First = Map("first", 2);
    private static readonly LearningTask Second = Map("second", 2);

    [Theory]
    [InlineData("resnet18:width=4,pool=false", 32, 5)]
    [InlineData("resnet50:width=4,pool=false,output-stride=16", 32, 4)]
    [InlineData("resnet18:width=4,pool=false,stem=halving", 32, 4)]
    public void DenseMTL_exchanges_at_half_the_images_size_on_residual_networks(string name, long half, int levels)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(5);
        var tasks = new TaskSet(First, Second, LearningTask.Classification("kind", 3));
        using var encoder = MethodCatalog.Create<Encoder>(name, 3L * 64 * 64, new long[] { 3, 64, 64 });
        using var network = new DenseMtl(tasks, encoder);
        network.eval();
        var early = network.modules().OfType<Module<Tensor, Tensor>>().Where(IsEarly).ToArray();
        var sizes = new List<long>();
        foreach (var prediction in early)
        {
            prediction.register_forward_hook(
                (_, _, output) =>
                {
                    sizes.Add(output.size(2));
                    return output;
                }
            );
        }

        using var batch = MultiTaskBatch.Unlabelled(tasks.All, torch.randn(2, 3, 64, 64));
        var outputs = network.Forward(batch, tasks.All);

        Assert.Equal([half, half], sizes);
        Assert.Equal(levels, network.named_children().First(pair => pair.name == "levels").module.children().Count());
        Assert.Equal([2L, 2, 64, 64], outputs[0].shape);
        Assert.Equal([64L, 64], outputs.FeaturesOf(0)!.Values.shape.Skip(2));
        using var storage = NetworkStorage.Create(network);

        bool IsEarly(Module<Tensor, Tensor> module) =>
            network
                .named_modules()
                .Any(pair => ReferenceEquals(pair.module, module) && Regex.IsMatch(pair.name, "^predictions\\.[01]$"));
    }

    /// <summary>From the last level: the authors' on their own ResNet-101, where the exchange has 128 channels, and what suits smaller encoders.</summary>
    [Theory]
    [InlineData("resnet101:pool=false", "64 128 128 256 256")]
    [InlineData("resnet50:pool=false,output-stride=16", "64 128 128 256")]
    [InlineData("resnet18:pool=false", "32 64 64 128 256")]
    [InlineData("hrnet-w18-small", "16 32 36 72")]
    [InlineData("tiny-resnet", "16 32")]
    [InlineData("tiny-resnet:stages=1", "16 32")]
    public void DenseMTL_has_levels_as_wide_as_the_authors(string name, string widths)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(First, Second);
        using var encoder = MethodCatalog.Create<Encoder>(name, 3L * 64 * 64, new long[] { 3, 64, 64 });
        using var network = new DenseMtl(tasks, encoder);
        network.eval();
        var made = new SortedDictionary<int, long>();
        foreach (var (path, module) in network.named_modules())
        {
            if (
                Regex.Match(path, @"^levels\.(\d)\.1\.") is { Success: true } match
                && module is TorchSharp.Modules.Conv2d layer
            )
            {
                made[int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)] = layer.weight!.size(0);
            }
        }

        Assert.Equal(widths, string.Join(' ', made.Values));
    }

    [Theory]
    [InlineData("resnet18:width=4,pool=false", "4,32,32 4,16,16 8,8,8 16,4,4 32,2,2")]
    [InlineData("resnet18:width=4,pool=false,stem=cifar", "4,64,64 8,32,32 16,16,16 32,8,8")]
    [InlineData("hrnet-w18-small:width=4,modules=1-1-1,blocks=1,stem-width=8", "4,16,16 8,8,8 16,4,4 32,2,2")]
    public void Scales_from_the_entrance_begin_before_the_max_pooling(string name, string shapes)
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = MethodCatalog.Create<Encoder>(name, 3L * 64 * 64, new long[] { 3, 64, 64 });
        encoder.eval();
        var input = torch.randn(2, 3, 64, 64);
        var scales = encoder.ScalesFromEntrance(input);
        Assert.Equal(shapes.Split(' '), scales.Select(map => string.Join(",", map.shape.Skip(1))));
        Assert.Equal(shapes.Split(' '), encoder.ShapesFromEntrance.Select(shape => string.Join(",", shape)));
        Assert.All(
            encoder.Scales(input).Reverse().Zip(scales.Reverse()),
            pair => Assert.True(pair.First.allclose(pair.Second))
        );
    }

    private static LearningTask Map(string name, int channels) =>
        new(name, new Numeric(channels, Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()]);
}
