using System.Globalization;
using Plait.Benchmarks.Vision;

namespace Plait.Benchmarks.Tests.Vision;

[Collection("torch")]
public sealed class Pets600Tests : IDisposable
{
    private const string Header = "file,species,breed,split,width,height,head_xmin,head_ymin,head_xmax,head_ymax";
    private const int Rows = 60;

    private static readonly Benchmark Benchmark = BenchmarkCatalog.Get("pets600");

    private readonly FolderOfFiles folder = new();

    public Pets600Tests() =>
        folder
            .Write("images-64x64x3-idx4-ubyte", FolderOfFiles.Idx(251, Rows, 64, 64, 3))
            .Write("trimaps-64x64-idx3-ubyte", Trimaps(Rows))
            .Write("labels.csv", Labels());

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_default_split_has_boxes_in_every_part_and_the_official_one_none_in_its_test()
    {
        using var mixed = Benchmark.Load(folder.Options);
        using var official = Benchmark.Load(folder.Options with { Split = "official" });

        Assert.Equal([3L, 64, 64], mixed.InputSpec.Shape);
        Assert.Equal(58, mixed.Train.Rows + mixed.Validation.Rows + mixed.Test.Rows); // two are not listed
        Assert.All(
            new[] { mixed.Train, mixed.Validation, mixed.Test },
            part => Assert.InRange(part.TargetOf(3).PresentCount, part.Rows, (4 * part.Rows) - 1)
        );
        Assert.Equal([25L, 5, 28], new[] { official.Train.Rows, official.Validation.Rows, official.Test.Rows });
        Assert.Equal(0, official.Test.TargetOf(3).PresentCount);
        Assert.Null(official.Train.TargetOf(3).Present);
    }

