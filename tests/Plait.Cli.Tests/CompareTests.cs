using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Plait.Cli.Tests;

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

    private readonly Tool tool = new();

    public void Dispose() => tool.Dispose();

    [Fact]
    public void Json_has_the_promised_shape_and_is_the_same_with_one_worker_as_with_two()
    {
        var (code, one, _) = tool.Run([.. Small, "--workers", "1"]);
        Assert.Equal(0, code);
        var (_, two, _) = tool.Run([.. Small, "--workers", "2"]);
        var table = JsonNode.Parse(one)!.AsObject();
        Assert.Equal(["benchmark", "seeds", "tasks", "rows"], table.Select(field => field.Key));
        Assert.Equal(["name", "metric", "higherIsBetter"], table["tasks"]![0]!.AsObject().Select(field => field.Key));
        var row = table["rows"]![1]!.AsObject();
        Assert.Equal(
            ["recipe", "network", "weighting", "aggregator", "deltaM", "metrics", "parameters", "seconds"],
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
    public void A_comparison_stopped_by_a_signal_resumes_to_the_table_of_an_unbroken_one()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no signals to send.");
        }

        string[] arguments = [.. Small[..6], "1", "--epochs", "60"];
        var (_, unbroken, _) = tool.Run([.. arguments, "--json", "--store", "other"]);
        using (var process = tool.Start([.. arguments, "--json"]))
        {
            Thread.Sleep(TimeSpan.FromSeconds(4)); // Any moment will do: before, between and after trainings all resume alike.
            using var signal = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                Assert.Equal(130, process.ExitCode);
                Assert.Contains("plait resume", error, StringComparison.Ordinal);
                var (code, resumed, _) = tool.Run("resume", "--json");
                Assert.Equal(0, code);
                Assert.Equal(WithoutSeconds(unbroken), WithoutSeconds(resumed));
            }
        }
    }

    [Fact]
    public void Two_comparisons_on_one_store_at_once_both_finish()
    {
        using var first = tool.Start(Small);
        using var second = tool.Start(Small);
        Assert.All([first, second], process => Assert.NotEmpty(process.StandardOutput.ReadToEnd()));
        Assert.All([first, second], process => process.WaitForExit());
        Assert.All([first, second], process => Assert.Equal(0, process.ExitCode));
        var (_, runs, _) = tool.Run("runs", "--json");
        Assert.Equal(["finished", "finished"], JsonNode.Parse(runs)!.AsArray().Select(run => (string)run!["status"]!));
        Assert.Equal(0, tool.Run("report").Code);
    }

    [Theory]
    [InlineData("foo", "compare", "--networks", "hps,foo")]
    [InlineData("experts", "compare", "--networks", "mmoe:expert=3")]
    [InlineData("tox21", "compare", "--benchmark", "nothing")]
    [InlineData("scaffold", "compare", "--split", "nothing")]
    [InlineData("--seeds", "compare", "--seeds", "0")]
    [InlineData("quantum", "compare", "--device", "quantum")]
    [InlineData("--device cpu", "compare", "--device", "cuda:99")]
    [InlineData("--help", "compare", "--bogus")]
    [InlineData("no runs yet", "resume")]
    [InlineData("no run", "report", "261122")]
    [InlineData("absent", "compare", "--data", "absent")]
    public void A_mistake_is_one_line_that_says_how_to_put_it_right(string hint, params string[] arguments)
    {
        var (code, _, error) = tool.Run(arguments);
        Assert.InRange(code, 1, 2);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(hint, line, StringComparison.Ordinal);
    }

    [Fact]
    public void Methods_as_json_have_the_promised_fields()
    {
        var (code, output, _) = tool.Run("methods", "--json");
        Assert.Equal(0, code);
        var methods = JsonNode.Parse(output)!.AsArray();
        Assert.All(
            methods,
            method =>
                Assert.Equal(
                    ["name", "kind", "survey", "paper", "arxiv", "summary"],
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
