using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Plait.Jobs.Runs;
using Plait.Relationships.Plans;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class AnalysisCommandTests : IDisposable
{
    private static readonly string[] Quick = ["--encoder", "mlp:widths=16", "--epochs", "8", "--batch-size", "32"];

    private readonly Workplace workplace = new();

    [Fact]
    public async Task A_grouping_of_a_table_trains_a_model_with_one_trunk_a_group()
    {
        var table = workplace.Write("data.csv", Table(300));
        var file = workplace.File("grouping.json");

        var answer = Run("group", table, "--budget", "2", "-o", file).Succeeds();

        Assert.Contains("It takes 1 training of", answer.Output);
        Assert.Contains("serves", answer.Output);
        Assert.Contains("Report:", answer.Output);
        Assert.Contains($"Written: {file}", answer.Output);
        var grouping = MeasuredGrouping.FromJson(await File.ReadAllTextAsync(file));
        Assert.InRange(grouping.Networks.Count, 1, 2);
        var trained = (
            await workplace.RunAsync([
                "train",
                table,
                .. Targets,
                "--grouping",
                file,
                "--epochs",
                "2",
                "-o",
                workplace.File("model"),
                "--store",
                workplace.Store,
                "--json",
            ])
        ).Succeeds();
        Assert.Equal(4, JsonDocument.Parse(trained.Output).RootElement.GetProperty("targets").GetArrayLength());
        using var store = RunStore.Open(workplace.Store);
        Assert.Contains(store.List(), run => run.Specification.Contains("grouped:groups=", StringComparison.Ordinal));
        var analysis = store.List().Single(run => run.Kind == RunKind.Analysis);
        Assert.Equal((RunStatus.Finished, "group"), (analysis.Status, analysis.Name));
        var report = await File.ReadAllTextAsync(Path.Combine(store.FolderOf(analysis.Id), "report.html"));
        Assert.Contains("Affinities by tag", report);
        Assert.Equal(
            await File.ReadAllTextAsync(file),
            await File.ReadAllTextAsync(Path.Combine(store.FolderOf(analysis.Id), "answer.json"))
        );
        Assert.Contains("Networks", report);
    }

    [Fact]
    public async Task Affinities_of_a_table_are_written_as_a_grouping_reads_them()
    {
        var table = workplace.Write("data.csv", Table(300));
        var matrix = workplace.File("affinity.csv");

        var answer = Run(
                "affinity",
                table,
                [.. new[] { "--method", "rsa", "-o", matrix, "--json", "--learning-rate", "encoder=0.5x" }]
            )
            .Succeeds();
        var grouped = (
            await workplace.RunAsync(
                "group",
                "--affinity",
                matrix,
                "--groups",
                "2",
                "--method",
                "agglomerative",
                "--json"
            )
        ).Succeeds();

        var affinity = MeasuredAffinity.FromJson(answer.Output);
        Assert.Equal(["a", "b", "c", "d"], affinity.Tasks);
        Assert.Equal(4, affinity.Trainings);
        Assert.Equal(2, JsonDocument.Parse(grouped.Output).RootElement.GetProperty("networks").GetArrayLength());
    }

    [Fact]
    public async Task Gains_are_predicted_by_what_was_learned_from_pairs()
    {
        var table = workplace.Write("data.csv", Table(150));
        var predictor = workplace.File("gains.json");

        var learned = Run("affinity", table, "--method", "pairwise", "--predictor", predictor).Succeeds();
        var told = Run("affinity", table, "--method", "predicted", "--predictor", predictor, "--json").Succeeds();

        Assert.Contains("of 12 pairs predicted correctly", learned.Output);
        Assert.Contains($"Written: {predictor}", learned.Output);
        var known = MeasuredPredictor.FromJson(await File.ReadAllTextAsync(predictor));
        Assert.Equal(12, known.Pairs);
        var isGuess = known.Accuracy <= known.MajorityAccuracy;
        Assert.Equal(isGuess, learned.Error.Contains("do not rely on it", StringComparison.Ordinal));
        Assert.Equal(isGuess, told.Error.Contains("do not rely on it", StringComparison.Ordinal));
        var affinity = MeasuredAffinity.FromJson(told.Output);
        Assert.Equal(4, affinity.Trainings);
        Assert.All(affinity.Values, probability => Assert.InRange(probability, 0, 1));
    }

    [Theory]
    [InlineData(0.75, 0.75, true)]
    [InlineData(0.5, 0.75, true)]
    [InlineData(0.8, 0.75, false)]
    public async Task A_predictor_that_is_no_better_than_a_guess_is_warned_of(double right, double guess, bool warns)
    {
        var table = workplace.Write("data.csv", Table(60));
        var file = workplace.File("gains.json");
        Run("affinity", table, "--method", "pairwise", "--predictor", file).Succeeds();
        var learned = MeasuredPredictor.FromJson(await File.ReadAllTextAsync(file));
        var known = learned with { Accuracy = right, MajorityAccuracy = guess };
        workplace.Write("known.json", known.ToJson());

        var told = Run("affinity", table, "--method", "predicted", "--predictor", workplace.File("known.json"))
            .Succeeds();

        Assert.Equal(warns, told.Error.Contains("do not rely on it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resume_writes_the_files_that_the_command_was_to_write()
    {
        var table = workplace.Write("data.csv", Table(150));
        string[] files = ["affinity.csv", "gains.json"];
        Run("affinity", table, "--method", "pairwise", "-o", files[0], "--predictor", files[1]).Succeeds();
        var first = files.Select(file => File.ReadAllText(workplace.File(file))).ToArray();
        Array.ForEach(files, file => File.Delete(workplace.File(file)));

        var resumed = (await workplace.RunAsync("resume", "--store", workplace.Store)).Succeeds();

        Assert.Equal(first, files.Select(file => File.ReadAllText(workplace.File(file))));
        Assert.All(files, file => Assert.Contains($"Written: {workplace.File(file)}", resumed.Output));
    }

    [Fact]
    public void Trainings_are_shown_to_their_end_and_runs_with_their_seconds()
    {
        var answer = Run("affinity", workplace.Write("data.csv", Table(150)), "--method", "pairwise").Succeeds();

        Assert.Contains("single-task: 100%\n", answer.Output);
        Assert.Contains("pairs: 100%\n", answer.Output);
        using var store = RunStore.Open(workplace.Store);
        store.Create(RunKind.Train, "begun", "data.csv", "{}");
        var lines = workplace.Run("runs", "--store", workplace.Store).Succeeds().Output.Split('\n');
        Assert.EndsWith("–", Assert.Single(lines, line => line.Contains("begun")).TrimEnd());
        Assert.DoesNotContain("0.0", lines);
    }

    [Fact]
    public async Task Linear_models_show_groups_that_a_model_is_trained_by()
    {
        var table = workplace.Write("data.csv", Table(300));
        var file = workplace.File("grouping.json");
        string[] options = ["--budget", "2", "--method", "go-mtl", "-o", file, "--store", workplace.Store];

        var answer = (await workplace.RunAsync(["group", table, .. Targets, .. options])).Succeeds();
        var json = (await workplace.RunAsync(["group", table, .. Targets, .. options, "--json"])).Succeeds();

        Assert.Contains("It takes no training of networks", answer.Output);
        Assert.Contains("Linear:   squared error", answer.Output);
        Assert.Equal(await File.ReadAllTextAsync(file), json.Output.TrimEnd());
        Assert.Equal(["a", "b", "c", "d"], MeasuredGrouping.FromJson(json.Output).Linear!.Losses.Keys);
        using var store = RunStore.Open(workplace.Store);
        var run = store.List()[0];
        Assert.Equal(RunStatus.Finished, run.Status);
        var report = await File.ReadAllTextAsync(Path.Combine(store.FolderOf(run.Id), "report.html"));
        Assert.Contains("Linear models", report);
        Assert.Contains("Affinities by go-mtl", report);
        string[] training = ["--grouping", file, "--epochs", "1", "-o", workplace.File("model"), "--json"];
        var trained = (
            await workplace.RunAsync(["train", table, .. Targets, .. training, "--store", workplace.Store])
        ).Succeeds();
        Assert.InRange(JsonDocument.Parse(trained.Output).RootElement.GetProperty("compliance").GetDouble(), 0, 1);
        Assert.Contains(store.Diagnostics(store.List()[0].Id), row => row.Kind == Diagnostic.Compliance);
    }

    [Fact]
    public async Task Targets_of_which_linear_models_tell_nothing_are_named()
    {
        var table = workplace.Write("data.csv", Table(100));
        string[] options = ["--budget", "2", "--method", "go-mtl:strength=1000", "-o", workplace.File("grouping.json")];

        var answer = (
            await workplace.RunAsync(["group", table, .. Targets, .. options, "--store", workplace.Store])
        ).Succeeds();

        Assert.Contains("no linear model tells anything of a, b, c, d", answer.Output);
    }

    [Fact]
    public async Task An_analysis_whose_answer_fails_is_a_failed_run()
    {
        var rows = Enumerable.Range(0, 60).Select(row => $"{row},{row * row % 7},{(row % 20 == 3 ? 1 : 0)}\n");
        var table = workplace.Write("data.csv", "x,a,b\n" + string.Concat(rows));
        string[] options = ["--budget", "1", "--method", "clustered:rows=2", "--store", workplace.Store];

        var answer = await workplace.RunAsync(["group", table, "-t", "a:regression", "-t", "b", .. options]);

        Assert.NotEqual(ExitCode.Success, answer.Code);
        Assert.Contains("'b' has the same target in all training rows", answer.Error);
        using var store = RunStore.Open(workplace.Store);
        Assert.Equal(RunStatus.Failed, Assert.Single(store.List()).Status);
    }

    [Fact]
    public void A_taxonomy_of_a_table_says_what_to_supervise()
    {
        var table = workplace.Write("data.csv", Table(300));

        var answer = Run("taxonomy", table, "--sources", "1", "--transfer-rows", "40", "--json").Succeeds();

        var taxonomy = MeasuredTaxonomy.FromJson(answer.Output);
        var source = Assert.Single(taxonomy.Sources);
        Assert.Equal([source], taxonomy.Policy[source]);
        Assert.Equal(4, taxonomy.Policy.Count);
        Assert.Equal(4 + 12 + 4, taxonomy.Trainings);
    }

    [Fact]
    public void What_was_interrupted_goes_on_and_repeats_no_training()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no signals to send.");
        }

        var table = workplace.Write("data.csv", Table(300));
        string[] arguments = ["group", table, .. Targets, .. Quick, "--budget", "2", "--method", "hoa", "--json"];
        var unbroken = workplace.Run([.. arguments, "--store", "other"]).Succeeds().Output;
        var process = workplace.Start([.. arguments, "--store", workplace.Store]);
        using var store = RunStore.Open(workplace.Store);
        while (Finished(store).Length == 0 && !process.HasExited)
        {
            Thread.Sleep(5);
        }

        File.Delete(workplace.File("grouping.json")); // of the unbroken run
        using var signal = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        process.WaitForExit();
        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        var done = Finished(store);

        var resumed = workplace.Run("resume", "--json", "--store", workplace.Store).Succeeds().Output;

        Assert.All(done, run => Assert.Equal(run.Updated, store.Find(run.Id).Updated));
        var (first, second) = (MeasuredGrouping.FromJson(unbroken), MeasuredGrouping.FromJson(resumed));
        Assert.Equal(resumed.Trim(), File.ReadAllText(workplace.File("grouping.json")).Trim());
        Assert.Equal(first.Networks, second.Networks);
        Assert.Equal(first.Total, second.Total);
        Assert.Equal(first.Affinity!.Values, second.Affinity!.Values);
    }

    public void Dispose() => workplace.Dispose();

    private static IEnumerable<string> Targets => ["-t", "a", "-t", "b", "-t", "c", "-t", "d"];

    /// <summary>Runs in a process of its own, which can start workers.</summary>
    private Answer Run(string command, string table, params string[] more) =>
        workplace.Run([command, table, .. Targets, .. Quick, "--store", workplace.Store, .. more]);

    private static RunRecord[] Finished(RunStore store) =>
        [
            .. store
                .List(new RunFilter { IncludeChildren = true })
                .Where(run => run is { Kind: RunKind.Training, Status: RunStatus.Finished }),
        ];

    internal static string Table(int rows)
    {
        var random = new Random(1);
        var text = new StringBuilder("x,y,z,a,b,c,d\n");
        for (var row = 0; row < rows; row++)
        {
            var (x, y, z) = (random.NextDouble(), random.NextDouble(), random.NextDouble());
            double[] cells = [x, y, z, x * y, x + y, z * z, z - 1];
            text.AppendLine(string.Join(',', cells.Select(cell => cell.ToString("F4", CultureInfo.InvariantCulture))));
        }

        return text.ToString();
    }
}
