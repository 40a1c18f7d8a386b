using System.Diagnostics;
using System.Text.Json.Nodes;
using Plait.Reporting;

namespace Plait.Cli.Tests;

[Collection("torch")]
public sealed class CompareTests : IDisposable
{
    private static readonly string[] Small =
    [
        "compare",
        "--benchmark",
        "parkinsons",
        "--networks",
        "hps,mmoe:experts=2",
        "--seeds",
        "2",
        "--epochs",
        "2",
        "--json",
    ];

    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Fact]
    public void Json_has_the_promised_shape_and_is_the_same_with_one_worker_as_with_two()
    {
        var one = workplace.Run([.. Small, "--workers", "1"]).Succeeds().Output;
        var two = workplace.Run([.. Small, "--workers", "2"]).Succeeds().Output;
        var table = JsonNode.Parse(one)!.AsObject();
        Assert.Equal(["benchmark", "seeds", "tasks", "rows"], table.Select(field => field.Key));
        Assert.Equal(["name", "metric", "higherIsBetter"], table["tasks"]![0]!.AsObject().Select(field => field.Key));
        var row = table["rows"]![1]!.AsObject();
        Assert.Equal(
            [
                "recipe",
                "network",
                "weighting",
                "aggregator",
                "deltaM",
                "metrics",
                "parameters",
                "seconds",
                "schedule",
                "regularizers",
                "auxiliaries",
                "deltaMOfPrimaryMetrics",
                "deltaMOverMetrics",
                "meanRank",
                "skippedSteps",
                "failure",
            ],
            row.Select(field => field.Key)
        );
        Assert.Equal(["mean", "low", "high"], row["deltaM"]!.AsObject().Select(field => field.Key));
        Assert.Equal(["mean", "std"], row["metrics"]!["motor-updrs"]!.AsObject().Select(field => field.Key));
        Assert.Equal(
            ["single-task", "hps", "mmoe experts=2"],
            table["rows"]!.AsArray().Select(each => (string)each!["recipe"]!)
        );
        Assert.Equal(WithoutSeconds(one), WithoutSeconds(two));
    }

    [Fact]
    public void Schedules_regularizers_and_auxiliaries_are_combined_with_the_rest()
    {
        string[] lists =
        [
            "--schedules",
            "joint,uniform",
            "--regularizers",
            "none,soft-sharing",
            "--auxiliaries",
            "amtfl",
        ];
        var output = workplace
            .Run(["compare", "-b", "parkinsons", "--seeds", "1", "--epochs", "1", "--json", .. lists])
            .Succeeds()
            .Output;
        var rows = JsonNode.Parse(output)!["rows"]!.AsArray().Skip(1).ToArray();
        Assert.Equal(
            [
                "hps + amtfl",
                "hps + soft-sharing + amtfl",
                "hps + uniform + amtfl",
                "hps + uniform + soft-sharing + amtfl",
            ],
            rows.Select(row => (string)row!["recipe"]!)
        );
        Assert.Equal(4, rows.Select(row => (double)row!["deltaM"]!["mean"]!).Distinct().Count());
    }

    [Fact]
    public void The_baseline_among_the_networks_and_a_recipe_that_comes_twice_are_trained_once()
    {
        string[] lists = ["--networks", "hps,single-task,hps", "--schedules", "joint,annealed"];
        var answer = workplace
            .Run(["compare", "-b", "parkinsons", "--seeds", "1", "--epochs", "1", "--json", .. lists])
            .Succeeds();

        Assert.Equal(
            ["single-task", "hps", "hps + annealed", "single-task + annealed"],
            Rows(answer).Select(row => (string)row["recipe"]!)
        );
        Assert.Equal(2, answer.Errors.Length);
        Assert.Contains(
            "'hps' is asked for more than once; it is trained once.",
            answer.Errors[0],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_recipe_that_fails_costs_its_own_row_and_resume_repeats_it_alone()
    {
        string[] lists = ["--networks", "hps,mmoe", "--regularizers", "none,soft-sharing:strength=1e38"];
        string[] rest = ["--seeds", "1", "--epochs", "2", "--json", "--store", workplace.Store];

        var answer = workplace.Run(["compare", "-b", "parkinsons", .. lists, .. rest]);

        Assert.Equal(ExitCode.Failure, answer.Code);
        Assert.Contains("hps + soft-sharing strength=1e38", answer.Errors[^1], StringComparison.Ordinal);
        Assert.Contains("To repeat those alone: plait resume", answer.Errors[^1], StringComparison.Ordinal);
        var rows = Rows(answer);
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
        var listed = workplace.Run("runs", "--store", workplace.Store).Succeeds().Output.Split('\n');
        Assert.Single(listed, line => line.Contains("2 of 6 trainings failed", StringComparison.Ordinal));

        static Dictionary<string, DateTimeOffset> Finished(RunStore store, RunRecord run) =>
            store
                .Children(run.Id)
                .Where(child => child.Status == RunStatus.Finished)
                .ToDictionary(child => child.Id, child => child.Updated);
    }

    [Fact]
    public void Single_task_networks_that_were_kept_teach_the_recipes_of_their_seeds()
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

        Assert.Equal(["single-task", "hps", "hps + soft-targets"], Rows(second).Select(row => (string)row["recipe"]!));
        Assert.Equal((double)Rows(first)[1]["deltaM"]!["mean"]!, (double)Rows(second)[1]["deltaM"]!["mean"]!);
        Assert.NotEqual((double)Rows(second)[1]["deltaM"]!["mean"]!, (double)Rows(second)[2]["deltaM"]!["mean"]!);
        Assert.Equal("", second.Error);
        Assert.Contains(
            "No teacher of seed 0 teaches",
            Assert.Single(workplace.Run([.. small, "--seeds", "1", .. taught[..3], alone[0]]).Succeeds().Errors),
            StringComparison.Ordinal
        );
        workplace
            .Run([.. small, "--seeds", "2", .. taught, "--teachers", alone[0]])
            .FailsWith(ExitCode.Usage, "names this network twice");
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
        Assert.Equal(2, Rows(workplace.Run(fewer).Succeeds()).Length); // the teacher of the other task is left out
        workplace
            .Run([.. small, "--seeds", "3", .. taught])
            .FailsWith(ExitCode.Usage, "--teachers has none of seed 2", "--keep-networks");
        workplace
            .Run(["compare", "-b", "tox21", .. small[3..], "--seeds", "1", .. taught])
            .FailsWith(ExitCode.Usage, "this network was trained on parkinsons");
    }

    [Fact]
    public void Joined_networks_that_start_from_trained_ones_have_a_row_beside_those_that_start_fresh()
    {
        string[] networks = ["--networks", "cross-stitch:start=single-task,cross-stitch"];
        string[] arguments = ["compare", "-b", "parkinsons", "--seeds", "1", "--epochs", "1", "--json", .. networks];
        var rows = JsonNode.Parse(workplace.Run(arguments).Succeeds().Output)!["rows"]!.AsArray();
        Assert.Equal(
            ["single-task", "cross-stitch start=single-task", "cross-stitch"],
            rows.Select(row => (string)row!["recipe"]!)
        );
        Assert.NotEqual((double)rows[1]!["deltaM"]!["mean"]!, (double)rows[2]!["deltaM"]!["mean"]!);
    }

    [Fact]
    public void A_comparison_stopped_by_a_signal_resumes_to_the_table_of_an_unbroken_one()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no signals to send.");
        }

        string[] arguments = [.. Small[..6], "1", "--epochs", "200", "--encoder", "mlp:widths=256-256", "--json"];
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
        Assert.Equal(WithoutSeconds(unbroken), WithoutSeconds(resumed));
    }

    [Fact]
    public void Two_comparisons_on_one_store_at_once_both_finish()
    {
        Process[] both = [workplace.Start(Small), workplace.Start(Small)];
        Assert.All(both, process => Assert.NotEmpty(process.StandardOutput.ReadToEnd()));
        Assert.All(both, process => process.WaitForExit());
        Assert.All(both, process => Assert.Equal(0, process.ExitCode));
        var runs = workplace.Run("runs", "--json").Succeeds().Output;
        Assert.Equal(["finished", "finished"], JsonNode.Parse(runs)!.AsArray().Select(run => (string)run!["status"]!));
        workplace.Run("report").Succeeds();
    }

    [Theory]
    [InlineData(ExitCode.Usage, "foo", "compare", "--networks", "hps,foo")]
    [InlineData(ExitCode.Usage, "experts", "compare", "--networks", "mmoe:expert=3")]
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

    [Fact]
    public async Task Methods_as_json_have_the_promised_fields()
    {
        var answer = (await workplace.RunAsync("methods", "--json")).Succeeds();
        var methods = JsonNode.Parse(answer.Output)!.AsArray();
        Assert.All(
            methods,
            method =>
                Assert.Equal(
                    ["name", "kind", "survey", "paper", "arxiv", "summary", "options"],
                    method!.AsObject().Select(field => field.Key)
                )
        );
        Assert.Contains(
            methods,
            method =>
                (string)method!["name"]! == "pcgrad"
                && (string)method["kind"]! == "aggregator"
                && (string)method["arxiv"]! == "2001.06782"
        );
        Assert.All(methods, method => Assert.NotEqual("", (string)method!["summary"]!));
    }

    private static JsonNode[] Rows(Answer answer) =>
        [.. JsonNode.Parse(answer.Output)!["rows"]!.AsArray().Select(row => row!)];

    private static string WithoutSeconds(string json)
    {
        var table = JsonNode.Parse(json)!;
        foreach (var row in table["rows"]!.AsArray())
        {
            row!.AsObject().Remove("seconds");
        }

        return table.ToJsonString();
    }
}
