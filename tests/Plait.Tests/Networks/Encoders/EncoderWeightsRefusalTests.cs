using Plait.Networks.Encoders;
using Plait.Tests.Torch;

namespace Plait.Tests.Networks.Encoders;

[Collection("torch")]
public sealed class EncoderWeightsRefusalTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("plait-weights").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(
        "resnet18:width=4",
        "resnet34:width=4",
        "has no 'layer1.2.conv1.weight', which is [4, 4, 3, 3] in ResNet34 (and 79 more)"
    )]
    [InlineData("resnet34:width=4", "resnet18:width=4", "has 'layer1.2.bn1.bias' [4], which ResNet18 does not have")]
    [InlineData(
        "resnet18:width=4",
        "resnet18:width=8",
        "'conv1.weight' is [4, 3, 7, 7] in the file and [8, 3, 7, 7] in ResNet18; choose the encoder and the options"
    )]
    [InlineData(
        "resnet18:width=4",
        "resnet18:width=4,stem=cifar",
        "'conv1.weight' is [4, 3, 7, 7] in the file and [4, 3, 3, 3]"
    )]
    [InlineData(
        "resnet18:width=4",
        "resnet50:width=4",
        "'layer1.0.conv1.weight' is [4, 4, 3, 3] in the file and [4, 4, 1, 1] in ResNet50"
    )]
    [InlineData("mlp:widths=5", "tiny-resnet", "has no 'conv1.weight'")]
    public void Weights_of_another_network_are_refused_and_leave_the_encoder_as_it_was(
        string from,
        string to,
        string part
    )
    {
        using var scope = torch.NewDisposeScope();
        using var saved = SmallEncoders.Create(from);
        using var loaded = SmallEncoders.Create(to);
        var before = loaded.parameters().Select(parameter => parameter.clone()).ToArray();
        var path = Path.Combine(folder, "weights.safetensors");
        EncoderWeights.Save(saved, path);

        var refused = Assert.Throws<InvalidDataException>(() => EncoderWeights.Load(loaded, path));

        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Null(loaded.WeightsFile);
        Assert.All(
            before.Zip(loaded.parameters()),
            pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>())
        );
    }

    [Fact]
    public void Images_of_other_channels_are_refused_with_what_the_weights_read()
    {
        using var saved = SmallEncoders.Create("resnet18:width=4");
        using var loaded = new ResNet18([1, 32, 32], width: 4);
        var path = Path.Combine(folder, "weights.safetensors");
        EncoderWeights.Save(saved, path);

        var refused = Assert.Throws<InvalidDataException>(() => EncoderWeights.Load(loaded, path));

        Assert.Contains(
            "reads images of 3 channels and ResNet18 is given images of 1",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("give it images of 3 channels", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not a whole safetensors file")]
    [InlineData("a note that somebody left here", "not a whole safetensors file")]
    [InlineData("PK\u0003\u0004 but no archive", "not a whole PyTorch state dictionary")]
    [InlineData("\u0080\u0002K\u0001.", "it is a pickle that torch.save did not write")]
    public void What_is_no_file_of_weights_is_refused(string content, string part)
    {
        using var encoder = SmallEncoders.Create("tiny-resnet");
        var path = Write("weights.pth", [.. content.Select(one => (byte)one)]);

        var refused = Assert.Throws<InvalidDataException>(() => EncoderWeights.Load(encoder, path));

        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Throws<FileNotFoundException>(() => EncoderWeights.Load(encoder, path + ".absent"));
    }

    [Fact]
    public void Whole_numbers_are_no_weights()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new Mlp(2, [1]);
        var path = Write("whole.pt", PythonCheckpoint.Zip(("stages.0.1.weight", torch.ones(1, 2, ScalarType.Int64))));

        var refused = Assert.Throws<InvalidDataException>(() => EncoderWeights.Load(encoder, path));

        Assert.Contains("'stages.0.1.weight' has elements of type Int64", refused.Message, StringComparison.Ordinal);
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
