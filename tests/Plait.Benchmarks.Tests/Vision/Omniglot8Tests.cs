namespace Plait.Benchmarks.Tests.Vision;

public sealed class Omniglot8Tests
{
    private static readonly Benchmark Benchmark = BenchmarkCatalog.Get("omniglot8");

    [Fact]
    public void Every_drawer_of_a_part_drew_every_character_once()
    {
        using var data = Benchmark.Load();

        Assert.Equal(data.Tasks.Count, data.Train.Streams.Count);
        Assert.Equal([1L, 28, 28], data.InputSpec.Shape);
        Assert.Equal(242, data.Tasks.Sum(task => task.Output.Channels));
        foreach (var (part, drawers) in new[] { (data.Train, 10), (data.Validation, 4), (data.Test, 6) })
        {
            for (var task = 0; task < data.Tasks.Count; task++)
            {
                var characters = data.Tasks[task].Output.Channels;
                using var counts = part.TargetOf(task).Values.bincount(null, minlength: characters);
                Assert.Equal(Enumerable.Repeat((long)drawers, characters), counts.data<long>().ToArray());
            }
        }

        var pixels = data.Train.InputOf(0);
        Assert.Equal(0, pixels.min().item<float>());
        Assert.InRange(pixels.max().item<float>(), 0.9f, 1);
    }

    [Fact]
    public void No_image_is_in_two_parts()
    {
        using var data = Benchmark.Load();
        var images = new[] { data.Train, data.Validation, data.Test }
            .SelectMany(part => Enumerable.Range(0, data.Tasks.Count).Select(part.InputOf))
            .SelectMany(input => input.reshape(-1, 784).data<float>().ToArray().Chunk(784))
            .Select(image => string.Join(',', image.Select(pixel => (int)(pixel * 255))))
            .ToArray();

        Assert.Equal(4840, images.Length);
        Assert.Equal(4840, images.Distinct().Count());
    }

    [Fact]
    public void Faulty_files_are_named()
    {
        var labels = FolderOfFiles.Embedded("omniglot8/labels.csv.gz");
        using var folder = new FolderOfFiles()
            .Write("labels.csv", labels)
            .Write("images-28x28-idx3-ubyte", FolderOfFiles.Idx(200, 3, 28, 28));

        Assert.Contains("one image for each of the 4840 rows", Load(), StringComparison.Ordinal);
        folder.Write("images-28x28-idx3-ubyte", FolderOfFiles.Idx(200, 4840, 28, 28));
        folder.Write(
            "labels.csv",
            labels.Replace("Balinese,character01,1\n", "Klingon,character01,1\n", StringComparison.Ordinal)
        );
        Assert.Contains("line 2, column 'alphabet'", Load(), StringComparison.Ordinal);
        folder.Write(
            "labels.csv",
            labels.Replace("Balinese,character01,2\n", "Balinese,character01,21\n", StringComparison.Ordinal)
        );
        Assert.Contains("line 3, column 'drawer': expected 1 to 20; got '21'", Load(), StringComparison.Ordinal);
        folder.Write(
            "labels.csv",
            labels.Replace("Balinese,character01,2\n", "Balinese,character99,2\n", StringComparison.Ordinal)
        );
        Assert.Contains("25 characters of Balinese; expected 24", Load(), StringComparison.Ordinal);

        string Load() => Assert.Throws<InvalidDataException>(() => Benchmark.Load(folder.Options)).Message;
    }
}
