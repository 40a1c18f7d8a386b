namespace Plait.Benchmarks.Tests.Tables;

/// <summary>Levels, a count and yes or no, side by side in a benchmark.</summary>
[Collection("torch")]
public sealed class AdultWorkTests
{
    private static readonly Benchmark Benchmark = BenchmarkCatalog.Get("adult-work");

    [Fact]
    public void Targets_are_levels_hours_and_incomes()
    {
        using var data = Benchmark.Load();
        var (schooling, hours) = (data.Test.TargetOf(0).Values, data.Test.TargetOf(1).Values);

        Assert.Equal(["ordinal", "count", "binary"], Benchmark.Tasks.Select(task => task.Answer.Kind));
        Assert.Equal((0L, 15L), (schooling.min().item<long>(), schooling.max().item<long>()));
        Assert.Equal((1f, 99f), (hours.min().item<float>(), hours.max().item<float>()));
        Assert.Equal(3_846, (int)data.Test.TargetOf(2).Values.sum().item<float>());
        Assert.Equal(32_561, data.Train.Rows + data.Validation.Rows);
    }
}
