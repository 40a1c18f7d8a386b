using Plait.Jobs.Runs;

namespace Plait.Cli.Tests;

[Collection("torch")]
public sealed class CompareTeachersTests : IDisposable
{
    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Fact]
    public async Task Single_task_networks_that_were_kept_teach_the_recipes_of_their_seeds()
    {
        string[] small = ["compare", "-b", "parkinsons", "--epochs", "2", "--json", "--store", workplace.Store];
        var first = workplace.Run([.. small, "--seeds", "2", "--networks", "hps", "--keep-networks"]).Succeeds();
        string folder;
        string[] alone;
        using (var store = RunStore.OpenToRead(workplace.Store))
        {
            var run = store.Find(RunStore.Last).Id;
            folder = store.PathOf(run);
            alone =
            [
                .. store.Children(run).Where(job => job.Name == "single-task").Select(job => store.PathOf(job.Id)),
            ];
        }

        var split = Plait.Benchmarks.BenchmarkCatalog.Get("parkinsons").SplitNames[0]; // as the first, which named none
        string[] taught = ["--auxiliaries", "none,soft-targets", "--teachers", folder];
        var second = workplace.Run([.. small, "--seeds", "2", "--split", split, .. taught]).Succeeds();

        Assert.Equal(
            ["single-task", "hps", "hps + soft-targets"],
            ComparisonJson.Rows(second).Select(row => (string)row["recipe"]!)
        );
        Assert.Equal(
            (double)ComparisonJson.Rows(first)[1]["deltaM"]!["mean"]!,
            (double)ComparisonJson.Rows(second)[1]["deltaM"]!["mean"]!
        );
        Assert.NotEqual(
            (double)ComparisonJson.Rows(second)[1]["deltaM"]!["mean"]!,
            (double)ComparisonJson.Rows(second)[2]["deltaM"]!["mean"]!
        );
        Assert.Equal("", second.Error);
        Assert.Contains(
            "No teacher of seed 0 teaches",
            Assert.Single(workplace.Run([.. small, "--seeds", "1", .. taught[..3], alone[0]]).Succeeds().Errors),
            StringComparison.Ordinal
        );
        (await workplace.RunAsync([.. small, "--seeds", "2", .. taught, "--teachers", alone[0]])).FailsWith(
            ExitCode.Usage,
            "names this network twice"
        );
        string[] fewer =
        [
            .. small,
            "--seeds",
            "1",
            "--tasks",
            "total-updrs",
            .. taught[2..],
            "--auxiliaries",
            "soft-targets",
        ];
        Assert.Equal(2, ComparisonJson.Rows(workplace.Run(fewer).Succeeds()).Length); // the teacher of the other task is left out
        (await workplace.RunAsync([.. small, "--seeds", "3", .. taught])).FailsWith(
            ExitCode.Usage,
            "--teachers has none of seed 2",
            "--keep-networks"
        );
        (await workplace.RunAsync(["compare", "-b", "tox21", .. small[3..], "--seeds", "1", .. taught])).FailsWith(
            ExitCode.Usage,
            "this network was trained on parkinsons"
        );
    }
}
