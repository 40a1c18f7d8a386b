using System.Diagnostics;
using System.Text.Json.Nodes;
using Plait.Jobs.Runs;
using Plait.Testing;

namespace Plait.Cli.Tests;

/// <summary>Faults that only a process of its own can show: signals, a kill, two at once, what libraries it finds.</summary>
[Collection("torch")]
public sealed class ProcessFaultTests : IDisposable
{
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(60);
    private static readonly string[] Endless = ["--epochs", "1000000", "--patience", "0"];

    private readonly Workplace workplace = new();

    public void Dispose() => workplace.Dispose();

    [Fact]
    public async Task A_signal_while_a_table_is_read_ends_the_program()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has neither signals nor pipes among its files.");
        var houses = workplace.Write("houses.csv", Workplace.Houses(60));
        (await workplace.TrainAsync(houses, "model", "--ignore", "id")).Succeeds();
        var pipe = workplace.File("pipe.csv");
        Run("mkfifo", pipe);
        var program = workplace.Start("predict", workplace.File("model"), pipe);
        // The pipe opens once the program has opened its end.
        using var table = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write)).WaitAsync(Stuck);

        Run("kill", "-TERM", $"{program.Id}");

        Ended(program).FailsWith(ExitCode.Interrupted, "interrupted");
    }

    [Fact]
    public async Task A_run_that_was_killed_is_gone_on_with_by_one_of_two_that_try()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        var killed = Train(
            workplace.Write("houses.csv", Workplace.Houses(60)),
            [.. Endless, "--checkpoint-every", "0.01s"]
        );
        var run = Await(killed, store => store.List().FirstOrDefault(run => HasCheckpoint(store, run)));
        Run("kill", "-KILL", $"{killed.Id}");
        await killed.WaitForExitAsync();

        Process[] both = [Resume(run), Resume(run)];
        var ended = await Task.WhenAny(both.Select(program => program.WaitForExitAsync())).WaitAsync(Stuck);
        await ended;
        var first = both[0].HasExited ? 0 : 1;
        Ended(both[first]).FailsWith(ExitCode.Failure, $"Run {run.Id} is running in process {both[1 - first].Id}");

        Run("kill", "-TERM", $"{both[1 - first].Id}");
        Assert.Equal(ExitCode.Interrupted, Ended(both[1 - first]).Code);
        using var after = RunStore.Open(workplace.Store);
        Assert.Equal((RunStatus.Interrupted, null), (after.Find(run.Id).Status, after.Find(run.Id).Error));
    }

    [Fact]
    public void A_store_that_is_deleted_under_a_run_ends_it_in_one_line()
    {
        var program = Train(workplace.Write("houses.csv", Workplace.Houses(60)), Endless);
        Await(program, store => store.List().FirstOrDefault(run => store.Measurements(run.Id).Count > 0));

        Directory.Delete(workplace.Store, recursive: true);

        Ended(program).FailsWith(ExitCode.Failure, "the run store was moved or deleted while it was in use");
    }

    [Theory]
    [InlineData("junk")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"id\":\"1\",\"job\":null,\"folder\":\"x\"}")]
    public void Junk_on_the_input_of_a_worker_is_one_line(string line)
    {
        var worker = workplace.Start("worker");
        worker.StandardInput.WriteLine(line);
        worker.StandardInput.Close();

        Ended(worker).FailsWith(ExitCode.Failure, "This is not a worker's request", line);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_libtorch_that_is_missing_or_unreadable_is_one_line(bool isThere)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The library has another name elsewhere.");
        Assert.SkipWhen(
            File.Exists(Path.Combine(AppContext.BaseDirectory, "libtorch.so")),
            "libtorch is beside the program."
        );
        var version = Checkout.Read("Directory.Packages.props").Split("<LibTorchVersion>")[1].Split('<')[0];
        var native = workplace.File($"packages/libtorch-cpu-linux-x64/{version}/runtimes/linux-x64/native");
        Directory.CreateDirectory(native);
        if (isThere)
        {
            File.WriteAllText(Path.Combine(native, "libtorch.so"), "no library");
        }

        var program = workplace.StartWith(new() { ["NUGET_PACKAGES"] = workplace.File("packages") }, "data");

        Ended(program)
            .FailsWith(ExitCode.Failure, "libtorch was not found or does not load", isThere ? native : "no such file");
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("methods")]
    [InlineData("runs")]
    public void Help_and_lists_need_no_libtorch(string word)
    {
        Assert.SkipWhen(
            File.Exists(Path.Combine(AppContext.BaseDirectory, "libtorch.so")),
            "libtorch is beside the program."
        );

        Ended(workplace.StartWith(new() { ["NUGET_PACKAGES"] = workplace.File("packages") }, word)).Succeeds();
    }

    [Fact]
    public void A_worker_that_is_killed_costs_the_training_it_was_at()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The parent of a process is read from /proc.");
        string[] plan =
        [
            "compare",
            "-b",
            "parkinsons",
            "--networks",
            "hps",
            "--seeds",
            "1",
            "--workers",
            "1",
            "--json",
        ];
        var program = workplace.Start([.. plan, "--epochs", "40", "--store", workplace.Store]);
        var first = Await(
            program,
            store =>
                store
                    .List(new RunFilter { IncludeChildren = true })
                    .LastOrDefault(run => store.Measurements(run.Id).Count > 0)
        );

        Run("kill", "-KILL", $"{ChildOf(program.Id)}");

        var answer = Ended(program);
        Assert.Equal(ExitCode.Failure, answer.Code);
        Assert.Contains(
            "1 of 3 trainings failed (hps), the first because: Its worker process was killed",
            answer.Error,
            StringComparison.Ordinal
        );
        var rows = JsonNode.Parse(answer.Output)!["rows"]!.AsArray();
        Assert.Equal([true, false], rows.Select(row => row!["failure"] is null));
        Assert.Equal("hps", first.Name);
        workplace.Run("resume", "--store", workplace.Store).Succeeds();
    }

    private static int ChildOf(int parent) =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder => (Id: int.TryParse(Path.GetFileName(folder), out var id) ? id : 0, folder))
            .Where(process => process.Id > 0)
            .Single(process =>
            {
                try
                {
                    // The name, in brackets, may hold spaces; the state and the parent come after it.
                    return File.ReadAllText(Path.Combine(process.folder, "stat")).Split(')')[^1].Split(' ')[2]
                        == $"{parent}";
                }
                catch (IOException)
                {
                    return false; // it has ended
                }
            })
            .Id;

    private static Answer Ended(Process program)
    {
        var error = program.StandardError.ReadToEndAsync();
        var output = program.StandardOutput.ReadToEndAsync();
        Assert.True(program.WaitForExit(Stuck), "the program goes on");
        return new Answer(program.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static bool HasCheckpoint(RunStore store, RunRecord run) =>
        File.Exists(Path.Combine(store.PathOf(run.Id), "checkpoints", "checkpoint.safetensors"));

    private Process Train(string table, params string[] more) =>
        workplace.Start([
            .. new[] { "train", table, "-t", "price", "--ignore", "id", "-o", workplace.File("model") },
            .. new[] { "--store", workplace.Store },
            .. more,
        ]);

    private Process Resume(RunRecord run) => workplace.Start("resume", run.Id, "--store", workplace.Store);

    /// <summary>What the store of a program at work comes to hold.</summary>
    private RunRecord Await(Process program, Func<RunStore, RunRecord?> look)
    {
        using var store = RunStore.Open(workplace.Store);
        RunRecord? found;
        while ((found = look(store)) is null)
        {
            Assert.False(program.HasExited, "the program has ended");
            Thread.Sleep(20);
        }

        return found;
    }
}
