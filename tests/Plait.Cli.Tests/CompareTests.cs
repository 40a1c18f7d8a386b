using System.Diagnostics;
using System.Text.Json.Nodes;

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
        Assert.Equal(ComparisonJson.WithoutSeconds(one), ComparisonJson.WithoutSeconds(two));
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
            ComparisonJson.Rows(answer).Select(row => (string)row["recipe"]!)
        );
        Assert.Equal(2, answer.Errors.Length);
        Assert.Contains(
            "'hps' is asked for more than once; it is trained once.",
            answer.Errors[0],
            StringComparison.Ordinal
        );
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
    public async Task Two_comparisons_on_one_store_at_once_both_finish()
    {
        string[] arguments = [.. Small, "--store", workplace.Store];
        Process[] both = [workplace.Start(arguments), workplace.Start(arguments)];
        Assert.All(both, process => Assert.NotEmpty(process.StandardOutput.ReadToEnd()));
        Assert.All(both, process => process.WaitForExit());
        Assert.All(both, process => Assert.Equal(0, process.ExitCode));
        var runs = (await workplace.RunAsync("runs", "--json", "--store", workplace.Store)).Succeeds().Output;
        Assert.Equal(["finished", "finished"], JsonNode.Parse(runs)!.AsArray().Select(run => (string)run!["status"]!));
        (await workplace.RunAsync("report", "--store", workplace.Store)).Succeeds();
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
}
