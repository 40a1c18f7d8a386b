using Plait.Benchmarks.Vision;

namespace Plait.Benchmarks.Tests.Vision;

public sealed class FashionPairsTests
{
    private static readonly Benchmark Benchmark = BenchmarkCatalog.Get("fashion-pairs");

    [Fact]
    public void The_embedded_images_make_ten_thousand_pairs()
    {
        using var data = Benchmark.Load();

        Assert.Equal([1L, 36, 36], data.InputSpec.Shape);
        Assert.Equal([7000, 1000, 2000], new[] { data.Train.Rows, data.Validation.Rows, data.Test.Rows });
        Assert.Equal(0, data.Train.Input.mean().item<float>(), 3);
        Assert.Equal(1, data.Train.Input.std().item<float>(), 3);
        foreach (var part in new[] { data.Train, data.Validation, data.Test })
        {
            using var counts = part.TargetOf(0).Values.bincount(null, minlength: 10);
            Assert.All(counts.data<long>().ToArray(), count => Assert.Equal(part.Rows / 10, count));
        }
    }

    [Fact]
    public void No_image_is_in_two_parts()
    {
        using var scope = torch.NewDisposeScope();
        var numbers = FashionPairs.ReadParts(new() { Seed = 4 }).Select(part => part.Numbers).ToArray();

        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => (long)i), numbers.SelectMany(part => part).Order());
    }

    [Fact]
    public void A_pair_shows_the_brighter_of_two_images_of_its_part()
    {
        using var scope = torch.NewDisposeScope();
        var options = new BenchmarkOptions { Seed = 4 };
        var part = FashionPairs.ReadParts(options)[1];
        var partners = FashionPairs.Pair(part, options.Seed, place: 1);
        using var data = Benchmark.Load(options);

        foreach (var pair in new[] { 0, 1, 500, 999 })
        {
            var canvas = new byte[36, 36];
            Lay(part.Pixels[pair], canvas, 0);
            Lay(part.Pixels[partners[pair]], canvas, 8);
            var shown = data.Validation.Input[pair].data<float>().ToArray();
            var (low, high) = (shown.Min(), shown.Max());
            var brightest = canvas.Cast<byte>().Max();

            Assert.All(
                shown.Zip(canvas.Cast<byte>()),
                pixel => Assert.Equal(pixel.Second, (pixel.First - low) / (high - low) * brightest, 0.01)
            );
            Assert.Equal(part.LabelNumbers[pair], data.Validation.TargetOf(0).Values[pair].item<long>());
            Assert.Equal(part.LabelNumbers[partners[pair]], data.Validation.TargetOf(1).Values[pair].item<long>());
        }
    }

    [Fact]
    public void The_seed_decides_the_pairs()
    {
        using var first = Benchmark.Load(new() { Seed = 1 });
        using var again = Benchmark.Load(new() { Seed = 1 });
        using var other = Benchmark.Load(new() { Seed = 2 });

        Assert.True(first.Test.Input.eq(again.Test.Input).all().item<bool>());
        Assert.False(first.Test.Input.eq(other.Test.Input).all().item<bool>());
    }

    [Fact]
    public void A_folder_with_training_images_gives_the_training_and_validation_part()
    {
        using var folder = Folder(train: 240, test: 30);
        using var data = Benchmark.Load(folder.Options);

        Assert.Equal([220, 20, 30], new[] { data.Train.Rows, data.Validation.Rows, data.Test.Rows });
    }

    [Fact]
    public void Faulty_files_are_named()
    {
        using var folder = Folder(train: 240, test: 30);

        File.Delete(Path.Combine(folder.Path, "train-labels-idx1-ubyte"));
        var missing = Assert.Throws<FileNotFoundException>(() => Benchmark.Load(folder.Options));
        Assert.Contains("'train-labels-idx1-ubyte' in '" + folder.Path, missing.Message, StringComparison.Ordinal);

        folder.Write("train-labels-idx1-ubyte", FolderOfFiles.Idx(10, 239));
        Assert.Contains("one for each of 240 images", Load(), StringComparison.Ordinal);
        folder.Write("train-labels-idx1-ubyte", FolderOfFiles.Idx(11, 240));
        Assert.Contains("image 10 is of class 10", Load(), StringComparison.Ordinal);
        folder.Write("train-images-idx3-ubyte", FolderOfFiles.Idx(200, 240, 28, 27));
        Assert.Contains("[images, 28, 28]", Load(), StringComparison.Ordinal);

        string Load() => Assert.Throws<InvalidDataException>(() => Benchmark.Load(folder.Options)).Message;
    }

    private static FolderOfFiles Folder(int train, int test) =>
        new FolderOfFiles()
            .Write("train-images-idx3-ubyte", FolderOfFiles.Idx(200, train, 28, 28))
            .Write("train-labels-idx1-ubyte", FolderOfFiles.Idx(10, train))
            .Write("t10k-images-idx3-ubyte", FolderOfFiles.Idx(200, test, 28, 28))
            .Write("t10k-labels-idx1-ubyte", FolderOfFiles.Idx(10, test));

    private static void Lay(Tensor image, byte[,] canvas, int start)
    {
        var pixels = image.data<byte>().ToArray();
        for (var i = 0; i < pixels.Length; i++)
        {
            ref var pixel = ref canvas[start + (i / 28), start + (i % 28)];
            pixel = Math.Max(pixel, pixels[i]);
        }
    }
}
