using Plait.Benchmarks;
using Plait.Tabular.Models;
using Plait.Training;

namespace Plait.Jobs.Tests;

public sealed class DataSourceTests
{
    [Fact]
    public void A_kind_stands_first_and_is_read_again()
    {
        var job = new TrainingJob
        {
            Data = new SmallSource { Rows = 5 },
            Run = new RunSpecification(),
        };

        Assert.StartsWith("""{"data":{"kind":"small","rows":5},""", job.ToJson(), StringComparison.Ordinal);
        Assert.Equal(job.Data, TrainingJob.FromJson(job.ToJson()).Data);
    }

    [Theory]
    [InlineData("""{"kind":"benchmark","benchmark":"tox21","rowByRow":false}""", typeof(BenchmarkSource))]
    [InlineData(
        """{"kind":"table","table":"/t.csv","targets":[{"column":"a","kind":"binary"}]}""",
        typeof(TableSource)
    )]
    public void What_was_stored_before_kinds_were_found_is_read(string data, Type type)
    {
        var run = """{"run":{"network":"mmoe","observers":["tag"],"epochs":3}}""";

        Assert.IsType(type, TrainingJob.FromJson($$"""{"data":{{data}},{{run[1..]}}""").Data);
    }

    [Fact]
    public void A_kind_that_nobody_brings_is_refused()
    {
        var refused = Assert.Throws<FormatException>(() =>
            TrainingJob.FromJson("""{"data":{"kind":"cloud"},"run":{}}""")
        );

        Assert.Contains("This JSON is not a training", refused.Message, StringComparison.Ordinal);
    }
}
