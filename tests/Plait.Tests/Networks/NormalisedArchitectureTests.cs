using Plait.Catalogue;
using Plait.Data;
using Plait.Networks;
using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tasks.Losses;
using Plait.Tasks.Metrics;

namespace Plait.Tests.Networks;

/// <summary>Every architecture of the catalogue on encoders of images: one that ends in a vector, one that ends in a map.</summary>
[Collection("torch")]
public sealed class NormalisedArchitectureTests
{
    /// <summary>The stem for large images has a scale within.</summary>
    private static readonly string[] Encoders =
    [
        "lenet",
        "resnet18:width=4",
        "resnet18:width=4,pool=false",
        "hrnet-w18-small:width=4,modules=1-1-1,blocks=1,stem-width=8",
    ];

    private static readonly TaskSet OfRows = new(
        LearningTask.Regression("price", 2),
        LearningTask.Classification("kind", 3),
        LearningTask.Binary("sold")
    );

    /// <summary>With the box, the mask and the class of a cascade.</summary>
    private static readonly TaskSet OfPixels = new(
        LearningTask.Regression("box", 4),
        new LearningTask("mask", new Binary(Layout.Pixel), new BinaryCrossEntropy(), [new Accuracy()]),
        LearningTask.Classification("kind", 3),
        new LearningTask("depth", new Numeric(layout: Layout.Pixel), new AbsoluteError(), [new MeanAbsoluteError()])
    );

    public static TheoryData<string> Architectures =>
        [.. MethodCatalog.Of(MethodKind.Architecture).Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_network_that_normalises_gives_what_one_gives_that_is_fed_normalised_images(string name)
    {
        using var scope = torch.NewDisposeScope();
        var images = torch.rand(3, 3, 32, 32);
        var normalised = ImageNormalisation.ImageNet.Apply(images);
        var seen = 0;
        foreach (var encoder in Encoders)
        {
            if (Create(name, encoder, null) is not { } plain)
            {
                continue;
            }

            seen++;
            using var fed = plain;
            using var normalising = Create(name, encoder, ImageNormalisation.ImageNet)!;

            var expected = Forward(fed, normalised);

            Assert.DoesNotContain(true, expected.Zip(Forward(fed, images), Same));
            Assert.Equal(expected.Select(_ => true), expected.Zip(Forward(normalising, images), Same));
        }

        Assert.NotEqual(0, seen);
    }

    /// <summary>The outputs and early predictions of all tasks.</summary>
    private static Tensor[] Forward(MultiTaskNetwork network, Tensor images)
    {
        using var batch = MultiTaskBatch.Unlabelled(network.Tasks.All, images.alias());
        var outputs = network.Forward(batch, network.Tasks.All);
        return
        [
            .. network.Tasks.Select(task => outputs[task]),
            .. network.Tasks.SelectMany((_, task) => outputs.AuxiliaryOutputsOf(task)),
        ];
    }

    private static bool Same(Tensor one, Tensor other) => one.sub(other).abs().lt(1e-4).all().item<bool>();

    /// <summary>The network in eval mode, its parameters the same for every normalisation; null where it takes no such encoder.</summary>
    private static MultiTaskNetwork? Create(string name, string encoder, ImageNormalisation? normalisation)
    {
        torch.manual_seed(7);
        var made = MethodCatalog.Create<Encoder>(encoder, 3L * 32 * 32, new long[] { 3, 32, 32 });
        made.Normalisation = normalisation;
        try
        {
            var network = MethodCatalog.Create<MultiTaskNetwork>(
                name,
                made.OutputShape.Count == 3 ? OfPixels : OfRows,
                made
            );
            network.eval();
            return network;
        }
        catch (NotSupportedException)
        {
            made.Dispose();
            return null;
        }
    }
}
