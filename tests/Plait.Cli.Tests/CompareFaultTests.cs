using System.Diagnostics;
using Plait.Jobs.Runs;

namespace Plait.Cli.Tests;

[Collection("torch")]
public sealed class CompareFaultTests : IDisposable
{
    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Fact]
    public async Task A_recipe_that_fails_costs_its_own_row_and_resume_repeats_it_alone()
    {
        string[] lists = ["--networks", "hps,mmoe", "--regularizers", "none,soft-sharing:strength=1e38"];
        string[] rest = ["--seeds", "1", "--epochs", "2", "--json", "--store", workplace.Store];

        var answer = workplace.Run(["compare", "-b", "parkinsons", .. lists, .. rest]);

        Assert.Equal(ExitCode.Failure, answer.Code);
        Assert.Contains("hps + soft-sharing strength=1e38", answer.Errors[^1], StringComparison.Ordinal);
        Assert.Contains("To repeat those alone: plait resume", answer.Errors[^1], StringComparison.Ordinal);
        var rows = ComparisonJson.Rows(answer);
        Assert.Equal(5, rows.Length);
        Assert.All(
            rows,
            row =>
            {
                var fails = ((string)row["recipe"]!).Contains("soft-sharing", StringComparison.Ordinal);
                Assert.Equal(fails, row["failure"] is not null);
                Assert.Equal(fails, row["deltaM"]!["mean"] is null);
                Assert.Equal(fails, row["metrics"]!["motor-updrs"]!["mean"] is null);
            }
        );
        Dictionary<string, DateTimeOffset> trained;
        using (var store = RunStore.OpenToRead(workplace.Store))
        {
            var run = store.Find(RunStore.Last);
            Assert.Equal(RunStatus.Failed, run.Status);
            Assert.DoesNotContain('\n', run.Error!);
            Assert.True(File.Exists(Path.Combine(store.PathOf(run.Id), "report.html")));
            trained = Finished(store, run);
            Assert.Equal(4, trained.Count);
        }

        var again = workplace.Run("resume", "--json", "--store", workplace.Store);

        Assert.Equal(ExitCode.Failure, again.Code);
        Assert.Equal(answer.Output, again.Output);
        using var after = RunStore.OpenToRead(workplace.Store);
        Assert.Equal(trained, Finished(after, after.Find(RunStore.Last)));
        var listed = (await workplace.RunAsync("runs", "--store", workplace.Store)).Succeeds().Output.Split('\n');
        Assert.Single(listed, line => line.Contains("2 of 6 trainings failed", StringComparison.Ordinal));

        static Dictionary<string, DateTimeOffset> Finished(RunStore store, RunRecord run) =>
            store
                .Children(run.Id)
                .Where(child => child.Status == RunStatus.Finished)
                .ToDictionary(child => child.Id, child => child.Updated);
    }

    [Fact]
    public void A_comparison_stopped_by_a_signal_resumes_to_the_table_of_an_unbroken_one()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no signals to send.");
        }

        string[] arguments =
        [
            "compare",
            "-b",
            "parkinsons",
            "--networks",
            "hps,mmoe:experts=2",
            "--seeds",
            "1",
            "--epochs",
            "200",
            "--encoder",
            "mlp:widths=256-256",
            "--json",
        ];
        var unbroken = workplace.Run([.. arguments, "--store", "other"]).Succeeds().Output;
        var process = workplace.Start([.. arguments, "--store", workplace.Store]);
        using (var store = RunStore.Open(workplace.Store))
        {
            while (
                !store.List(new RunFilter { IncludeChildren = true }).Any(run => store.Measurements(run.Id).Count > 0)
            )
            {
                Assert.False(process.HasExited, "the comparison ended before the signal");
                Thread.Sleep(10); // until an epoch has ended, so that the signal comes in the middle
            }
        }

        using var signal = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        Assert.Contains("plait resume", error, StringComparison.Ordinal);
        var resumed = workplace.Run("resume", "--json", "--store", workplace.Store).Succeeds().Output;
        Assert.Equal(ComparisonJson.WithoutSeconds(unbroken), ComparisonJson.WithoutSeconds(resumed));
    }

    [Theory]
    [InlineData(ExitCode.Usage, "foo", "compare", "--networks", "hps,foo")]
    [InlineData(ExitCode.Usage, "experts", "compare", "--networks", "mmoe:expert=3")]
    [InlineData(
        ExitCode.Usage,
        "--networks calls 'hps' by the name of another method, 'single-task'",
        "compare",
        "--networks",
        "hps as single-task"
    )]
    [InlineData(
        ExitCode.Usage,
        "trained already, under another name",
        "compare",
        "--networks",
        "single-task as base,hps"
    )]
    [InlineData(ExitCode.Usage, "--networks takes methods with commas between", "compare", "--networks", ",")]
    [InlineData(ExitCode.Usage, "calls two methods 'a'", "compare", "--networks", "hps as a,mmoe as a")]
    [InlineData(ExitCode.Usage, "tox21", "compare", "--benchmark", "nothing")]
    [InlineData(ExitCode.Usage, "scaffold", "compare", "--split", "nothing")]
    [InlineData(ExitCode.Usage, "--seeds", "compare", "--seeds", "0")]
    [InlineData(ExitCode.Usage, "quantum", "compare", "--device", "quantum")]
    [InlineData(ExitCode.Usage, "--device cpu", "compare", "--device", "cuda:99")]
    [InlineData(ExitCode.Usage, "--help", "compare", "--bogus")]
    [InlineData(ExitCode.Usage, "proportional", "compare", "--schedules", "proportionate")]
    [InlineData(ExitCode.Usage, "trace-norm", "compare", "--regularizers", "tracenorm")]
    [InlineData(
        ExitCode.Usage,
        "motor-updrs, total-updrs once; got x.",
        "compare",
        "-b",
        "parkinsons",
        "--schedules",
        "curriculum:order=x"
    )]
    [InlineData(
        ExitCode.Usage,
        "cross-stitch has no single one",
        "compare",
        "--networks",
        "cross-stitch",
        "--aggregators",
        "mgda:at=representation"
    )]
    [InlineData(ExitCode.Usage, "'hps' has no option 'start'", "compare", "--networks", "hps:start=single-task")]
    [InlineData(
        ExitCode.Usage,
        "the head of task 'motor-updrs'",
        "compare",
        "-b",
        "parkinsons",
        "--networks",
        "cross-stitch:start=single-task,head-widths=8"
    )]
    [InlineData(ExitCode.Usage, "learns from teachers", "compare", "--auxiliaries", "soft-targets")]
    [InlineData(
        ExitCode.Usage,
        "hps + great: great takes gradients at the shared representation of the same rows",
        "compare",
        "-b",
        "omniglot8",
        "--aggregators",
        "sum,great"
    )]
    [InlineData(
        ExitCode.Usage,
        "hps + mgda at=representation: mgda takes gradients at the shared representation of the same rows, and here some tasks bring their own: write mgda:at=parameters.",
        "compare",
        "-b",
        "omniglot8",
        "--aggregators",
        "pcgrad,mgda:at=representation"
    )]
    [InlineData(
        ExitCode.Usage,
        "hps + adversarial-gradients: adversarial-gradients reads the shared representation of the same rows",
        "compare",
        "-b",
        "omniglot8",
        "--auxiliaries",
        "none,adversarial-gradients"
    )]
    [InlineData(ExitCode.Usage, "no recipe learns from them", "compare", "-b", "parkinsons", "--teachers", "x")]
    [InlineData(
        ExitCode.Failure,
        "x: there is no such folder; --teachers takes the folder of a run of plait compare --keep-networks, such as plait-runs/runs/ID, and not its id.",
        "compare",
        "-b",
        "parkinsons",
        "--auxiliaries",
        "soft-targets",
        "--teachers",
        "x"
    )]
    [InlineData(ExitCode.Failure, "absent", "compare", "--data", "absent")]
    [InlineData(ExitCode.Usage, "choose from flip, scale-and-flip", "compare", "--augment", "flop")]
    [InlineData(ExitCode.Usage, "'parkinsons' cannot be augmented", "compare", "-b", "parkinsons", "--augment", "flip")]
    [InlineData(
        ExitCode.Usage,
        "'parkinsons' is always read into memory",
        "compare",
        "-b",
        "parkinsons",
        "--row-by-row"
    )]
    public async Task A_mistake_is_one_line_that_says_how_to_put_it_right(
        int code,
        string hint,
        params string[] arguments
    )
    {
        var answer = await workplace.RunAsync([.. arguments, "--store", workplace.Store]);

        answer.FailsWith(code, hint);
    }
}
