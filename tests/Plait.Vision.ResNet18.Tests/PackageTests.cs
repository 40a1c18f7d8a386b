using Microsoft.ML.OnnxRuntime;
using Plait.Benchmarks.Tests;
using Plait.Catalogue;
using Plait.Networks.Encoders;

namespace Plait.Vision.Tests;

/// <summary>The encoder from the package's file, held to what OnnxRuntime computes from the same file.</summary>
[Collection("torch")]
public sealed class PackageTests(ITestOutputHelper output) : IDisposable
{
    private const int Side = 224;
    private const string Specification = "resnet18:blocks=2-2-2-3";

    /// <summary>Every 32nd feature of <see cref="Pattern"/> from OnnxRuntime 1.31.1, as <c>OnnxRuntime=true</c> has it printed.</summary>
    private static readonly float[] Recorded =
    [
        0.31756377f,
        0.5444751f,
        0.071562804f,
        0.10180251f,
        0f,
        1.708735f,
        1.1072177f,
        0.4248661f,
        4.385513f,
        0.026911154f,
        0.2822137f,
        0f,
        0f,
        0.71327233f,
        0.13633701f,
        0.68683904f,
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Features_are_those_that_OnnxRuntime_computed()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Encoder([3, Side, Side]);

        var features = Numbers(encoder.call(Pattern()));

        AssertClose(Recorded, EverySo(features));
    }

    [Fact]
    public void Features_are_those_that_OnnxRuntime_computes()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Encoder([3, Side, Side]);
        using var session = Session(PretrainedResNet18.ModelFile!);
        Tensor[] images = [Pattern(), torch.rand(1, 3, Side, Side), torch.zeros(1, 3, Side, Side)];

