using Plait.Benchmarks.Tables;

namespace Plait.Benchmarks.Tests.Tables;

public sealed class Tox21Tests
{
    private static readonly Benchmark Benchmark = BenchmarkCatalog.Get("tox21");

    [Fact]
    public void It_holds_7831_molecules_with_the_published_share_of_labels()
    {
        using var data = Benchmark.Load();
        var parts = new[] { data.Train, data.Validation, data.Test };

        Assert.Equal([1024L], data.InputSpec.Shape);
        Assert.Equal(7831, parts.Sum(part => part.Rows));
        var present = parts.Sum(part => Enumerable.Range(0, 12).Sum(task => part.TargetOf(task).PresentCount));
        var positive = parts.Sum(part =>
            Enumerable.Range(0, 12).Sum(task => part.TargetOf(task).Values.sum().item<float>())
        );
        Assert.Equal(0.171, 1 - (present / (7831 * 12.0)), 3);
        Assert.Equal(0.075, positive / present, 3);
        Assert.Equal(0.7, data.Train.Rows / 7831.0, 2);
        Assert.Equal(0.1, data.Validation.Rows / 7831.0, 2);
    }

    [Fact]
    public void Fingerprints_are_unpacked_from_the_lowest_bit_of_each_byte()
    {
        var file =
            "ecfp4_1024_hex,scaffold,NR-AR,NR-AR-LBD,NR-AhR,NR-Aromatase,NR-ER,NR-ER-LBD,NR-PPAR-gamma,SR-ARE,SR-ATAD5,SR-HSE,SR-MMP,SR-p53\n"
            + string.Concat(
                Enumerable.Range(0, 20).Select(row => $"0a80{new string('0', 252)},{row},0,1,,0,0,0,0,0,0,0,0,0\n")
            );
        using var folder = new FolderOfFiles().Write("tox21.csv", file);
        using var data = Benchmark.Load(folder.Options);

        var bits = data.Train.Input[0].data<float>().ToArray();

        Assert.Equal([1, 3, 15], Enumerable.Range(0, 1024).Where(bit => bits[bit] == 1));
        Assert.Equal(3, bits.Sum());
        Assert.Equal(0, data.Train.TargetOf(2).PresentCount);
        Assert.Equal(14, data.Train.TargetOf(1).Values.sum().item<float>());
    }

    [Fact]
    public void No_scaffold_is_in_two_parts_and_the_seed_decides_which_part()
    {
        var table = Tox21.ReadTable(new());
        for (var seed = 0; seed < 5; seed++)
        {
            var parts = Tox21.Divide(table, new() { Seed = seed });
            var scaffolds = parts.Select(rows => rows.Select(row => table["scaffold"][(int)row]).ToHashSet()).ToArray();

            Assert.False(scaffolds[0].Overlaps(scaffolds[1]));
            Assert.False(scaffolds[0].Overlaps(scaffolds[2]));
            Assert.False(scaffolds[1].Overlaps(scaffolds[2]));
            Assert.Equal(parts, Tox21.Divide(table, new() { Seed = seed }));
            Assert.NotEqual(parts[2], Tox21.Divide(table, new() { Seed = seed + 1 })[2]);
        }
    }

    [Fact]
    public void The_random_split_is_another_one_and_an_unknown_one_is_refused_with_the_list()
    {
        var table = Tox21.ReadTable(new());

        Assert.NotEqual(Tox21.Divide(table, new())[0], Tox21.Divide(table, new() { Split = "random" })[0]);
        var error = Assert.Throws<ArgumentException>(() => Benchmark.Load(new() { Split = "time" }));
        Assert.Contains("scaffold, random", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zz", "0", "line 2, column 'ecfp4_1024_hex': expected 256 hexadecimal digits")]
    [InlineData(null, "2", "line 2, column 'NR-AR': expected 0, 1 or nothing; got '2'")]
    [InlineData(null, "yes", "line 2, column 'NR-AR': expected a number; got 'yes'")]
    [InlineData(null, "0,0", "line 2: 15 fields, but the header has 14")]
    public void A_wrong_row_is_named_by_file_line_and_column(string? fingerprint, string label, string expected)
    {
        using var folder = new FolderOfFiles().Write(
            "tox21.csv",
            "ecfp4_1024_hex,scaffold,NR-AR,NR-AR-LBD,NR-AhR,NR-Aromatase,NR-ER,NR-ER-LBD,NR-PPAR-gamma,SR-ARE,SR-ATAD5,SR-HSE,SR-MMP,SR-p53\n"
                + $"{fingerprint ?? new string('0', 256)},1,{label},0,0,0,0,0,0,0,0,0,0,0\n"
        );

        var error = Assert.Throws<InvalidDataException>(() => Benchmark.Load(folder.Options));

        Assert.Contains("tox21.csv', " + expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        using var folder = new FolderOfFiles().Write("tox21.csv", "smiles,scaffold\nC,1\n");

        var error = Assert.Throws<InvalidDataException>(() => Benchmark.Load(folder.Options));

        Assert.Contains(
            "no column 'ecfp4_1024_hex'; the columns are smiles, scaffold",
            error.Message,
            StringComparison.Ordinal
        );
    }
}
