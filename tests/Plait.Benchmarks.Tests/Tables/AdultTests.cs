using Plait.Benchmarks.Tables;

namespace Plait.Benchmarks.Tests.Tables;

public sealed class AdultTests
{
    private static readonly Benchmark Benchmark = BenchmarkCatalog.Get("adult");

    [Fact]
    public void The_test_part_is_the_official_one_and_the_others_have_its_proportions()
    {
        using var data = Benchmark.Load();

        Assert.Equal(32_561, data.Train.Rows + data.Validation.Rows);
        Assert.Equal(16_281, data.Test.Rows);
        Assert.InRange(data.Validation.Rows, 3_250, 3_262);
        Assert.Equal(7_841, (int)(Positives(data.Train) + Positives(data.Validation)));
        Assert.Equal(3_846, (int)Positives(data.Test));
        Assert.Equal(Positives(data.Train) / data.Train.Rows, Positives(data.Validation) / data.Validation.Rows, 0.001);
        using var married = data.Train.TargetOf(1).Values.eq(0).to(ScalarType.Float32).mean();
        using var alsoMarried = data.Validation.TargetOf(1).Values.eq(0).to(ScalarType.Float32).mean();
        Assert.Equal(married.item<float>(), alsoMarried.item<float>(), 0.002f);

        static double Positives(Plait.Data.TensorData part) => part.TargetOf(0).Values.sum().item<float>();
    }

    [Fact]
    public void Neither_target_nor_the_relationship_is_an_input()
    {
        var names = Adult.InputNames(Adult.ReadTable(new(), "adult-train.csv")).ToArray();
        using var data = Benchmark.Load();

        Assert.Equal(data.InputSpec.Shape![0], names.Length);
        Assert.Contains("workclass=?", names);
        Assert.DoesNotContain(names, name => name.Contains("married", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(names, name => name.Contains("Husband", StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name.Contains("50K", StringComparison.Ordinal));
        Assert.DoesNotContain("fnlwgt", names);
    }

    [Fact]
    public void Numbers_are_standard_and_each_text_column_has_one_value_a_row()
    {
        using var data = Benchmark.Load();
        using var numbers = data.Train.Input.narrow(1, 0, 5);
        using var texts = data.Train.Input.narrow(1, 5, data.InputSpec.Shape![0] - 5);

        Assert.True(numbers.mean([0L]).abs().max().item<float>() < 1e-4f);
        Assert.True(numbers.std(0, unbiased: false).sub(1).abs().max().item<float>() < 1e-4f);
        Assert.True(texts.sum(dim: 1L).eq(6).all().item<bool>());
    }

    [Fact]
    public void A_class_that_nobody_knows_is_named()
    {
        using var folder = new FolderOfFiles()
            .Write("adult-test.csv", Head(FolderOfFiles.Embedded("adult/adult-test.csv.gz"), 50))
            .Write(
                "adult-train.csv",
                Head(FolderOfFiles.Embedded("adult/adult-train.csv.gz"), 200)
                    .Replace("Divorced", "Engaged", StringComparison.Ordinal)
            );

        var error = Assert.Throws<InvalidDataException>(() => Benchmark.Load(folder.Options));

        Assert.Contains("column 'marital-status': expected one of", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("got 'Engaged'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_seen_only_in_the_test_file_is_all_zeros()
    {
        using var folder = new FolderOfFiles()
            .Write(
                "adult-test.csv",
                Head(FolderOfFiles.Embedded("adult/adult-test.csv.gz"), 50)
                    .Replace(",White,", ",Martian,", StringComparison.Ordinal)
            )
            .Write("adult-train.csv", Head(FolderOfFiles.Embedded("adult/adult-train.csv.gz"), 400));
        using var data = Benchmark.Load(folder.Options);
        using var sums = data.Test.Input.narrow(1, 5, data.InputSpec.Shape![0] - 5).sum(dim: 1L);

        Assert.True(sums.le(6).all().item<bool>());
        Assert.True(sums.lt(6).any().item<bool>());
    }

    private static string Head(string text, int lines) => string.Join('\n', text.Split('\n').Take(lines)) + "\n";
}
