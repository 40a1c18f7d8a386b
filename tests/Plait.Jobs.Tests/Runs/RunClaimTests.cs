using Microsoft.Data.Sqlite;
using Plait.Jobs.Runs;

namespace Plait.Jobs.Tests.Runs;

/// <summary>Who works on a run, and what becomes of it when that is unclear, disputed or over.</summary>
public sealed class RunClaimTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RunStore store;

    public RunClaimTests() => store = RunStore.Open(folder["store"]);

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Run_at_work_stays_so_when_the_clock_is_set()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the clock is all that tells processes apart.");
        var run = Create();
        var owner = run.Owner with { Started = run.Owner.Started + TimeSpan.FromHours(1) };
        store.Insert(run with { Id = Id(1), Owner = owner });

        Assert.Equal(RunStatus.Running, store.Find(Id(1)).Status);
        Assert.Contains("is running", Refused(() => store.Delete(Id(1))), StringComparison.Ordinal);
        Assert.Contains("is running", Refused(() => store.Claim(Id(1))), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_of_an_earlier_process_with_this_number_is_interrupted_whatever_the_clock_says()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the clock is all that tells processes apart.");
        var run = Create();
        var (boot, ticks) = (run.Owner.Birth!.Split('/')[0], run.Owner.Birth.Split('/')[1]);
        store.Insert(run with { Id = Id(1), Owner = run.Owner with { Birth = $"{boot}/1" } });
        store.Insert(run with { Id = Id(2), Owner = run.Owner with { Birth = $"{Guid.Empty}/{ticks}" } });
        store.Insert(run with { Id = Id(3), Owner = run.Owner with { Birth = null } });

        Assert.Equal(RunStatus.Interrupted, store.Find(Id(1)).Status);
        Assert.Equal(RunStatus.Interrupted, store.Find(Id(2)).Status);
        Assert.Equal(RunStatus.Running, store.Find(Id(3)).Status); // written by an earlier version: by its start time
    }

    [Fact]
    public async Task Of_many_that_claim_a_run_at_once_one_gets_it()
    {
        var run = Create();
        store.Update(run.Id, RunStatus.Interrupted);

        var claims = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(() =>
                    {
                        using var own = RunStore.Open(folder["store"]);
                        return Record.Exception(() => own.Claim(run.Id));
                    })
                )
        );

        Assert.Single(claims, failure => failure is null);
        Assert.All(
            claims.Where(failure => failure is not null),
            failure => Assert.Contains("is running in process", failure!.Message, StringComparison.Ordinal)
        );
        Assert.Equal(
            (RunStatus.Running, ProcessIdentity.Current),
            (store.Find(run.Id).Status, store.Find(run.Id).Owner)
        );
    }

    [Fact]
    public void Finished_run_is_not_claimed_and_a_failed_one_is()
    {
        var (finished, failed) = (Create(), Create());
        store.Finish(finished.Id, "{}", 1, 1);
        store.Update(failed.Id, RunStatus.Failed, error: "no more disk");

        Assert.Contains("is finished", Refused(() => store.Claim(finished.Id)), StringComparison.Ordinal);
        Assert.Equal((RunStatus.Running, null), (store.Claim(failed.Id).Status, store.Find(failed.Id).Error));
    }

    [Fact]
    public void Result_and_end_of_a_run_are_kept_together_or_not_at_all()
    {
        var run = Create();
        Execute("CREATE TRIGGER full BEFORE UPDATE ON runs BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");

        Assert.Throws<RunStoreException>(() => store.Finish(run.Id, "{}", 2, 3));
        Assert.Null(store.Result(run.Id));

        Execute("DROP TRIGGER full");
        store.Finish(run.Id, "{}", 2, 3);
        var kept = store.Find(run.Id);
        Assert.Equal(
            (RunStatus.Finished, 2.0, 3L, "{}"),
            (kept.Status, kept.Seconds, kept.Parameters, store.Result(run.Id))
        );
    }

    [Theory]
    [InlineData("../../victim")]
    [InlineData("261122-181500-0a1b/../../../victim")]
    [InlineData("")]
    public void Id_that_leads_out_of_the_store_is_no_path(string id)
    {
        var victim = Directory.CreateDirectory(folder["victim"]).FullName;
        File.WriteAllText(Path.Combine(victim, "thesis"), "");
        var parent = Create();
        store.Finish(parent.Id, "{}", 1, 1);
        store.Insert(store.Find(parent.Id) with { Id = id, Parent = parent.Id });

        Assert.Contains("which is no id", Refused(() => store.Delete(parent.Id)), StringComparison.Ordinal);
        if (id.Length > 0)
        {
            Assert.Contains("which is no id", Refused(() => store.FolderOf(id)), StringComparison.Ordinal);
            Assert.Contains("which is no id", Refused(() => store.Delete(id)), StringComparison.Ordinal);
        }

        Assert.Equal([Path.Combine(victim, "thesis")], Directory.GetFileSystemEntries(victim));
        Assert.Equal(2, store.List(new() { IncludeChildren = true }).Count);
    }

    [Fact]
    public void Store_that_is_deleted_while_it_is_in_use_is_missed_and_not_made_anew()
    {
        var run = Create();
        Directory.Delete(folder["store"], recursive: true);

        Assert.Contains("is gone", Refused(() => store.Update(run.Id, RunStatus.Finished)), StringComparison.Ordinal);
        Assert.Contains("is gone", Refused(() => store.FolderOf(run.Id)), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["store"]));
    }

    private static string Id(int number) => $"260102-030405-000{number}";

    private static string Refused(Action call) => Assert.Throws<RunStoreException>(call).Message;

    private RunRecord Create() => store.Create(RunKind.Train, "name", "tox21", "{}");

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder["store/plait.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
