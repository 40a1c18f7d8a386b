using System.Text.Json;
using Plait.Jobs.Runs;
using Plait.Tabular.Models;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class TrainCommandTests : IDisposable
{
    private readonly Workplace workplace = new();

    [Fact]
    public async Task Prints_the_test_metrics_and_keeps_model_and_run()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(300));

        var answer = (await workplace.TrainAsync(table, "model", "--ignore", "id")).Succeeds();

        Assert.Equal("", answer.Error);
        Assert.All(
            new[]
            {
                "price",
                "mae",
                "rmse",
                "r2",
                "sold",
                "auc",
                "log-loss",
                "energy",
                "macro f1",
                workplace.File("model"),
            },
            text => Assert.Contains(text, answer.Output, StringComparison.Ordinal)
        );
        Assert.Equal(3, Directory.GetFiles(workplace.File("model")).Length);
        using var store = RunStore.Open(workplace.Store);
        var run = Assert.Single(store.List());
        Assert.Equal(
            (RunKind.Train, RunStatus.Finished, "model", "houses.csv"),
            (run.Kind, run.Status, run.Name, run.Benchmark)
        );
        Assert.Equal(["id"], TabularJob.FromJson(run.Specification).Options.Ignore);
        var measurements = store.Measurements(run.Id);
        Assert.Contains(measurements, row => row is { Split: DataSplit.Test, Task: "price", Metric: "mae" });
        Assert.Equal(3, measurements.Count(row => row is { Split: DataSplit.Train, Task: "sold" }));
        Assert.NotEmpty(store.Diagnostics(run.Id));
        Assert.Empty(Directory.GetFileSystemEntries(store.FolderOf(run.Id)));
    }

    [Fact]
    public async Task Json_is_one_object_and_all_there_is_on_the_output()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(300));

        var answer = (await workplace.TrainAsync(table, "model", "--json")).Succeeds();

        using var document = JsonDocument.Parse(answer.Output);
        var root = document.RootElement;
        Assert.Equal(workplace.File("model"), root.GetProperty("model").GetString());
        Assert.Equal(210, root.GetProperty("rows").GetProperty("training").GetInt32());
        Assert.Equal(3, root.GetProperty("epochs").GetInt32());
        Assert.InRange(root.GetProperty("bestEpoch").GetInt32(), 1, 3);
        var targets = root.GetProperty("targets").EnumerateArray().ToArray();
        Assert.Equal(["price", "sold", "energy"], targets.Select(target => target.GetProperty("name").GetString()));
        Assert.Equal("regression", targets[0].GetProperty("kind").GetString());
        Assert.True(targets[0].GetProperty("metrics").GetProperty("rmse").GetDouble() > 0);
        Assert.Contains("'id'", Assert.Single(answer.Errors), StringComparison.Ordinal); // a name in each row teaches nothing
    }

    [Fact]
    public async Task A_training_that_loses_its_parameters_fails_in_a_line_and_saves_no_model()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(100));

        (
            await workplace.TrainAsync(table, "model", "--ignore", "id", "--optimizer", "sgd:learning-rate=1e39")
        ).FailsWith(ExitCode.Failure, "learning rate 1E+39");

        Assert.False(Directory.Exists(workplace.File("model")));
        using var store = RunStore.Open(workplace.Store);
        Assert.Equal(RunStatus.Failed, Assert.Single(store.List()).Status);
    }

    [Fact]
    public async Task Skipped_steps_are_counted_in_a_warning_at_the_end()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(100));
        string[] to = ["-t", "price:regression", "-t", "sold:binary", "-o", workplace.File("model")];
        // The first step makes the scale of the smaller loss infinite, and moves the network by next to nothing.
        string[] with =
        [
            "--weighting",
            "imtl-l",
            "--optimizer",
            "sgd:learning-rate=1000",
            "--clip-norm",
            "0.000001",
            "--batch-size",
            "16",
            "--epochs",
            "1",
        ];

        var answer = (
            await workplace.RunAsync([
                "train",
                table,
                .. to,
                .. with,
                "--ignore",
                "id",
                "--json",
                "--store",
                workplace.Store,
            ])
        ).Succeeds();

        using var document = JsonDocument.Parse(answer.Output);
        var steps = document.RootElement.GetProperty("skippedSteps").GetInt32();
        Assert.InRange(steps, 2, 9);
        Assert.Contains($"{steps} steps were skipped", answer.Error, StringComparison.Ordinal);
        Assert.Contains(
            document.RootElement.GetProperty("warnings").EnumerateArray(),
            line => line.GetString()!.Contains("--clip-norm", StringComparison.Ordinal)
        );
    }

    public void Dispose() => workplace.Dispose();
}
