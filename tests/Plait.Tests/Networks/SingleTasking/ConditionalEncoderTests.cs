using Plait.Catalogue;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Tasks.Answers;
using static Plait.Tests.Networks.SingleTasking.SmallMaps;

namespace Plait.Tests.Networks.SingleTasking;

/// <summary>What holds on every encoder with residual blocks.</summary>
[Collection("torch")]
public sealed class ConditionalEncoderTests
{
    private const int Large = 32; // pixels of a side, what HRNet's scales need

    private static readonly string[] Encoders = ["tiny-resnet", "resnet18 pooled", "resnet50", "hrnet"];

    public static TheoryData<string, string> Starts =>
        Pairs("modulation", "task-routing:share=1", "residual-adapters", "residual-adapters:form=series", "rcm");

    public static TheoryData<string, string> All =>
        Pairs("modulation", "task-routing", "residual-adapters", "astmt", "rcm");

    [Theory]
    [MemberData(nameof(Starts))]
    public void It_starts_as_the_trained_encoder(string name, string make)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        using var encoder = Make(make);
        for (var pass = 0; pass < 5; pass++)
        {
            encoder.call(torch.randn(4, 3, Large, Large)); // moves the statistics
        }

        using var network = MethodCatalog.Create<MultiTaskNetwork>(name, TasksFor(encoder), encoder);
        encoder.eval();
        network.eval();
        var images = torch.randn(2, 3, Large, Large);
        var expected = encoder.Features(images);
        Assert.InRange(
            Difference(expected, Run(network, images, 0, 1).FeaturesOf(1)!.Values),
            0,
            1e-4 * expected.abs().max().item<float>()
        );
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Tasks_own_what_the_other_tasks_losses_do_not_reach(string name, string make)
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        using var encoder = Make(make);
        using var network = MethodCatalog.Create<MultiTaskNetwork>(name, TasksFor(encoder), encoder);
        var images = torch.randn(4, 3, Large, Large);
        ArchitectureCases.Scalar(Run(network, images, 0, 1)[0]).backward();
        Assert.All(network.SharedParameters, parameter => Assert.NotNull(parameter.grad));
        Assert.All(network.ParametersOf(0), parameter => Assert.NotNull(parameter.grad));
        Assert.All(network.ParametersOf(1), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Weights_from_a_file_become_the_bank()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(3);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            using var trained = Trained();
            EncoderWeights.Save(trained, path);
            using var encoder = new TinyResNet([3, Side, Side], width: 4, stages: 2, blocks: 1);
            EncoderWeights.Load(encoder, path);
            using var network = MethodCatalog.Create<MultiTaskNetwork>("rcm", Two, encoder);
            network.eval();
            var images = Images(2);
            Assert.Equal(0, Difference(trained.Features(images), Run(network, images, 1).FeaturesOf(1)!.Values), 1e-5);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Encoder Make(string make) =>
        make switch
        {
            "tiny-resnet" => new TinyResNet([3, Large, Large], width: 4, stages: 2, blocks: 1),
            "resnet18 pooled" => new ResNet18([3, Large, Large], ResNetStem.Cifar, width: 4),
            "resnet50" => new ResNet50([3, Large, Large], ResNetStem.Cifar, width: 2, outputStride: 4, pool: false),
            _ => new HrNet([3, Large, Large], width: 2, modules: [1, 1, 1], blocks: 1, stemWidth: 4),
        };

    private static TaskSet TasksFor(Encoder encoder) =>
        encoder.OutputShape.Count == 3 ? Two : new(LearningTask.Binary("sold"), LearningTask.Regression("price"));

    private static TheoryData<string, string> Pairs(params string[] names)
    {
        var pairs = new TheoryData<string, string>();
        foreach (var name in names)
        {
            foreach (var make in Encoders)
            {
                pairs.Add(name, make);
            }
        }

        return pairs;
    }
}
