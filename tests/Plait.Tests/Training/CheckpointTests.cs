using Plait.Networks.Encoders;
using Plait.Networks.SharedTrunk;
using Plait.Optimization.LossWeighting;
using Plait.Tests.Torch;
using Plait.Torch;
using Plait.Training;

namespace Plait.Tests.Training;

[Collection("torch")]
public sealed class CheckpointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("plait-checkpoint").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Newest => Path.Combine(folder, "checkpoint.safetensors");

    private string Previous => Path.Combine(folder, "checkpoint.previous.safetensors");

    [Theory]
    [InlineData("cut short")]
    [InlineData("one bit turned")]
    [InlineData("another file")]
    [InlineData("empty")]
    public void A_damaged_newest_checkpoint_gives_way_to_the_one_before(string damage)
    {
        Train(epochs: 1);
        Train(epochs: 2);
        Damage(Newest, damage);
        var notices = new List<string>();
        Train(epochs: 2, notices: notices);
        Assert.Contains(
            notices,
            notice =>
                notice.Contains(Newest, StringComparison.Ordinal)
                && notice.Contains("before it", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Two_damaged_checkpoints_are_an_error_that_names_the_file()
    {
        Train(epochs: 1);
        Train(epochs: 2);
        Damage(Newest, "cut short");
        Damage(Previous, "cut short");
        var failure = Assert.Throws<InvalidDataException>(() => Train(epochs: 3));
        Assert.Contains(Previous, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void A_checkpoint_of_another_network_is_refused_and_leaves_the_network_as_it_was()
    {
        Train(epochs: 1);
        using var other = new HardSharing(SmallRuns.Tasks, new Mlp(SmallRuns.Inputs, [12, 8]));
        var before = SmallRuns.Bits(other);
        using var data = SmallRuns.Data(64);
        using var source = data.Batches(32, shuffleSeed: 1);
        var trainer = new Trainer(other, new Recipe { Epochs = 2 }) { Checkpoints = new CheckpointFolder(folder) };
        var failure = Assert.Throws<InvalidDataException>(() => trainer.Fit(source));
        Assert.Contains("another network", failure.Message, StringComparison.Ordinal);
        Assert.Contains(folder, failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, SmallRuns.Bits(other));
    }

    [Fact]
    public void A_checkpoint_of_another_recipe_is_refused()
    {
        Train(epochs: 1);
        var failure = Assert.Throws<InvalidDataException>(() =>
            Train(epochs: 2, new Recipe { Epochs = 2, Weighting = new Uncertainty() })
        );
        Assert.Contains("uncertainty", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_an_earlier_version_is_refused_in_words()
    {
        Train(epochs: 1);
        var (state, metadata) = SafeTensorsFile.Read(Newest);
        var earlier = new Dictionary<string, string>(metadata) { ["format"] = "plait-checkpoint-1" };
        using (var file = File.Create(Newest))
        {
            SafeTensorsFile.Write(file, state, earlier);
        }

        var failure = Assert.Throws<InvalidDataException>(() => Train(epochs: 2));

        Assert.Contains("start the training anew", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void A_disk_that_fills_while_saving_leaves_the_earlier_checkpoint_and_no_litter()
    {
        Train(epochs: 1);
        var before = File.ReadAllBytes(Newest);
        using var network = SmallRuns.Network();
        using var data = SmallRuns.Data(64);
        using var source = data.Batches(32, shuffleSeed: 1);
        var full = new CheckpointFolder(folder, new FullDisk());
        var failure = Assert.Throws<IOException>(() =>
            new Trainer(network, new Recipe { Epochs = 2 }) { Checkpoints = full }.Fit(source)
        );
        Assert.Contains("untouched", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.Equal(before, File.ReadAllBytes(Newest));
        Assert.Equal([Newest], Directory.GetFiles(folder));
        Train(epochs: 2);
    }

    [Fact]
    public void A_network_saved_and_loaded_is_the_same_to_the_bit_and_another_one_is_refused()
    {
        var path = Path.Combine(folder, "network.safetensors");
        using var saved = SmallRuns.Network();
        using var loaded = SmallRuns.Network(seed: 7);
        NetworkState.Save(saved, path);
        NetworkState.Load(loaded, path);
        Assert.Equal(SmallRuns.Bits(saved), SmallRuns.Bits(loaded));
        using var other = new HardSharing(SmallRuns.Tasks, new Mlp(SmallRuns.Inputs, [16, 9]));
        var failure = Assert.Throws<InvalidDataException>(() => NetworkState.Load(other, path));
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }

    private void Train(int epochs, Recipe? recipe = null, List<string>? notices = null)
    {
        using var network = SmallRuns.Network();
        using var data = SmallRuns.Data(64);
        using var source = data.Batches(32, shuffleSeed: 1);
        new Trainer(network, recipe ?? new Recipe { Epochs = epochs })
        {
            Checkpoints = new CheckpointFolder(folder),
        }.Fit(
            source,
            progress: new SmallRuns.Listener(progress =>
            {
                if (progress.Notice is { } notice)
                {
                    notices?.Add(notice);
                }
            })
        );
    }

    private static void Damage(string path, string how)
    {
        var bytes = File.ReadAllBytes(path);
        if (how == "one bit turned")
        {
            bytes[^5] ^= 1;
        }

        File.WriteAllBytes(
            path,
            how switch
            {
                "cut short" => bytes[..(bytes.Length / 2)],
                "another file" => "a note that somebody left here"u8.ToArray(),
                "empty" => [],
                _ => bytes,
            }
        );
    }
}
