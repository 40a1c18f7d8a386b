using System.Text.Json;
using Plait.Cli.Display;
using Plait.Reporting;
using Plait.Tabular;
using Plait.Training;

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
    public async Task Schedule_and_regularizers_are_the_run_s()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(120));
        string[] options = ["--ignore", "id", "--network", "single-task", "--schedule", "round-robin"];

        (
            await workplace.TrainAsync(
                table,
                "model",
                [.. options, "--regularizer", "trace-norm:unfolding=tucker", "--regularizer", "group-sparsity"]
            )
        ).Succeeds();

        using var store = RunStore.Open(workplace.Store);
        var run = TabularJob.FromJson(Assert.Single(store.List()).Specification).Run;
        Assert.Equal("round-robin", run.Schedule);
        Assert.Equal(["trace-norm:unfolding=tucker", "group-sparsity"], run.Regularizers);
    }

    [Fact]
    public async Task A_regularizer_that_does_not_fit_the_network_is_refused_in_one_line()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(60));

        (await workplace.TrainAsync(table, "model", "--ignore", "id", "--regularizer", "orthogonality")).FailsWith(
            ExitCode.Usage,
            "has no private layers beside shared ones"
        );
    }

    [Fact]
    public async Task A_student_learns_from_saved_models_and_a_folder_that_is_none_is_named()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(200));
        (await workplace.TrainAsync(table, "teacher", "--ignore", "id")).Succeeds();
        (await workplace.TrainAsync(table, "another", "--ignore", "id", "--seed", "1")).Succeeds();
        string[] taught = ["--ignore", "id", "--distill", "soft-targets:tau=4", "--distill", "feature-distillation"];

        var learned = await workplace.TrainAsync(
            table,
            "student",
            [.. taught, "--teachers", workplace.File("teacher"), "--teachers", workplace.File("another")]
        );
        var twice = await workplace.TrainAsync(
            table,
            "other",
            [.. taught, "--teachers", workplace.File("teacher"), "--teachers", workplace.File("teacher") + "/"]
        );
        var missing = await workplace.TrainAsync(table, "other", [.. taught, "--teachers", workplace.File("nobody")]);
        var idle = await workplace.TrainAsync(table, "other", "--teachers", workplace.File("teacher"));
        var mistyped = await workplace.TrainAsync(
            table,
            "other",
            "--distill",
            "soft-target",
            "--teachers",
            workplace.File("teacher")
        );

        Assert.Equal("", learned.Succeeds().Error);
        twice.FailsWith(ExitCode.Usage, "teacher: this teacher is named twice");
        using var student = TabularModel.Load(workplace.File("student"));
        Assert.Equal(["soft-targets:tau=4", "feature-distillation"], student.Run.Auxiliaries);
        missing.FailsWith(ExitCode.Failure, workplace.File("nobody"), "there is no such folder");
        idle.FailsWith(ExitCode.Usage, "--distill and --teachers go together");
        mistyped.FailsWith(ExitCode.Usage, "did you mean 'soft-targets'");
    }

    [Fact]
    public async Task A_target_that_no_teacher_teaches_is_said_to_learn_alone()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(100));
        string[] few = ["train", table, "-t", "price", "--epochs", "1", "--store", workplace.Store];
        string[] rest = ["--ignore", "id", "--ignore", "sold", "--ignore", "energy", "-o", workplace.File("teacher")];
        (await workplace.RunAsync([.. few, .. rest])).Succeeds();

        var learned = await workplace.TrainAsync(
            table,
            "student",
            "--ignore",
            "id",
            "--distill",
            "soft-targets",
            "--teachers",
            workplace.File("teacher")
        );

        Assert.Equal(
            [
                "plait: No teacher teaches 'sold', which learns from its labels alone.",
                "plait: No teacher teaches 'energy', which learns from its labels alone.",
            ],
            learned.Succeeds().Errors
        );
    }

    [Fact]
    public async Task Interrupted_training_goes_on_with_resume_to_the_same_bits()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(200));
        var job = new TabularJob
        {
            Table = table,
            Targets = [new("price", "regression"), new("sold", "binary")],
            Run = TabularJob.DefaultRun with { Epochs = 5, BatchSize = 32, Encoder = "mlp:dropout=0.2" },
            ModelFolder = workplace.File("broken"),
        };
        using (var store = RunStore.Open(workplace.Store))
        {
            new TableRuns(store, new NoDisplay(), _ => { }).Start(
                job with
                {
                    ModelFolder = workplace.File("unbroken"),
                },
                TestContext.Current.CancellationToken
            );
            using var stop = new CancellationTokenSource();
            var failure = Assert.Throws<CommandFailure>(() =>
                new TableRuns(store, new StoppingDisplay(2, stop), _ => { }).Start(job, stop.Token)
            );
            var run = store.Find(RunStore.Last);
            Assert.Equal((130, RunStatus.Interrupted), (failure.ExitCode, run.Status));
            Assert.Equal($"interrupted; go on with: plait resume {run.Id}", failure.Message);
        }

        var answer = (await workplace.RunAsync("resume", "--store", workplace.Store)).Succeeds();

        Assert.Contains(workplace.File("broken"), answer.Output, StringComparison.Ordinal);
        Assert.Equal(Network("unbroken"), Network("broken"));
        using var after = RunStore.Open(workplace.Store);
        Assert.Equal([RunStatus.Finished, RunStatus.Finished], after.List().Select(run => run.Status));
        var (resumed, whole) = (after.List()[0], after.List()[1]);
        Assert.Equal(after.Measurements(whole.Id), after.Measurements(resumed.Id));
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    [InlineData("1.5h", 5400)]
    [InlineData(null, 30)]
    public async Task Time_between_checkpoints_is_the_run_s(string? text, double seconds)
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(60));

        (
            await workplace.TrainAsync(
                table,
                "model",
                ["--ignore", "id", .. text is null ? Array.Empty<string>() : ["--checkpoint-every", text]]
            )
        ).Succeeds();

        using var store = RunStore.Open(workplace.Store);
        var run = TabularJob.FromJson(Assert.Single(store.List()).Specification).Run;
        Assert.Equal(TimeSpan.FromSeconds(seconds), run.CheckpointInterval);
    }

    [Fact]
    public void Checkpoints_that_cannot_be_deleted_do_not_fail_a_finished_run()
    {
        using var store = RunStore.Open(workplace.Store);
        var job = new TabularJob
        {
            Table = workplace.Write("houses.csv", Workplace.Houses(60)),
            Targets = [new("price", "regression")],
            Run = TabularJob.DefaultRun with { Epochs = 2 },
            ModelFolder = workplace.File("model"),
        };
        var replaced = new AfterwardsDisplay(() =>
        {
            var checkpoints = Path.Combine(store.FolderOf(store.Find(RunStore.Last).Id), "checkpoints");
            Directory.Delete(checkpoints, recursive: true);
            File.WriteAllText(checkpoints, "no folder"); // which not even the superuser can delete as one
        });

        var outcome = new TableRuns(store, replaced, _ => { }).Start(job, TestContext.Current.CancellationToken);

        Assert.Equal(RunStatus.Finished, store.Find(outcome.Run).Status);
    }

    [Fact]
    public async Task A_finished_run_is_shown_again_by_resume()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(60));
        var trained = (await workplace.TrainAsync(table, "model", "--ignore", "id", "--json")).Succeeds();

        var resumed = (await workplace.RunAsync("resume", "--json", "--store", workplace.Store)).Succeeds();

        Assert.Equal(trained.Output, resumed.Output);
        Assert.Contains("is finished, so nothing is trained", Assert.Single(resumed.Errors), StringComparison.Ordinal);
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

    [Fact]
    public async Task Options_out_of_range_are_named()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(50));
        (string[] Options, string Says)[] wrong =
        [
            (["--validation", "1"], "--validation is a share from 0 to below 1"),
            (["--validation", "0.5", "--test", "0.5"], "leave no rows to learn from"),
            (["--patience", "-1"], "--patience is a whole number from 0"),
            (["--clip-norm", "0"], "--clip-norm is a number above 0"),
            (["--batch-size", "0"], "--batch-size is a whole number from 1"),
            (["--schedule", "stop-and-stay"], "There is no schedule 'stop-and-stay' (did you mean 'stop-and-go'?)"),
            (["--regularizer", "trace-norm:strength=-1"], "The strength is finite and 0 or more; got -1."),
            (["--network", "resnet"], "There is no architecture 'resnet'; choose from"),
            (["--learning-rate-schedule", "linear"], "choose from constant, cosine"),
            (["--learning-rate", "fast"], "--learning-rate is a number above 0, such as 0.001"),
            (["--learning-rate", "encoder=fast"], "write encoder=0.1x"),
            (["--learning-rate", "0.1", "--learning-rate", "0.2"], "says the optimizer's rate once; got 0.1 and 0.2"),
            (
                ["--learning-rate", "0.1", "--optimizer", "sgd:learning-rate=0.2"],
                "--learning-rate 0.1 and --optimizer sgd:learning-rate=0.2 both say the learning rate"
            ),
            (["--learning-rate", "encodr=0.1x"], "(did you mean 'encoder'?); here are encoder, heads.price"),
            (["--device", "tpu"], "'tpu' is no device"),
            (["--checkpoint-every", "0"], "--checkpoint-every is a time above 0"),
            (["--checkpoint-every", "-5"], "got '-5'"),
            (["--checkpoint-every", "5x"], "such as 30s or 5m; got '5x'"),
            (["--checkpoint-every", "99999h"], "up to 30 days"),
        ];

        foreach (var (options, says) in wrong)
        {
            (await workplace.TrainAsync(table, "model", ["--ignore", "id", .. options])).FailsWith(
                ExitCode.Usage,
                says
            );
        }

        var damaged = workplace.Write("damaged.csv", "price,sold\n1,yes\n2\n"); // told by the name first, without reading it
        (
            await workplace.RunAsync(
                "train",
                damaged,
                "-t",
                "price",
                "--learning-rate",
                "encodr=0.1x",
                "-o",
                workplace.File("model")
            )
        ).FailsWith(ExitCode.Usage, "(did you mean 'encoder'?); here are encoder, heads.price");
        (await workplace.RunAsync("train", table)).FailsWith(ExitCode.Usage, "'--target' is required");
        Assert.False(Directory.Exists(workplace.File("model")));
    }

    [Fact]
    public async Task Learning_rates_of_the_optimizer_and_of_groups_are_kept_with_the_run()
    {
        var table = workplace.Write("houses.csv", Workplace.Houses(60));

        (
            await workplace.TrainAsync(
                table,
                "model",
                "--ignore",
                "id",
                "--optimizer",
                "sgd:momentum=0.5",
                "--learning-rate",
                "0.02",
                "--learning-rate",
                "encoder=0"
            )
        ).Succeeds();

        using var store = RunStore.Open(workplace.Store);
        var kept = TabularJob.FromJson(Assert.Single(store.List()).Specification).Run;
        Assert.Equal("sgd:learning-rate=0.02,momentum=0.5", kept.Optimizer);
        Assert.Equal(["encoder=0"], kept.Groups);
    }

    public void Dispose() => workplace.Dispose();

    private byte[] Network(string model) =>
        File.ReadAllBytes(Path.Combine(workplace.File(model), "network.safetensors"));
}

/// <summary>Does something between a training's end and what is made of it.</summary>
internal sealed class AfterwardsDisplay(Action something) : ITrainingDisplay
{
    public T While<T>(Func<IProgress<TrainingProgress>, T> work)
    {
        var result = new NoDisplay().While(work);
        something();
        return result;
    }
}

/// <summary>Presses Ctrl-C when an epoch has ended.</summary>
internal sealed class StoppingDisplay(int epoch, CancellationTokenSource stop) : ITrainingDisplay
{
    public T While<T>(Func<IProgress<TrainingProgress>, T> work) => work(new Watch(epoch, stop));

    private sealed class Watch(int epoch, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Finished?.Epoch == epoch)
            {
                stop.Cancel();
            }
        }
    }
}