        foreach (var image in images)
        {
            var expected = Run(session, AsCntk(image));
            var found = Numbers(encoder.call(image));

            output.WriteLine(string.Join("f, ", EverySo(expected)));
            output.WriteLine($"largest difference {Difference(expected, found)} of {expected.Max()}");
            AssertClose(expected, found);
        }
    }

    [Fact]
    public void Photographs_have_nearly_the_features_that_the_packages_own_preparation_gives_them()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Encoder([3, Side, Side]);
        using var session = Session(PretrainedResNet18.ModelFile!);
        using var preparation = Session(PreparationFile);
        using var photographs = Photographs.Read(DataBeside.Find("pets600"));

        for (var i = 0; i < 5; i++)
        {
            var photograph = torch.nn.functional.interpolate(
                photographs.Images.narrow(0, i * 100, 1),
                [Side, Side],
                mode: torch.InterpolationMode.Bilinear,
                align_corners: false
            );
            var expected = torch.tensor(Run(session, Run(preparation, Numbers(photograph.mul(255)))));
            var found = encoder.call(photograph).flatten();
            var cosine = torch.nn.functional.cosine_similarity(expected, found, 0).item<float>();

            output.WriteLine($"cosine {cosine}");
            Assert.InRange(cosine, 0.99f, 1.0001f);
        }
    }

    [Fact]
    public void The_packages_mean_image_is_nearly_ImageNets_mean()
    {
        SkipWithoutPackage();
        using var scope = torch.NewDisposeScope();
        var image = OnnxGraph.Read(PreparationFile).Numbers("MeanImage").squeeze(0).flatten(1); // blue, green, red
        var mean = torch.tensor(ImageNormalisation.ImageNet.Mean.ToArray()).mul(255).flip(0).unsqueeze(1);
        var apart = image.sub(mean);

        Assert.All(Numbers(apart.mean([1L]).abs()), difference => Assert.InRange(difference, 0, 0.6f));
        Assert.All(Numbers(apart.square().mean([1L]).sqrt()), spread => Assert.InRange(spread, 0, 6f));
    }

    [Fact]
    public void The_file_of_weights_gives_the_same_encoder_by_its_name()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Encoder([3, 64, 64]);
        var path = folder.File("resnet18.safetensors");
        var image = torch.rand(2, 3, 64, 64);

        Assert.Equal(0, WeightsProgram.Run([path], TextWriter.Null, TextWriter.Null));
        using var loaded = MethodCatalog.Create<Encoder>(Specification, 3L * 64 * 64, new long[] { 3, 64, 64 });
        EncoderWeights.Load(loaded, path);
        loaded.eval();

        Assert.True(EncoderWeights.AreOfImageNet(path));
        Assert.Null(loaded.Normalisation);
        loaded.Normalisation = ImageNormalisation.ImageNet;
        Assert.Equal(Numbers(encoder.call(image)), Numbers(loaded.call(image)));
    }

    [Fact]
    public void The_weights_are_refused_where_stages_have_the_papers_blocks()
    {
        using var encoder = Encoder([3, 64, 64]);
        using var usual = new ResNet18([3, 64, 64]);
        var path = folder.File("resnet18.safetensors");
        EncoderWeights.Save(encoder, path);

        var refused = Assert.Throws<InvalidDataException>(() => EncoderWeights.Load(usual, path));

        Assert.Contains(
            "has 'layer4.2.bn1.bias' [512], which ResNet18 does not have",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("(such as width, stem and blocks)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dilated_encoder_sees_at_every_place_what_the_strided_one_sees_at_its_own()
    {
        using var scope = torch.NewDisposeScope();
        using var strided = Encoder([3, 64, 64], pool: false);
        using var dilated = Encoder([3, 64, 64], outputStride: 8, pool: false);
        var image = torch.rand(1, 3, 64, 64);

        var coarse = strided.call(image);
        var fine = dilated.call(image);

        Assert.Equal([1L, 512L, 2L, 2L], coarse.shape);
        Assert.Equal([1L, 512L, 8L, 8L], fine.shape);
        AssertClose(Numbers(coarse), Numbers(fine.slice(2, 0, 8, 4).slice(3, 0, 8, 4)));
    }

    [Fact]
    public void Encoders_made_from_it_compute_the_same()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = Encoder([3, 64, 64]);
        using var replica = encoder.Replicate();
        var image = torch.rand(1, 3, 64, 64);
        replica.eval();

        Assert.Equal(Numbers(encoder.call(image)), Numbers(replica.call(image)));
    }

    [Fact]
    public void Images_of_one_channel_are_refused()
    {
        SkipWithoutPackage();

        var refused = Assert.Throws<InvalidDataException>(() => PretrainedResNet18.Create([1, 32, 32]));

        Assert.Contains("give it images of 3 channels", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Red, green and blue from 0 to 1 to what the network was trained on, but for ImageNet's mean in place of the mean image.</summary>
    private static float[] AsCntk(Tensor image)
    {
        var mean = torch.tensor(ImageNormalisation.ImageNet.Mean.ToArray()).view(1, 3, 1, 1);
        return Numbers(image.sub(mean).mul(255).flip(1));
    }

    /// <summary>Waves in all three channels: an image that every machine makes.</summary>
    private static Tensor Pattern()
    {
        var place = torch.arange(Side, ScalarType.Float32).div(Side);
        var waves = new[] { 1, 2, 3 }.Select(channel =>
            place.view(-1, 1).mul(17 * channel).add(place.view(1, -1).mul(29)).sin().mul(0.5).add(0.5)
        );
        return torch.stack(waves).unsqueeze(0);
    }

    private static float[] Numbers(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    private static float[] EverySo(float[] features) => [.. features.Where((_, i) => i % 32 == 0)];

    private static float Difference(float[] expected, float[] found) =>
        expected.Zip(found, (one, other) => Math.Abs(one - other)).Max();

    private static void AssertClose(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(
            expected.Zip(found),
            pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4 * (1 + Math.Abs(pair.First)))
        );
    }

    private static Encoder Encoder(long[] shape, int outputStride = 32, bool pool = true)
    {
        SkipWithoutPackage();
        var encoder = PretrainedResNet18.Create(shape, outputStride, pool);
        encoder.eval();
        return encoder;
    }

    private static void SkipWithoutPackage() =>
        Assert.SkipWhen(
            PretrainedResNet18.ModelFile is null,
            "Microsoft.ML.DnnImageFeaturizer.ResNet18 is not in the package cache; dotnet restore brings it."
        );

    private static InferenceSession Session(string path)
    {
        Assert.SkipUnless(
            Array.Exists(
                ["libonnxruntime.so", "onnxruntime.dll", "libonnxruntime.dylib"],
                library => File.Exists(Path.Combine(AppContext.BaseDirectory, library))
            ),
            "OnnxRuntime is a large download: build with -p:OnnxRuntime=true to ask it."
        );
        return new InferenceSession(path);
    }

    private static string PreparationFile =>
        Path.GetFullPath(
            Path.Combine(PretrainedResNet18.ModelFile!, "..", "..", "ResNetPrepOnnx", "ResNetPreprocess.onnx")
        );

    private static float[] Run(InferenceSession session, float[] image)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(image, [1, 3, Side, Side]);
        using var options = new RunOptions();
        using var results = session.Run(
            options,
            new Dictionary<string, OrtValue> { [session.InputNames[0]] = input },
            session.OutputNames
        );
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
