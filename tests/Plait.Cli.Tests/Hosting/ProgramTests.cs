using System.Diagnostics;
using Plait.Jobs.Runs;

namespace Plait.Cli.Tests.Hosting;

/// <summary>What only a process of its own can show: the standard input, and signals.</summary>
[Collection("torch")]
public sealed class ProgramTests : IDisposable
{
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(60);

    private readonly Workplace workplace = new();

    [Fact]
    public async Task Stream_answers_each_row_before_the_next_one_comes()
    {
        (
            await workplace.TrainAsync(workplace.Write("houses.csv", Workplace.Houses(100)), "model", "--ignore", "id")
        ).Succeeds();
        var program = workplace.Start("predict", workplace.File("model"), "-", "--stream", "--id", "id");

        await program.StandardInput.WriteAsync("id,area,district\na,70,east\n");
        await program.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("id,price,", await ReadLineAsync(program), StringComparison.Ordinal);
        Assert.StartsWith("a,", await ReadLineAsync(program), StringComparison.Ordinal);
        await program.StandardInput.WriteAsync("b,90,harbour\n");
        await program.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("b,", await ReadLineAsync(program), StringComparison.Ordinal);
        program.StandardInput.Close();

        Assert.Equal("", await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Success, program.ExitCode);
    }

    [Fact]
    public async Task A_training_stopped_by_a_signal_says_how_to_go_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signal that reaches one process alone.");
        var table = workplace.Write("houses.csv", Workplace.Houses(100));
        var program = workplace.Start([
            "train",
            table,
            "-t",
            "price",
            "-o",
            workplace.File("model"),
            "--store",
            workplace.Store,
            "--epochs",
            "1000000",
            "--patience",
            "0",
        ]);
        using var store = RunStore.Open(workplace.Store);
        while (!store.List().Any(run => store.Measurements(run.Id).Count > 0))
        {
            Assert.False(program.HasExited);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        // Not SIGINT, which a program that a script started in the background ignores.
        using (var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var errors = await program
            .StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Stuck, TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        var run = Assert.Single(store.List());
        Assert.Equal(ExitCode.Interrupted, program.ExitCode);
        Assert.EndsWith($"plait: interrupted; go on with: plait resume {run.Id}\n", errors, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Interrupted, run.Status);
        Assert.False(Directory.Exists(workplace.File("model")));
    }

    public void Dispose() => workplace.Dispose();

    private static async Task<string?> ReadLineAsync(Process program) =>
        await program
            .StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(Stuck, TestContext.Current.CancellationToken);
}
