using Plait.Networks.Encoders;
using Plait.Tests.Torch;

namespace Plait.Tests.Networks.Encoders;

[Collection("torch")]
public sealed class EncoderWeightsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("plait-weights").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("resnet18:width=4")]
    [InlineData("resnet50:width=4,pool=false,output-stride=8")]
    [InlineData("resnet26:width=4,excitation=4")]
    [InlineData("tiny-resnet")]
    [InlineData("hrnet-w18-small:width=4,blocks=1,stem-width=8")]
    [InlineData("segnet:width=4")]
    [InlineData("lenet")]
    [InlineData("mlp:widths=5-4")]
    public void A_loaded_encoder_computes_what_the_saved_one_computes(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var saved = SmallEncoders.Trained(name);
        using var loaded = SmallEncoders.Create(name);
        var input = torch.randn(2, 3, 32, 32);
        Assert.False(SmallEncoders.Same(saved, loaded, input));
        var path = Path.Combine(folder, "weights.safetensors");

        EncoderWeights.Save(saved, path);
        EncoderWeights.Load(loaded, path);

        Assert.True(SmallEncoders.Same(saved, loaded, input));
        Assert.Equal(path, loaded.WeightsFile);
    }

    [Fact]
    public void A_file_says_whether_its_encoder_normalised_images()
    {
        using var encoder = SmallEncoders.Create("resnet18:width=4");
        var (plain, normalised) = (Path.Combine(folder, "plain"), Path.Combine(folder, "normalised"));

        EncoderWeights.Save(encoder, plain);
        encoder.Normalisation = ImageNormalisation.ImageNet;
        EncoderWeights.Save(encoder, normalised);

        Assert.False(EncoderWeights.AreOfImageNet(plain));
        Assert.True(EncoderWeights.AreOfImageNet(normalised));
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("legacy")]
    [InlineData("wrapped")]
    public void Weights_of_a_classifier_saved_by_pytorch_load_without_the_classifier(string format)
    {
        using var scope = torch.NewDisposeScope();
        using var saved = SmallEncoders.Trained("resnet18:width=4");
        using var loaded = SmallEncoders.Create("resnet18:width=4");
        var tensors = SmallEncoders
            .Public(saved)
            .Append(("fc.weight", torch.randn(10, 32)))
            .Append(("fc.bias", torch.randn(10)));
        var bytes = format switch
        {
            // As torch.nn.DataParallel names them.
            "wrapped" => PythonCheckpoint.Wrapped(tensors.Select(pair => ("module." + pair.Item1, pair.Item2))),
            // As they were before batch normalisation counted its batches.
            "legacy" => PythonCheckpoint.Legacy(
                tensors.Where(pair => !pair.Item1.EndsWith("tracked", StringComparison.Ordinal))
            ),
            _ => PythonCheckpoint.Zip(tensors),
        };

        EncoderWeights.Load(loaded, Write("model.pth", bytes));

        Assert.True(SmallEncoders.Same(saved, loaded, torch.randn(2, 3, 32, 32)));
    }

    [Fact]
    public void Half_precision_is_widened()
    {
        using var scope = torch.NewDisposeScope();
        using var saved = SmallEncoders.Trained("tiny-resnet");
        using var loaded = SmallEncoders.Create("tiny-resnet");
        var halves = SmallEncoders
            .Public(saved)
            .Select(pair =>
                (pair.Item1, pair.Item2.dtype == ScalarType.Float32 ? pair.Item2.to(ScalarType.Float16) : pair.Item2)
            );

        EncoderWeights.Load(loaded, Write("half.pt", PythonCheckpoint.Zip(halves)));

        Assert.All(
            saved.parameters().Zip(loaded.parameters()),
            pair => Assert.True(pair.First.allclose(pair.Second, rtol: 1e-3, atol: 1e-6))
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x180)] // its first byte is that of a pickle
    public void Safetensors_of_other_programs_have_no_checksum_and_load(int length)
    {
        using var scope = torch.NewDisposeScope();
        using var loaded = new Mlp(2, [1]);
        var header =
            """{"__metadata__":{"format":"pt"},"stages.0.1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]},"stages.0.1.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""".PadRight(
                length
            );
        byte[] bytes =
        [
            .. BitConverter.GetBytes((long)header.Length),
            .. System.Text.Encoding.UTF8.GetBytes(header),
            .. new[] { 0.5f, 2, 3 }.SelectMany(BitConverter.GetBytes),
        ];

        EncoderWeights.Load(loaded, Write("foreign.safetensors", bytes));

        Assert.Equal(5.5f, loaded.call(torch.ones(1, 2)).item<float>());
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