    [Fact]
    public void Rows_keep_image_outline_labels_and_box_together()
    {
        using var scope = torch.NewDisposeScope();
        var options = folder.Options with { Split = "mixed", Seed = 3 };
        using var data = Benchmark.Load(options);
        var table = Pets600.ReadTable(options);
        var row = (int)Pets600.Divide(table, Pets600.ReadHeads(table), options)[2][4];
        var image = data.Test.Input[4];

        // Element i of the file is i mod 251, channels last; so are the standardised ones, up to a line for each channel.
        foreach (var (y, x) in new[] { (0, 0), (10, 50), (63, 63) })
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var here = ((((row * 64) + y) * 64) + x) * 3 % (251 * 3) + channel;
                var plane = image[channel];
                var (low, high) = (plane.min().item<float>(), plane.max().item<float>());
                Assert.Equal(here % 251 / 250.0, (plane[y, x].item<float>() - low) / (high - low), 1e-3);
            }
        }

        Assert.Equal(((row * 64 * 64) + 70) % 3, data.Test.TargetOf(0).Values[4, 1, 6].item<long>());
        Assert.Equal(row % 3 == 2 ? 1 : 0, data.Test.TargetOf(1).Values[4].item<long>());
        Assert.Equal(row % 3, data.Test.TargetOf(2).Values[4].item<long>());
    }

    [Fact]
    public void The_guide_names_the_files_that_are_read()
    {
        var guide = ((Plait.Benchmarks.Vision.FolderBenchmark)Benchmark).Guide;

        Assert.Equal(
            ["images-64x64x3-idx4-ubyte.gz", "trimaps-64x64-idx3-ubyte.gz", "labels.csv"],
            guide.Files.Select(file => file.Path)
        );
    }

    [Fact]
    public void Faulty_files_are_named()
    {
        folder.Write("trimaps-64x64-idx3-ubyte", Trimaps(Rows - 1));
        Assert.Contains(
            "'trimaps-64x64-idx3-ubyte' holds Byte of shape [59, 64, 64]; expected Byte of shape [60, 64, 64]",
            Load(),
            StringComparison.Ordinal
        );
        folder.Write("trimaps-64x64-idx3-ubyte", FolderOfFiles.Idx(4, Rows, 64, 64));
        Assert.Contains("says 0 at row 0, pixel 0", Load(), StringComparison.Ordinal);
        folder.Write("images-64x64x3-idx4-ubyte", FolderOfFiles.Idx(9, Rows, 64, 64, 1));
        Assert.Contains("expected Byte of shape [60, 64, 64, 3]", Load(), StringComparison.Ordinal);
        folder.Write("images-64x64x3-idx4-ubyte", FolderOfFiles.Idx(9, Rows, 64, 64, 3)[..^1]);
        Assert.Contains("cut short", Load(), StringComparison.Ordinal);
        File.Delete(Path.Combine(folder.Path, "images-64x64x3-idx4-ubyte"));
        var missing = Assert.Throws<FileNotFoundException>(() => Benchmark.Load(folder.Options));
        Assert.Contains("images-64x64x3-idx4-ubyte.gz", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,fish,Bengal,test,9,9,,,,", "column 'species': expected one of cat, dog; got 'fish'")]
    [InlineData("a,cat,Lion,test,9,9,,,,", "column 'breed'")]
    [InlineData("a,cat,Bengal,exam,9,9,,,,", "column 'split'")]
    [InlineData("a,cat,Bengal,test,9,9,0.1,,0.5,0.5", "expected all four sides of a box, or none")]
    [InlineData("a,cat,Bengal,test,9,9,0.6,0.1,0.5,0.5", "fractions that rise from head_xmin to head_xmax")]
    [InlineData("a,cat,Bengal,test,9,9,0.1,0.1,0.5,1.5", "fractions that rise from head_ymin to head_ymax")]
    public void A_faulty_row_is_named_with_line_and_column(string row, string fault)
    {
        folder.Write("labels.csv", Labels().Replace("pet4,", row + "\npet4,", StringComparison.Ordinal));
        folder
            .Write("images-64x64x3-idx4-ubyte", FolderOfFiles.Idx(251, Rows + 1, 64, 64, 3))
            .Write("trimaps-64x64-idx3-ubyte", Trimaps(Rows + 1));

        var message = Load();

        Assert.Contains("line 6", message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_real_photographs_divide_as_their_authors_say()
    {
        var path = DataBeside.Find("pets600");
        using var mixed = Benchmark.Load(new() { DataDirectory = path });
        using var official = Benchmark.Load(new() { DataDirectory = path, Split = "official" });

        Assert.Equal([250L, 50, 298], new[] { official.Train.Rows, official.Validation.Rows, official.Test.Rows });
        Assert.Equal(4 * 296, official.Train.TargetOf(3).PresentCount + official.Validation.TargetOf(3).PresentCount);
        Assert.Equal(0, official.Test.TargetOf(3).PresentCount);
        Assert.Equal(598, mixed.Train.Rows + mixed.Validation.Rows + mixed.Test.Rows);
        Assert.InRange(mixed.Test.TargetOf(3).PresentCount / (4.0 * mixed.Test.Rows), 0.45, 0.55);
        using var border = mixed.Train.TargetOf(0).Values.eq(2).to(ScalarType.Float32).mean();
        Assert.InRange(border.item<float>(), 0.05, 0.25);
    }

    private string Load() => Assert.Throws<InvalidDataException>(() => Benchmark.Load(folder.Options)).Message;

    private static byte[] Trimaps(int rows)
    {
        var file = FolderOfFiles.Idx(3, rows, 64, 64);
        for (var i = file.Length - (rows * 64 * 64); i < file.Length; i++)
        {
            file[i]++;
        }

        return file;
    }

    /// <summary>Breeds in turns; every other row for training, with a box, and two rows on no list.</summary>
    private static string Labels() =>
        string.Join(
            '\n',
            Enumerable
                .Range(0, Rows)
                .Select(row =>
                {
                    string[] breeds = ["cat,Abyssinian", "cat,Bengal", "dog,american_bulldog"];
                    var list =
                        row >= Rows - 4 && row % 2 == 1 ? "unlisted"
                        : row % 2 == 0 ? "trainval"
                        : "test";
                    var left = (row / 100.0).ToString(CultureInfo.InvariantCulture);
                    return $"pet{row},{breeds[row % 3]},{list},300,200,{(row % 2 == 0 ? $"{left},0.1,0.9,1" : ",,,")}";
                })
                .Prepend(Header)
        );
}
