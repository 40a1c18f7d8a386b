using Plait.Networks.Encoders;
using Plait.Tests.Torch;
using Plait.Torch;

namespace Plait.Tests.Networks.Encoders;

[Collection("torch")]
public sealed class EncoderWeightsNamesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("plait-weights").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

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

        using var encoder = SmallEncoders.Create(name);
        var file = Write(
            "se_resnet.pth",
            PythonCheckpoint.WrappedAs("model_state", tensors.Select(pair => ("module." + pair.Name, pair.Tensor)))
        );

        EncoderWeights.Load(encoder, file);

        var loaded = SmallEncoders.Public(encoder).ToDictionary(pair => pair.Item1, pair => pair.Item2);
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

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private IEnumerable<string> NamesIn(string name)
    {
        using var encoder = SmallEncoders.Create(name);
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
}
