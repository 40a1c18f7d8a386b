using Plait.Testing;

namespace Plait.Demonstrations.Tests;

/// <summary>Every demonstration has numbers on record, and every record a demonstration.</summary>
public sealed class RecordedResultsTests
{
    [Fact]
    public void Every_demonstration_is_recorded_with_three_seeds()
    {
        var folder = Path.Combine(Checkout.Root, "bench", "demonstrations");
        var recorded = Directory
            .GetFiles(folder, "*.csv")
            .Select(Path.GetFileNameWithoutExtension)
            .Order(StringComparer.Ordinal);
        Assert.Equal(DemonstrationCatalog.All.Select(demonstration => demonstration.Name), recorded);
        Assert.All(
            DemonstrationCatalog.All,
            demonstration =>
            {
                var lines = File.ReadAllLines(Path.Combine(folder, demonstration.Name + ".csv"));
                Assert.Equal(ResultFile.Header, lines[0]);
                Assert.Equal(["1", "2", "3"], lines[1..].Select(line => line[..line.IndexOf(',')]).Distinct());
            }
        );
    }

    [Fact]
    public void The_page_tells_of_every_demonstration_and_its_command()
    {
        var page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "demonstrations.md"));
        Assert.All(
            DemonstrationCatalog.All,
            demonstration => Assert.Contains($"Plait.Demonstrations -c Release -- {demonstration.Name}\n", page)
        );
    }
}
