using System.Globalization;
using System.IO.Compression;
using Plait.Relationships.Plans;
using Plait.Tabular;
using Plait.Tabular.Models;

namespace Plait.Relationships.Tests.Plans;

[Collection("torch")]
public sealed class RealGroupingTests
{
    private const int Prices = 6; // the last columns: the least fares of six kinds of flight on the next day

    [Fact]
    public void Groups_chosen_from_pairs_do_as_well_as_all_together_and_as_each_alone()
    {
        var folder = Directory.CreateTempSubdirectory("plait-flights-");
        try
        {
            var (table, targets) = Write(folder.FullName, Find("mulan-mtr", "atp1d.arff.gz"));
            var plan = new GroupingPlan
            {
                Data = new TableSource
                {
                    Table = table,
                    Targets = [.. targets.Select(name => new TargetSpecification(name))],
                },
                Tasks = targets,
                Settings = TabularJob.DefaultRun with { GradientRecordInterval = 0 },
                Method = GroupingPlan.HigherOrder,
                Budget = 2,
                VerificationSeeds = [0, 1, 2],
            };

            var answer = plan.Conclude(PlanRunner.Run(plan, folder.FullName));

            var (grouped, together) = (answer.Verification!.GroupingInterval, answer.Verification.TogetherInterval);
            TestContext.Current.TestOutputHelper?.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Δm of the groups {grouped.Mean:F1} %, of all together {together.Mean:F1} %, of each alone 0"
                )
            );
            Assert.True(grouped.Mean >= together.Mean, $"{grouped.Mean} against {together.Mean} all together");
            Assert.True(grouped.Mean >= 0, $"{grouped.Mean} against 0 of each alone");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Find(string set, string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", set, file);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        Assert.Skip($"There is no shared/data/{set}/{file} beside the checkout.");
        return "";
    }

    /// <summary>The table as CSV, and the names of its targets.</summary>
    private static (string Table, string[] Targets) Write(string folder, string source)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(source), CompressionMode.Decompress));
        var path = Path.Combine(folder, "flights.csv");
        using var writer = new StreamWriter(path);
        var columns = new List<string>();
        var inData = false;
        while (reader.ReadLine()?.Trim() is { } line)
        {
            if (inData && line.Length > 0)
            {
                writer.WriteLine(line);
            }
            else if (line.StartsWith("@attribute", StringComparison.OrdinalIgnoreCase))
            {
                columns.Add(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Trim('"'));
            }
            else if (line.StartsWith("@data", StringComparison.OrdinalIgnoreCase))
            {
                writer.WriteLine(string.Join(',', columns));
                inData = true;
            }
        }

        return (path, [.. columns.TakeLast(Prices)]);
    }
}
