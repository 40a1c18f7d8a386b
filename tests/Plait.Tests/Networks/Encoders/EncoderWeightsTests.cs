using Plait.Catalogue;
using Plait.Networks.Encoders;
using Plait.Tests.Torch;
using Plait.Torch;

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
        using var saved = Trained(name);
        using var loaded = Create(name);
        var input = torch.randn(2, 3, 32, 32);
        Assert.False(Same(saved, loaded, input));
        var path = Path.Combine(folder, "weights.safetensors");

        EncoderWeights.Save(saved, path);
        EncoderWeights.Load(loaded, path);

        Assert.True(Same(saved, loaded, input));
        Assert.Equal(path, loaded.WeightsFile);
    }

    [Fact]
    public void A_file_says_whether_its_encoder_normalised_images()
    {
        using var encoder = Create("resnet18:width=4");
        var (plain, normalised) = (Path.Combine(folder, "plain"), Path.Combine(folder, "normalised"));

        EncoderWeights.Save(encoder, plain);
        encoder.Normalisation = ImageNormalisation.ImageNet;
        EncoderWeights.Save(encoder, normalised);

        Assert.False(EncoderWeights.AreOfImageNet(plain));
        Assert.True(EncoderWeights.AreOfImageNet(normalised));
    }

    [Theory]
    [InlineData("resnet18:width=4", 2, "2 2 2 2")]
    [InlineData("resnet18:width=4,blocks=2-1-2-3", 2, "2 1 2 3")]
    [InlineData("resnet34:width=4", 2, "3 4 6 3")]
    [InlineData("resnet50:width=4", 3, "3 4 6 3")]
    public void Residual_networks_have_torchvisions_names(string name, int convolutions, string blocks)
    {
        var counts = blocks.Split(' ').Select(int.Parse).ToArray();
        List<string> units = ["conv1|bn1"];
        for (var layer = 1; layer <= 4; layer++)
        {
            for (var block = 0; block < counts[layer - 1]; block++)
            {
                units.AddRange(
                    Enumerable
                        .Range(1, convolutions)
                        .Select(i => $"layer{layer}.{block}.conv{i}|layer{layer}.{block}.bn{i}")
                );
                if (block == 0 && (layer > 1 || convolutions == 3))
                {
                    units.Add($"layer{layer}.0.downsample.0|layer{layer}.0.downsample.1");
                }
            }
        }

        Assert.Equal(NamesOf(units), NamesIn(name));
    }

    [Fact]
    public void The_network_of_parallel_scales_has_its_authors_names()
    {
        List<string> units = ["conv1|bn1", "conv2|bn2"];
        int[] modules = [1, 3, 2];
        for (var block = 0; block < 2; block++)
        {
            units.AddRange(Enumerable.Range(1, 3).Select(i => $"layer1.{block}.conv{i}|layer1.{block}.bn{i}"));
        }

        units.AddRange(["layer1.0.downsample.0|layer1.0.downsample.1", "transition1.0.0|transition1.0.1"]);
        for (var stage = 2; stage <= 4; stage++)
        {
            units.Add($"transition{stage - 1}.{stage - 1}.0.0|transition{stage - 1}.{stage - 1}.0.1");
            for (var module = 0; module < modules[stage - 2]; module++)
            {
                var place = $"stage{stage}.{module}";
                for (var to = 0; to < stage; to++)
                {
                    units.AddRange(
                        from block in Enumerable.Range(0, 2)
                        from i in Enumerable.Range(1, 2)
                        select $"{place}.branches.{to}.{block}.conv{i}|{place}.branches.{to}.{block}.bn{i}"
                    );
                    units.AddRange(
                        from coarse in Enumerable.Range(to + 1, stage - to - 1)
                        select $"{place}.fuse_layers.{to}.{coarse}.0|{place}.fuse_layers.{to}.{coarse}.1"
                    );
                    units.AddRange(
                        from fine in Enumerable.Range(0, to)
                        from step in Enumerable.Range(0, to - fine)
                        select $"{place}.fuse_layers.{to}.{fine}.{step}.0|{place}.fuse_layers.{to}.{fine}.{step}.1"
                    );
                }
            }
        }

        Assert.Equal(NamesOf(units), NamesIn("hrnet-w18-small:width=2,stem-width=4"));
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("legacy")]
    [InlineData("wrapped")]
    public void Weights_of_a_classifier_saved_by_pytorch_load_without_the_classifier(string format)
    {
        using var scope = torch.NewDisposeScope();
        using var saved = Trained("resnet18:width=4");
        using var loaded = Create("resnet18:width=4");
        var tensors = Public(saved).Append(("fc.weight", torch.randn(10, 32))).Append(("fc.bias", torch.randn(10)));
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

        Assert.True(Same(saved, loaded, torch.randn(2, 3, 32, 32)));
    }

    [Theory]
    [InlineData("resnet18:width=16,excitation=16", 2, 16)]
    [InlineData("resnet26:width=16,excitation=16", 3, 64)]
    public void Weights_of_se_resnets_load_by_the_names_and_under_the_key_of_the_authors_of_attentive_single_tasking(
        string name,
        int convolutions,
        long channels
    )
    {
        using var scope = torch.NewDisposeScope();
        var tensors = new List<(string Name, Tensor Tensor)>
        {
            ("conv1.weight", torch.randn(16, 3, 7, 7)),
            ("fc.weight", torch.randn(10, 8 * channels)),
            ("fc.bias", torch.randn(10)),
        };
        Norm("bn1", 16);
        var inputs = 16L;
        for (var layer = 1; layer <= 4; layer++)
        {
            var (inside, outputs) = (16L << (layer - 1), channels << (layer - 1));
            for (var block = 0; block < 2; block++)
            {
                var place = $"layer{layer}.{block}";
                if (block == 0 && (layer > 1 || inputs != outputs))
                {
                    tensors.Add(($"{place}.downsample.0.weight", torch.randn(outputs, inputs, 1, 1)));
                    Norm($"{place}.downsample.1", outputs);
                }

                for (var i = 1; i <= convolutions; i++)
                {
                    var (from, to) = (i == 1 ? inputs : inside, i == convolutions ? outputs : inside);
                    var window = convolutions == 2 || i == 2 ? 3 : 1;
                    tensors.Add(($"{place}.conv{i}.weight", torch.randn(to, from, window, window)));
                    Norm($"{place}.bn{i}", to);
                }

                tensors.Add(($"{place}.se.fc.0.weight", torch.randn(outputs / 16, outputs)));
                tensors.Add(($"{place}.se.fc.0.bias", torch.randn(outputs / 16)));
                tensors.Add(($"{place}.se.fc.2.weight", torch.randn(outputs, outputs / 16)));
                tensors.Add(($"{place}.se.fc.2.bias", torch.randn(outputs)));
                inputs = outputs;
            }
        }

        using var encoder = Create(name);
        var file = Write(
            "se_resnet.pth",
            PythonCheckpoint.WrappedAs("model_state", tensors.Select(pair => ("module." + pair.Name, pair.Tensor)))
        );

        EncoderWeights.Load(encoder, file);

        var loaded = Public(encoder).ToDictionary(pair => pair.Item1, pair => pair.Item2);
        Assert.All(
            tensors.Where(pair => !pair.Name.StartsWith("fc.", StringComparison.Ordinal)),
            pair => Assert.True(loaded[pair.Name].eq(pair.Tensor).all().item<bool>(), pair.Name)
        );

        void Norm(string place, long width) =>
            tensors.AddRange([
                ($"{place}.weight", torch.randn(width)),
                ($"{place}.bias", torch.randn(width)),
                ($"{place}.running_mean", torch.randn(width)),
                ($"{place}.running_var", torch.rand(width)),
            ]);
    }

    [Fact]
    public void Half_precision_is_widened()
    {
        using var scope = torch.NewDisposeScope();
        using var saved = Trained("tiny-resnet");
        using var loaded = Create("tiny-resnet");
        var halves = Public(saved)
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
        using var saved = Create(from);
        using var loaded = Create(to);
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
        using var saved = Create("resnet18:width=4");
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
        using var encoder = Create("tiny-resnet");
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

    private IEnumerable<string> NamesIn(string name)
    {
        using var encoder = Create(name);
        var path = Path.Combine(folder, "names.safetensors");
        EncoderWeights.Save(encoder, path);
        return SafeTensorsFile.Read(path).State.Names;
    }

    private static IEnumerable<string> NamesOf(IEnumerable<string> units) =>
        units
            .Select(unit => unit.Split('|'))
            .SelectMany(unit =>
                new[] { "weight", "bias", "running_mean", "running_var", "num_batches_tracked" }
                    .Select(part => $"{unit[1]}.{part}")
                    .Prepend($"{unit[0]}.weight")
            )
            .Order(StringComparer.Ordinal);

    private static IEnumerable<(string, Tensor)> Public(Encoder encoder) =>
        encoder.state_dict().Select(pair => (encoder.PublicName(pair.Key), pair.Value));

    internal static bool Same(Encoder one, Encoder other, Tensor input)
    {
        one.eval();
        other.eval();
        return one.call(input).allclose(other.call(input), rtol: 1e-4, atol: 1e-6);
    }

    internal static Encoder Create(string name) =>
        MethodCatalog.Create<Encoder>(name, 3L * 32 * 32, new long[] { 3, 32, 32 });

    /// <summary>An encoder whose running statistics, scales and shifts are no longer those it starts with.</summary>
    internal static Encoder Trained(string name)
    {
        var encoder = Create(name);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        encoder.call(torch.randn(8, 3, 32, 32));
        foreach (var parameter in encoder.parameters())
        {
            parameter.add_(torch.randn_like(parameter) * 0.1);
        }

        return encoder;
    }
}
