using System.Text.Json;
using System.Text.Json.Nodes;
using Plait.Jobs;
using Plait.Jobs.Runs;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class ExtendCommandTests : IDisposable
{
    private static readonly string[] Small =
    [
        .. new[] { "compare", "-b", "omniglot8", "--encoder", "tiny-resnet:width=4,stages=1,blocks=1" },
        .. new[] { "--tasks", "latin", "--seeds", "1", "--epochs", "1", "--workers", "1" },
    ];

    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Fact]
    public void A_further_task_is_learned_and_those_before_it_answer_as_they_did()
    {
        var compared = Compare("rcm,hps", "--keep-networks");
        Assert.Contains(
            compared.Errors,
            line => line.Contains("rcm: its frozen filters are random", StringComparison.Ordinal)
        );
        var from = Last();

        var first = Extend(from, "greek", "--json").Succeeds();
        Assert.Equal("", first.Error); // of the bank it was told before
        var (table, id) = (JsonNode.Parse(first.Output)!, Last());
        Assert.Equal(
            ["benchmark", "from", "recipe", "seeds", "tasks", "parameters", "seconds", "skippedSteps"],
            table.AsObject().Select(field => field.Key)
        );
        Assert.Equal((from, "rcm"), ((string)table["from"]!, (string)table["recipe"]!));
        Assert.Equal(["greek", "latin"], Names(table, isNew: true).Concat(Names(table, isNew: false)));
        string[] rates = ["--optimizer", "sgd", "--learning-rate", "0.01", "--learning-rate", "heads=2x"];
        var second = Extend(id, "korean", rates).Succeeds();
        Assert.Contains("korean", second.Output, StringComparison.Ordinal);
        using var store = RunStore.OpenToRead(workplace.Store);
        var run = store.Find(RunStore.Last);
        Assert.Equal((RunKind.Extension, RunStatus.Finished, "extend"), (run.Kind, run.Status, run.Name));
        var child = Assert.Single(store.Children(run.Id));
        Assert.True(SavedNetwork.IsIn(store.PathOf(child.Id)));
        var trained = TrainingJob.FromJson(child.Specification).Run;
        Assert.Equal(("sgd:learning-rate=0.01", "heads=2x"), (trained.Optimizer, Assert.Single(trained.Groups)));
        Assert.Equal(Latin(store, from), Latin(store, id));
        Assert.Equal(Latin(store, from), Latin(store, run.Id));
        var report = File.ReadAllText(Path.Combine(store.PathOf(run.Id), "report.html"));
        Assert.All(
            new[] { "bit for bit", "korean", "Goes on from" },
            text => Assert.Contains(text, report, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void What_was_interrupted_is_resumed_and_a_finished_one_shown()
    {
        Compare("rcm", "--keep-networks");
        var whole = Extend(Last(), "greek", "--json").Succeeds().Output;
        using (var store = RunStore.Open(workplace.Store))
        {
            var run = store.Find(RunStore.Last);
            var again = store.Create(run.Kind, run.Name, run.Benchmark, run.Specification);
            store.Update(again.Id, RunStatus.Interrupted);
            Assert.Equal(again.Id, store.List()[0].Id);
        }

        var resumed = Resume();
        Assert.Equal("", resumed.Error);
        Assert.Equal(WithoutSeconds(whole), WithoutSeconds(resumed.Output));
        Assert.Equal(resumed.Output, Resume().Output);

        Answer Resume() => workplace.Run("resume", "--json", "--store", workplace.Store).Succeeds();
    }

    [Fact]
    public async Task What_cannot_be_extended_is_refused_in_a_line_before_any_training()
    {
        Compare("rcm,rcm:normalized-fusion=false,hps", "--keep-networks");
        var kept = Last();
        Compare("rcm");
        var lost = Last();
        string training;
        string shared;
        using (var store = RunStore.OpenToRead(workplace.Store))
        {
            training = store.Children(kept).First(child => child.Name == "rcm").Id;
            shared = store.Children(kept).First(child => child.Name == "hps").Id;
            File.Delete(Path.Combine(store.PathOf(training), "network.bin"));
        }

        string[] one = ["--recipe", "rcm normalized-fusion=false"];
        await Refused(ExitCode.Usage, "say which with --recipe: rcm normalized-fusion=false, rcm", kept, "greek");
        await Refused(ExitCode.Usage, "no recipe 'hps'", kept, "greek", "--recipe", "hps");
        await Refused(ExitCode.Failure, "is gone; train it again", training, "greek");
        await Refused(ExitCode.Usage, "has no task 'greeek' (did you mean 'greek'?)", kept, "greeek", one);
        await Refused(ExitCode.Usage, "'latin' is a task that the networks", kept, "latin", one);
        await Refused(ExitCode.Usage, "--tasks names 'greek' twice", kept, "greek,greek", one);
        await Refused(
            ExitCode.Usage,
            "rcm has no single one",
            kept,
            "greek",
            [.. one, "--aggregator", "mgda:at=representation"]
        );
        await Refused(ExitCode.Usage, "no optimizer 'adan'", kept, "greek", [.. one, "--optimizer", "adan"]);
        await Refused(ExitCode.Usage, "called 'trunk'", kept, "greek", [.. one, "--learning-rate", "trunk=2x"]);
        await Refused(ExitCode.Usage, "has not kept its networks", lost, "greek");
        await Refused(ExitCode.Usage, "no network of run", shared, "greek");
        await Refused(ExitCode.Failure, "There is no run 'nowhere'", "nowhere", "greek");
        (await workplace.RunAsync("extend", kept, "--store", workplace.Store)).FailsWith(
            ExitCode.Usage,
            "Name the further tasks: --tasks LIST."
        );
        using (var store = RunStore.Open(workplace.Store))
        {
            Assert.Equal(2, store.List().Count);
            store.Update(kept, RunStatus.Interrupted);
        }

        await Refused(
            ExitCode.Usage,
            $"is interrupted; a run that is finished can be extended: plait resume {kept}",
            kept,
            "greek"
        );

        async Task Refused(int code, string why, string run, string task, params string[] more) =>
            (
                await workplace.RunAsync([
                    .. new[] { "extend", run, "--tasks", task, "--store", workplace.Store },
                    .. more,
                ])
            ).FailsWith(code, why);
    }

    private Answer Compare(string networks, params string[] more) =>
        workplace.Run([.. Small, "--networks", networks, "--store", workplace.Store, .. more]).Succeeds();

    private Answer Extend(string run, string task, params string[] more) =>
        workplace.Run(["extend", run, "--tasks", task, "--store", workplace.Store, "--workers", "1", .. more]);

    private string Last()
    {
        using var store = RunStore.OpenToRead(workplace.Store);
        return store.Find(RunStore.Last).Id;
    }

    private static IEnumerable<string> Names(JsonNode table, bool isNew) =>
        table["tasks"]!.AsArray().Where(task => (bool)task!["isNew"]! == isNew).Select(task => (string)task!["name"]!);

    /// <summary>What the training of <c>rcm</c> of a run came to on the test rows of the first task, as it is written.</summary>
    private static string Latin(RunStore store, string run)
    {
        var result = store.Result(store.Children(run).Single(child => child.Name == "rcm").Id)!;
        using var read = JsonDocument.Parse(result);
        return read.RootElement.GetProperty("metrics").GetProperty("latin").GetRawText()
            + read.RootElement.GetProperty("losses").GetProperty("latin").GetRawText();
    }

    private static string WithoutSeconds(string json)
    {
        var table = JsonNode.Parse(json)!.AsObject();
        table.Remove("seconds");
        return table.ToJsonString();
    }
}
