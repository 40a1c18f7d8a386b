using Plait.Catalogue;
using Plait.Data;
using Plait.Networks.Encoders;
using Plait.Tasks;
using Plait.Tasks.Answers;
using Plait.Tests.Torch;
using Plait.Training;

namespace Plait.Tests.Networks.Encoders;

[Collection("torch")]
public sealed class ImageNormalisationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("plait-images").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Images_of_the_mean_become_zero_and_one_deviation_becomes_one()
    {
        using var scope = torch.NewDisposeScope();
        var mean = torch.tensor(new[] { 0.485f, 0.456f, 0.406f }).view(1, 3, 1, 1).expand(2, 3, 4, 4);
        var more = mean.add(torch.tensor(new[] { 0.229f, 0.224f, 0.225f }).view(1, 3, 1, 1));

        Assert.True(ImageNormalisation.ImageNet.Apply(mean).abs().lt(1e-6).all().item<bool>());
        Assert.True(ImageNormalisation.ImageNet.Apply(more).sub(1).abs().lt(1e-5).all().item<bool>());
    }

    [Theory]
    [InlineData("resnet18:width=4")]
    [InlineData("resnet18:width=4,stem=halving")]
    [InlineData("tiny-resnet:width=4")]
    [InlineData("resnet50:width=4,pool=false,output-stride=8")]
    [InlineData("hrnet-w18-small:width=4,blocks=1,stem-width=8")]
    [InlineData("lenet")]
    public void An_encoder_and_its_replicas_see_normalised_images_on_each_way_through(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Create(name);
        encoder.eval();
        var images = torch.rand(2, 3, 32, 32);
        var normalised = ImageNormalisation.ImageNet.Apply(images);
        var expected = Ways(encoder, normalised);
        var plain = Ways(encoder, images);

        encoder.Normalisation = ImageNormalisation.ImageNet;

        Assert.Equal(expected.Select(_ => true), expected.Zip(Ways(encoder, images), Same));
        Assert.DoesNotContain(true, expected.Zip(plain, Same));
        using var replica = encoder.Replicate();
        Assert.Equal(ImageNormalisation.ImageNet, replica.Normalisation);
        encoder.Normalisation = null;
        Assert.Equal(plain.Select(_ => true), plain.Zip(Ways(encoder, images), Same));
        encoder.Normalisation = ImageNormalisation.ImageNet;
        Assert.Equal(expected.Select(_ => true), expected.Zip(Ways(encoder, images), Same));
    }

    [Theory]
    [InlineData("segnet:width=4")]
    [InlineData("mlp:widths=5-4")]
    public void An_encoder_that_cannot_says_so(string name)
    {
        using var encoder = Create(name, name.StartsWith("mlp", StringComparison.Ordinal) ? [3072] : [3, 32, 32]);

        var refused = Assert.Throws<NotSupportedException>(() => encoder.Normalisation = ImageNormalisation.ImageNet);

        Assert.Contains(ImageNormalisation.NoneName, refused.Message, StringComparison.Ordinal);
        Assert.Null(encoder.Normalisation);
    }

    [Fact]
    public void Weights_of_a_thousand_classes_are_known_as_those_of_imagenet()
    {
        using var scope = torch.NewDisposeScope();

        Assert.True(Of(("conv1.weight", torch.ones(2)), ("fc.weight", torch.zeros(1000, 4))));
        Assert.True(Of(("module.classifier.weight", torch.zeros(1000, 4))));
        Assert.False(Of(("fc.weight", torch.zeros(37, 4)), ("fc.bias", torch.zeros(1000))));
        Assert.False(Of(("conv1.weight", torch.ones(2))));

        bool Of(params (string, Tensor)[] tensors)
        {
            var path = Path.Combine(folder, "weights.pth");
            File.WriteAllBytes(path, PythonCheckpoint.Zip(tensors));
            return EncoderWeights.AreOfImageNet(path);
        }
    }

    [Theory]
    [InlineData("hps")]
    [InlineData("cross-stitch")]
    [InlineData("mtan")]
    public void A_run_normalises_for_every_architecture_and_its_saved_network_does_too(string network)
    {
        using var scope = torch.NewDisposeScope();
        var tasks = new TaskSet(LearningTask.Classification("one", 3), LearningTask.Classification("two", 2));
        var plain = new RunSpecification { Network = network, Encoder = "tiny-resnet:width=4,stages=1,blocks=1" };
        var normalising = plain with { Images = ImageNormalisation.ImageNetName };
        long[] shape = [3, 16, 16];
        var images = torch.rand(2, 3, 16, 16);
        using var one = plain.CreateNetwork(tasks, shape);
        using var other = normalising.CreateNetwork(tasks, shape);
        one.eval();
        other.eval();
        var path = Path.Combine(folder, "network.bin");
        NetworkState.Save(other, path);
        using var loaded = normalising.LoadNetwork(tasks, shape, path);
        loaded.eval();

        var expected = Forward(one, ImageNormalisation.ImageNet.Apply(images));

        Assert.False(Same(Forward(one, images), expected));
        Assert.True(Same(expected, Forward(other, images)));
        Assert.True(Same(expected, Forward(loaded, images)));
        Assert.Throws<FormatException>(() => (plain with { Images = "places" }).CreateNetwork(tasks, shape));

        Tensor Forward(Plait.Networks.MultiTaskNetwork made, Tensor input) =>
            made.Forward(MultiTaskBatch.Unlabelled(tasks.All, input), tasks.All)[0];
    }

    /// <summary>What each way through an encoder gives: all that its methods return.</summary>
    private static Tensor[] Ways(Encoder encoder, Tensor images) =>
        [
            encoder.call(images),
            encoder.Features(images),
            encoder.FlatFeatures(images),
            encoder.PooledFeatures(images),
            .. encoder.Scales(images),
            .. encoder.ScalesFromEntrance(images),
            .. encoder.Look(images).SelectMany(seen => new[] { seen.Early, seen.Late }),
        ];

    private static bool Same(Tensor one, Tensor other) => one.sub(other).abs().lt(1e-4).all().item<bool>();

    private static Encoder Create(string name, long[]? shape = null)
    {
        long[] given = shape ?? [3, 32, 32];
        return MethodCatalog.Create<Encoder>(name, given.Aggregate(1L, (product, size) => product * size), given);
    }
}
