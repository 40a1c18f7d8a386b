using Plait.Benchmarks.Tables;

namespace Plait.Benchmarks.Tests.Tables;

public sealed class ParkinsonsTests
{
    private static readonly Benchmark Benchmark = BenchmarkCatalog.Get("parkinsons");

    [Fact]
    public void It_holds_5875_recordings_standardised_by_the_training_part()
    {
        using var data = Benchmark.Load();

        Assert.Equal([19L], data.InputSpec.Shape);
        Assert.Equal(5875, data.Train.Rows + data.Validation.Rows + data.Test.Rows);
        Assert.InRange(data.Train.Rows / 5875.0, 0.66, 0.71);
        Assert.InRange(data.Validation.Rows / 5875.0, 0.06, 0.11);
        RequireStandard(data.Train.Input);
        RequireStandard(data.Train.TargetOf(0).Values.unsqueeze(1));
        RequireStandard(data.Train.TargetOf(1).Values.unsqueeze(1));
        Assert.True(data.Test.Input.mean([0L]).abs().max().item<float>() > 0.01f);
    }

    [Fact]
    public void The_first_recording_keeps_its_order_among_the_others()
    {
        var table = Parkinsons.ReadTable(new());
        using var data = Benchmark.Load();
        var rows = Parkinsons.Divide(table, new())[0];
        var raw = table.Numbers("total_UPDRS");

        var expected = rows.Select(row => raw[row]).ToArray();
        var scores = data.Train.TargetOf(1).Values.data<float>().ToArray();

        var (mean, deviation) = (
            expected.Average(),
            Math.Sqrt(expected.Average(e => Math.Pow(e - expected.Average(x => (double)x), 2)))
        );
        Assert.All(
            expected.Zip(scores).Take(50),
            pair => Assert.Equal((pair.First - mean) / deviation, pair.Second, 1e-3)
        );
    }

    [Fact]
    public void No_patient_is_in_two_parts()
    {
        var table = Parkinsons.ReadTable(new());
        for (var seed = 0; seed < 10; seed++)
        {
            var patients = Parkinsons
                .Divide(table, new() { Seed = seed })
                .Select(rows => rows.Select(row => table["subject#"][(int)row]).ToHashSet())
                .ToArray();

            Assert.Equal(42, patients.Sum(part => part.Count));
            Assert.Equal(42, patients.SelectMany(part => part).Distinct().Count());
        }
    }

    private static void RequireStandard(Tensor columns)
    {
        Assert.True(columns.mean([0L]).abs().max().item<float>() < 1e-4f);
        Assert.True(columns.std(0, unbiased: false).sub(1).abs().max().item<float>() < 1e-4f);
    }
}
