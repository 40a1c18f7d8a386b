using Plait.Tabular.Models;

namespace Plait.Tabular.Tests.Models;

[Collection("torch")]
public sealed class TabularModelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string ModelFolder => folder.File("model");

    [Fact]
    public void Loaded_model_predicts_the_same_to_the_bit()
    {
        using var model = Trained();
        model.Save(ModelFolder);

        using var loaded = TabularModel.Load(ModelFolder);

        var rows = ThreeTargets.Csv(100, seed: 9);
        Assert.Equal(ThreeTargets.Outputs(model, rows), ThreeTargets.Outputs(loaded, rows));
        Assert.Equal(model.Run.ToJson(), loaded.Run.ToJson());
        Assert.Equal(
            model.Test!.Targets.SelectMany(target => target.Metrics),
            loaded.Test!.Targets.SelectMany(target => target.Metrics)
        );
    }

    [Theory]
    [InlineData("hps")]
    [InlineData("mmoe:experts=4")]
    [InlineData("cross-stitch")]
    public void Outputs_of_a_row_do_not_depend_on_the_rows_beside_it(string network)
    {
        var job = ThreeTargets.Job(folder.Write("data.csv", ThreeTargets.Csv(200)));
        using var model = ThreeTargets.Train(job with { Run = job.Run with { Network = network, Epochs = 1 } });
        var rows = ThreeTargets.Csv(150, seed: 9);

        Assert.Equal(ThreeTargets.Outputs(model, rows), ThreeTargets.Outputs(model, rows, rowsAtATime: 1));
        Assert.Equal(ThreeTargets.Outputs(model, rows), ThreeTargets.Outputs(model, rows, rowsAtATime: 67));
    }

    [Fact]
    public void Input_of_another_width_is_refused()
    {
        using var model = Trained();
        using var input = torch.zeros(2, 99);

        var error = Assert.Throws<ArgumentException>(() => model.Predict(input));

        Assert.Contains("got [2, 99]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loading_leaves_the_random_generator_alone()
    {
        using var model = Trained();
        model.Save(ModelFolder);
        torch.manual_seed(5);
        using var expected = torch.rand(4);
        torch.manual_seed(5);

        using var loaded = TabularModel.Load(ModelFolder);

        using var drawn = torch.rand(4);
        Assert.Equal(Tables.Numbers(expected), Tables.Numbers(drawn));
    }

    [Theory]
    [InlineData("network.safetensors")]
    [InlineData("preprocessing.json")]
    [InlineData("model.json")]
    public void Torn_or_missing_file_is_a_one_line_error_that_names_it(string name)
    {
        using (var model = Trained())
        {
            model.Save(ModelFolder);
        }

        var path = Path.Combine(ModelFolder, name);
        var whole = File.ReadAllBytes(path);
        foreach (var length in new[] { 0, 7, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(path, whole[..length]);
            Names(path, LoadFails<Exception>());
        }

        File.Delete(path);
        Names(path, LoadFails<FileNotFoundException>());
    }

    [Fact]
    public void Files_of_two_models_do_not_load_together()
    {
        var table = folder.Write("data.csv", ThreeTargets.Csv(200));
        string[] folders = [ModelFolder, folder.File("same-shape"), folder.File("other-shape")];
        foreach (var (path, seed, network) in folders.Zip([3L, 4L, 3L], ["hps", "hps", "mmoe"]))
        {
            var job = ThreeTargets.Job(table, path, seed);
            ThreeTargets.Train(job with { Run = job.Run with { Network = network, Epochs = 1 } }).Dispose();
        }

        var weights = Path.Combine(ModelFolder, "network.safetensors");
        File.Copy(Path.Combine(folders[1], "network.safetensors"), weights, overwrite: true);
        Assert.Contains(
            "of another model",
            Names(weights, LoadFails<InvalidDataException>()),
            StringComparison.Ordinal
        );

        File.Copy(Path.Combine(folders[2], "network.safetensors"), weights, overwrite: true);
        Assert.Contains("another network", Names(weights, LoadFails<InvalidDataException>()), StringComparison.Ordinal);
    }

    [Fact]
    public void Model_of_a_later_version_is_refused()
    {
        using (var model = Trained())
        {
            model.Save(ModelFolder);
        }

        var path = Path.Combine(ModelFolder, "model.json");
        File.WriteAllText(
            path,
            File.ReadAllText(path).Replace("\"version\": 2", "\"version\": 3", StringComparison.Ordinal)
        );

        Assert.Contains("of version 3", Names(path, LoadFails<InvalidDataException>()), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_that_is_not_there_is_an_error() =>
        Assert.Contains("no such folder", LoadFails<DirectoryNotFoundException>().Message, StringComparison.Ordinal);

    [Fact]
    public void Save_replaces_a_model_and_nothing_else()
    {
        using var model = Trained();
        model.Save(ModelFolder);
        model.Save(ModelFolder);
        Assert.Equal(3, Directory.GetFiles(ModelFolder).Length);

        var other = Directory.CreateDirectory(folder.File("thesis")).FullName;
        File.WriteAllText(Path.Combine(other, "chapter1.txt"), "once upon a time");
        var error = Assert.Throws<IOException>(() => model.Save(other));
        Assert.Contains("'chapter1.txt'", error.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(other));

        Assert.Contains(
            "is a file",
            Assert.Throws<IOException>(() => model.Save(folder.Write("file", "text"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_a_broken_off_save_left_does_not_load_and_is_saved_over()
    {
        using var model = Trained();
        model.Save(ModelFolder);
        File.Delete(Path.Combine(ModelFolder, "model.json"));
        File.WriteAllText(Path.Combine(ModelFolder, "model.json.0123.tmp"), "{");
        LoadFails<FileNotFoundException>();

        model.Save(ModelFolder);

        TabularModel.Load(ModelFolder).Dispose();
    }

    public void Dispose() => folder.Dispose();

    private TabularModel Trained()
    {
        var job = ThreeTargets.Job(folder.Write("data.csv", ThreeTargets.Csv(200)));
        return ThreeTargets.Train(job with { Run = job.Run with { Epochs = 2 } });
    }

    private T LoadFails<T>()
        where T : Exception => Assert.ThrowsAny<T>(() => TabularModel.Load(ModelFolder));

    private static string Names(string path, Exception error)
    {
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains("train anew", error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
