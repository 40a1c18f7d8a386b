using System.Text.Json.Nodes;
using Plait.Jobs.Runs;

namespace Plait.Cli.Tests.Commands;

/// <summary>The example's methods in commands of the tool: in processes of their own, so that no other test sees them.</summary>
[Collection("torch")]
public sealed class PluginCommandTests : IDisposable
{
    private readonly Workplace workplace = new();

    /// <summary>The example, built as these tests are.</summary>
    private static string Example =>
        Path.Combine(
            AppContext
                .BaseDirectory.Replace('\\', '/')
                .Replace("tests/Plait.Cli.Tests/", "examples/OwnMethod/", StringComparison.Ordinal),
            "OwnMethod.dll"
        );

    public void Dispose() => workplace.Dispose();

    [Fact]
    public void Methods_of_a_plugin_are_listed_wherever_the_option_stands_and_by_the_environment()
    {
        var answers = new[]
        {
            workplace.Run("--plugin", Example, "methods", "power-mean"),
            workplace.Run("methods", "power-mean", "--plugin", Example),
        };

        Assert.All(
            answers,
            answer => Assert.Contains("Options: power=2", answer.Succeeds().Output, StringComparison.Ordinal)
        );
        var program = workplace.StartWith(new() { ["PLAIT_PLUGINS"] = Example }, "methods", "power-mean");
        Assert.Equal(answers[0].Output, program.StandardOutput.ReadToEnd());
    }

    [Fact]
    public void Workers_have_the_plugins_and_a_run_is_resumed_with_them()
    {
        string[] plan =
        [
            "compare",
            "-b",
            "parkinsons",
            "--networks",
            "hps",
            "--aggregators",
            "equal-norms",
            "--seeds",
            "1",
        ];
        var answer = workplace
            .Run(["--plugin", Example, .. plan, "--epochs", "1", "--json", "--store", workplace.Store])
            .Succeeds();

        Assert.All(JsonNode.Parse(answer.Output)!["rows"]!.AsArray(), row => Assert.Null(row!["failure"]));
        string run;
        using (var store = RunStore.Open(workplace.Store))
        {
            run = store.Find(RunStore.Last).Id;
            Assert.Equal([Path.GetFullPath(Example)], store.Plugins(run));
        }

        workplace
            .Run("resume", "--store", workplace.Store)
            .FailsWith(ExitCode.Usage, $"plait --plugin {Path.GetFullPath(Example)} resume {run}");
        Assert.Equal(
            answer.Output,
            workplace.Run("resume", "--store", workplace.Store, "--json", "--plugin", Example).Output
        );
    }

    [Fact]
    public async Task A_plugin_that_is_not_there_is_one_line() =>
        (await workplace.RunAsync("methods", "--plugin", "none.dll")).FailsWith(
            ExitCode.Failure,
            "none.dll: there is no such plugin"
        );

    [Fact]
    public async Task A_run_without_plugins_remembers_none_and_a_list_that_is_none_is_one_line()
    {
        using var store = RunStore.Open(workplace.Store);
        var run = store.Create(RunKind.Train, "model", "houses.csv", "{}");
        Assert.Empty(store.Plugins(run.Id));
        Assert.False(Directory.Exists(store.PathOf(run.Id)));

        File.WriteAllText(Path.Combine(store.FolderOf(run.Id), "plugins.json"), "junk");

        (await workplace.RunAsync("resume", "--store", workplace.Store)).FailsWith(
            ExitCode.Failure,
            "plugins.json is no list of plugins"
        );
    }
}
