using CsCheck;
using Plait.Tabular.Models;
using Plait.Testing;

namespace Plait.Tabular.Tests.Models;

[Collection("torch")]
public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Description => InModel("model.json");

    [Fact]
    public void A_description_that_was_changed_anywhere_is_refused()
    {
        Save("model");
        var whole = File.ReadAllBytes(Description);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[0, 7])
            .Sample(
                change =>
                {
                    var damaged = whole.ToArray();
                    damaged[change.Item1] ^= (byte)(1 << change.Item2);
                    File.WriteAllBytes(Description, damaged);
                    Refused(Description);
                },
                iter: 300,
                threads: 1
            );
    }

    [Theory]
    [InlineData("\"batchSize\": 32", "\"batchSize\": 64")]
    [InlineData("\"seed\": 3", "\"seed\": 4")]
    [InlineData("\"checksum\": \"", "\"note\": \"")]
    [InlineData("\n", "\r\n")]
    public void A_description_that_somebody_edited_is_refused(string from, string to)
    {
        Save("model");
        var text = File.ReadAllText(Description);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(Description, text.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains("not as it was saved", Refused(Description), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("network.safetensors")]
    [InlineData("preprocessing.json")]
    [InlineData("model.json")]
    public void Files_of_two_trainings_are_refused_whichever_is_of_the_other(string name)
    {
        Save("model");
        Save("other", ThreeTargets.Csv(200, seed: 8));
        File.Copy(Path.Combine(folder.File("other"), name), InModel(name), overwrite: true);
        Assert.Contains(
            "of another model",
            Assert.Throws<InvalidDataException>(() => TabularModel.Load(folder.File("model"))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("network.safetensors")]
    [InlineData("preprocessing.json")]
    [InlineData("model.json")]
    public void A_pipe_in_the_place_of_a_file_is_refused_at_once(string name)
    {
        Save("model");
        File.Delete(InModel(name));
        Pipe.Make(InModel(name));
        var refused = Assert.Throws<InvalidDataException>(() => TabularModel.Load(folder.File("model")));
        Assert.StartsWith($"{InModel(name)}: this is a pipe or a device", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_folder_whose_description_is_a_pipe_is_no_model_to_be_replaced()
    {
        using var model = Trained(ThreeTargets.Csv(200));
        Directory.CreateDirectory(folder.File("model"));
        Pipe.Make(Description);
        Assert.Contains(
            "something else than a model ('model.json')",
            Assert.Throws<IOException>(() => model.Save(folder.File("model"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_with_what_a_killed_save_left_loads_and_the_next_save_clears_it_away()
    {
        using var model = Trained(ThreeTargets.Csv(200));
        model.Save(folder.File("model"));
        foreach (var name in new[] { "network.safetensors", "preprocessing.json", "model.json" })
        {
            File.WriteAllText($"{InModel(name)}.{Guid.NewGuid():N}.tmp", "half");
        }

        TabularModel.Load(folder.File("model")).Dispose();
        model.Save(folder.File("model"));

        Assert.Equal(
            ["model.json", "network.safetensors", "preprocessing.json"],
            Directory.GetFiles(folder.File("model")).Select(path => Path.GetFileName(path)).Order()
        );
    }

    [Fact]
    public void Files_that_are_links_stay_links()
    {
        using var model = Trained(ThreeTargets.Csv(200));
        model.Save(folder.File("model"));
        File.Move(InModel("network.safetensors"), folder.File("weights"));
        File.CreateSymbolicLink(InModel("network.safetensors"), "../weights");
        File.WriteAllText(folder.File("weights"), "old");

        model.Save(folder.File("model"));

        Assert.Equal("../weights", new FileInfo(InModel("network.safetensors")).LinkTarget);
        TabularModel.Load(folder.File("model")).Dispose();
    }

    public void Dispose() => folder.Dispose();

    private string InModel(string name) => Path.Combine(folder.File("model"), name);

    private void Save(string name, string? table = null)
    {
        using var model = Trained(table ?? ThreeTargets.Csv(200));
        model.Save(folder.File(name));
    }

    private TabularModel Trained(string table)
    {
        var job = ThreeTargets.Job(folder.Write("data.csv", table));
        return ThreeTargets.Train(job with { Run = job.Run with { Epochs = 1 } });
    }

    private string Refused(string path)
    {
        var refused = Assert.Throws<InvalidDataException>(() => TabularModel.Load(folder.File("model")));
        Assert.StartsWith(path, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Contains("train anew", refused.Message, StringComparison.Ordinal);
        return refused.Message;
    }
}
