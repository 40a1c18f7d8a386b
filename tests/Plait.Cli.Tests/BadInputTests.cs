using System.Text.Json.Nodes;
using Plait.Cli.Runs;
using Plait.Jobs.Runs;
using Plait.Tabular;
using Plait.Tabular.Models;

namespace Plait.Cli.Tests;

/// <summary>What is wrong with a file is said in one line that names it, and earlier results stay as they are.</summary>
[Collection("torch")]
public sealed class BadInputTests : IDisposable
{
    private readonly Workplace workplace = new();

    [Theory]
    [InlineData("x,y\n1,0\n2\n", "y", "line 3", "1 field but the header has 2 fields")]
    [InlineData("x,y\n1,0\n\"2,1\n3,0\n", "y", "line 3", "a double quote that is not closed")]
    [InlineData("x,y\n1,5\n2,5\n", "y", "column 'y'", "'5' in every row")]
    [InlineData("x,y\n1,\n2,NA\n", "y", "column 'y'", "missing in every row; fill it in")]
    [InlineData("x,y\n1,5\n2,lots\n", "y:regression", "line 3, column 'y'", "'lots' is not a number")]
    [InlineData("x,y\n1,a\n2,b\n3,c\n", "y:binary", "line 4, column 'y'", "'c' is a third value")]
    [InlineData("x,y\n1,0\n2,1\n", "y", "", "2 rows are too few for 3 parts")]
    public async Task Table_that_cannot_be_learned_from(string csv, string target, string place, string says)
    {
        var table = workplace.Write("data.csv", csv);

        var answer = await workplace.RunAsync(
            "train",
            table,
            "-t",
            target,
            "-o",
            workplace.File("m"),
            "--store",
            workplace.Store
        );

        answer.FailsWith(ExitCode.Failure, table, place, says);
        Assert.False(Directory.Exists(workplace.File("m")));
        using var store = RunStore.Open(workplace.Store);
        Assert.Empty(store.List());
    }

    [Fact]
    public async Task Missing_files()
    {
        var nowhere = workplace.File("nowhere.csv");
        var model = await ModelAsync();

        (await workplace.TrainAsync(nowhere, "m")).FailsWith(ExitCode.Failure, $"{nowhere}: there is no such file");
        (await workplace.RunAsync("predict", model, nowhere)).FailsWith(ExitCode.Failure, "there is no such file");
        (await workplace.RunAsync("evaluate", model, nowhere)).FailsWith(ExitCode.Failure, "there is no such file");
        (await workplace.RunAsync("predict", nowhere, nowhere)).FailsWith(ExitCode.Failure, "there is no such folder");
    }

    [Fact]
    public async Task Class_seen_only_in_validation_is_warned_of()
    {
        var rows = Enumerable
            .Range(0, 60)
            .Select(i => $"{i},{i % 2},{(i == 7 ? "rare" : i % 3 == 0 ? "a" : "b")}\n");
        var table = workplace.Write("data.csv", "x,first,kind\n" + string.Concat(rows));
        var targets = new TargetSpecification[] { new("first"), new("kind") };
        var data = TabularData.Read(table, TableSchema.Infer(table, targets));
        var seed = Enumerable.Range(0, 100).First(seed => TabularSplit.Of(data, seed: seed).Validation.Contains(7));

        var answer = await workplace.RunAsync([
            "train",
            table,
            "-t",
            "first",
            "-t",
            "kind",
            "-o",
            workplace.File("m"),
            "--store",
            workplace.Store,
            "--epochs",
            "2",
            "--seed",
            $"{seed}",
        ]);

        Assert.Contains(
            "Target 'kind': no training row shows 'rare', so the network cannot learn it",
            Assert.Single(answer.Succeeds().Errors),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Labels_that_the_model_does_not_know_are_counted_and_left_out_of_their_targets_metrics()
    {
        var model = await ModelAsync();
        const string Known = "area,district,price,sold,energy\n70,east,5,yes,good\n150,east,6,no,poor\n";
        var (table, without) = (
            workplace.Write("labelled.csv", Known + "70,east,5,maybe,good\n71,east,5,perhaps,good\n"),
            workplace.Write("without.csv", Known + "70,east,5,,good\n71,east,5,,good\n")
        );

        var answer = (await workplace.RunAsync("evaluate", model, table, "--json")).Succeeds();
        var expected = (await workplace.RunAsync("evaluate", model, without, "--json")).Succeeds();

        var line = Assert.Single(answer.Errors);
        Assert.All(
            ["Target 'sold': 2 rows have classes that the model does not know", "'maybe' on line 4", "no, yes"],
            text => Assert.Contains(text, line, StringComparison.Ordinal)
        );
        var (judged, known) = (JsonNode.Parse(answer.Output)!, JsonNode.Parse(expected.Output)!);
        Assert.Equal(known["targets"]!.ToJsonString(), judged["targets"]!.ToJsonString());
        Assert.Equal(2, (int)judged["targets"]![1]!["rows"]!);
        Assert.Single(judged["warnings"]!.AsArray());
    }

    [Theory]
    [InlineData("network.safetensors", "not a whole safetensors file")]
    [InlineData("preprocessing.json", "or it is damaged")]
    [InlineData("model.json", "or it is damaged")]
    public async Task Torn_model(string name, string says)
    {
        var path = Path.Combine(await ModelAsync(), name);
        var whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        var table = workplace.Write("new.csv", "area,district\n70,east\n");

        (await workplace.RunAsync("predict", workplace.File("model"), table)).FailsWith(
            ExitCode.Failure,
            path,
            says,
            "train anew"
        );
    }

    [Fact]
    public async Task Model_does_not_take_the_place_of_something_else()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(50));

        (await workplace.TrainAsync(table, "")).FailsWith(
            ExitCode.Failure,
            "holds something else than a model",
            "choose another folder"
        );
    }

