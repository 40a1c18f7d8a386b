using System.Diagnostics;
using Plait.Jobs.Runs;

namespace Plait.Jobs.Tests.Runs;

/// <summary>Several writers on one store. Other processes are this program again, told by its environment what to do.</summary>
public sealed class SharedStoreTests : IDisposable
{
    private const string StoreVariable = "PLAIT_TEST_STORE";
    private const string CrashVariable = "PLAIT_TEST_CRASH";
    private const int Batches = 20;
    private const int Rows = 25;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Writer_stores_what_it_writes()
    {
        var shared = Environment.GetEnvironmentVariable(StoreVariable);
        using var store = RunStore.Open(shared ?? folder.Path);

        var run = Write(store);

        if (Environment.GetEnvironmentVariable(CrashVariable) is not null)
        {
            Process.GetCurrentProcess().Kill();
        }

        Assert.Equal(Batches * Rows, store.Measurements(run.Id).Count);
    }

    [Fact]
    public async Task Two_processes_that_write_at_once_into_a_new_store_lose_nothing()
    {
        using Process first = StartWriter(),
            second = StartWriter();
        await Task.WhenAll(
            first.WaitForExitAsync(TestContext.Current.CancellationToken),
            second.WaitForExitAsync(TestContext.Current.CancellationToken)
        );

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        AssertComplete(runs: 2);
    }

    [Fact]
    public async Task Threads_that_open_a_new_store_and_write_at_once_lose_nothing()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Run(() =>
                    {
                        using var store = RunStore.Open(folder.Path);
                        Write(store);
                    })
                )
        );

        AssertComplete(runs: 4);
    }

    [Fact]
    public async Task Run_of_a_process_that_died_reads_as_interrupted_and_can_be_taken_over()
    {
        using var writer = StartWriter(crash: true);
        await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(0, writer.ExitCode);

        using var store = RunStore.Open(folder.Path);
        var run = store.Find("last");

        Assert.Equal(RunStatus.Interrupted, run.Status);
        Assert.Equal([run], store.List(new() { Status = RunStatus.Interrupted }));
        Assert.Equal(Batches * Rows, store.Measurements(run.Id).Count);

        store.Claim(run.Id);
        Assert.Equal(RunStatus.Running, store.Find(run.Id).Status);
        Assert.Equal(ProcessIdentity.Current, store.Find(run.Id).Owner);
    }

    [Fact]
    public void Run_whose_process_number_was_given_to_a_later_process_reads_as_interrupted()
    {
        using var store = RunStore.Open(folder.Path);
        var run = store.Create(RunKind.Train, "name", "tox21", "{}");
        var earlier = run.Owner with { Started = run.Owner.Started - TimeSpan.FromHours(1), Birth = null };
        store.Insert(run with { Id = "earlier", Owner = earlier });
        store.Insert(run with { Id = "elsewhere", Owner = earlier with { Host = "another machine" } });

        Assert.Equal(RunStatus.Running, store.Find(run.Id).Status);
        Assert.Equal(RunStatus.Interrupted, store.Find("earlier").Status);
        Assert.Equal(RunStatus.Running, store.Find("elsewhere").Status);
    }

    private static RunRecord Write(RunStore store)
    {
        var run = store.Create(RunKind.Train, "name", "tox21", "{}");
        for (var epoch = 0; epoch < Batches; epoch++)
        {
            store.AddMeasurements(
                run.Id,
                Enumerable
                    .Range(0, Rows)
                    .Select(task => new Measurement(epoch, DataSplit.Train, $"task {task}", "loss", task))
            );
        }

        return run;
    }

    private void AssertComplete(int runs)
    {
        using var store = RunStore.Open(folder.Path);
        var all = store.List();
        Assert.Equal(runs, all.Count);
        Assert.All(all, run => Assert.Equal(Batches * Rows, store.Measurements(run.Id).Count));
    }

    private Process StartWriter(bool crash = false)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(SharedStoreTests).Assembly.Location);
        }

        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(SharedStoreTests).FullName}.{nameof(Writer_stores_what_it_writes)}");
        start.Environment[StoreVariable] = folder.Path;
        if (crash)
        {
            start.Environment[CrashVariable] = "yes";
        }

        var process = Process.Start(start)!;
        process.BeginOutputReadLine(); // A full pipe would stop the writer.
        return process;
    }
}
