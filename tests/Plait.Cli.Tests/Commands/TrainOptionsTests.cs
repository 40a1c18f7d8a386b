using Plait.Jobs.Runs;
using Plait.Tabular.Models;

namespace Plait.Cli.Tests.Commands;

[Collection("torch")]
public sealed class TrainOptionsTests : IDisposable
{
    private readonly Workplace workplace = new();

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
}