    [Fact]
    public async Task Torn_checkpoint_is_passed_over_for_the_one_before_it_and_named_where_there_is_none()
    {
        var id = Interrupt();
        string[] both = ["checkpoint.safetensors", "checkpoint.previous.safetensors"];
        var paths = both.Select(name => Path.Combine(workplace.Store, "runs", id, "checkpoints", name)).ToArray();
        var whole = await File.ReadAllBytesAsync(paths[0], TestContext.Current.CancellationToken);
        foreach (var path in paths)
        {
            await File.WriteAllBytesAsync(path, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        }

        (await ResumeAsync(id)).FailsWith(
            ExitCode.Failure,
            "checkpoint",
            "not a whole safetensors file",
            "start the training anew"
        );

        await File.WriteAllBytesAsync(paths[1], whole, TestContext.Current.CancellationToken);
        var answer = (await ResumeAsync(id)).Succeeds();
        Assert.Contains(
            "Going on from the checkpoint before it.",
            Assert.Single(answer.Errors),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Run_that_cannot_be_resumed()
    {
        var id = Interrupt();
        (await ResumeAsync("991231")).FailsWith(ExitCode.Failure, "991231");

        var table = await File.ReadAllTextAsync(workplace.File("houses.csv"), TestContext.Current.CancellationToken);
        workplace.Write("houses.csv", Workplace.Houses(70));
        (await ResumeAsync(id)).FailsWith(
            ExitCode.Failure,
            "houses.csv: the file has changed since this training began"
        );

        workplace.Write("houses.csv", table);
        (await ResumeAsync(id)).Succeeds();
        Assert.Contains("is finished", (await ResumeAsync(id)).Succeeds().Error, StringComparison.Ordinal);
    }

    public void Dispose() => workplace.Dispose();

    private Task<Answer> ResumeAsync(string id) => workplace.RunAsync("resume", id, "--store", workplace.Store);

    private async Task<string> ModelAsync()
    {
        (
            await workplace.TrainAsync(workplace.Write("houses.csv", Workplace.Houses(100)), "model", "--ignore", "id")
        ).Succeeds();
        return workplace.File("model");
    }

    /// <summary>Leaves a run that was interrupted after two epochs.</summary>
    private string Interrupt()
    {
        using var store = RunStore.Open(workplace.Store);
        using var stop = new CancellationTokenSource();
        var job = new TabularJob
        {
            Table = workplace.Write("houses.csv", Workplace.Houses(60)),
            Targets = [new("price", "regression")],
            Options = new TableOptions { Ignore = ["id", "sold", "energy"] },
            Run = TabularJob.DefaultRun with { Epochs = 4 },
            ModelFolder = workplace.File("model"),
        };
        Assert.Throws<CommandFailure>(() =>
            new TableRuns(store, new Commands.StoppingDisplay(1, stop), _ => { }).Start(job, stop.Token)
        );
        return store.Find(RunStore.Last).Id;
    }
}
