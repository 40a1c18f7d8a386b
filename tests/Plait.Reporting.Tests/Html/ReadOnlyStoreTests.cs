using Microsoft.Data.Sqlite;
using Plait.Jobs.Runs;
using Plait.Reporting.Html;

namespace Plait.Reporting.Tests.Html;

/// <summary>Stores in folders that nobody may write into, such as those of a colleague or of an archive.</summary>
public sealed class ReadOnlyStoreTests : IDisposable
{
    private const UnixFileMode Locked = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private readonly TemporaryFolder folder = new();
    private readonly RunRecord run;

    public ReadOnlyStoreTests()
    {
        using var store = RunStore.Open(folder["store"]);
        run = store.Create(RunKind.Train, "name", "tox21", "{}");
        store.AddMeasurements(run.Id, [new(1, DataSplit.Train, "a", "loss", 0.5)]);
        store.Finish(run.Id, "{}", 1, 1);
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["store"], Locked | UnixFileMode.UserWrite);
        }

        folder.Dispose();
    }

    [Fact]
    public void Is_read_and_left_as_it_is()
    {
        Lock();
        var before = File.ReadAllBytes(folder["store/plait.db"]);

        using var store = RunStore.OpenToRead(folder["store"]);

        Assert.Equal(RunStatus.Finished, store.Find(RunStore.Last).Status);
        Assert.Equal([new(1, DataSplit.Train, "a", "loss", 0.5)], store.Measurements(run.Id));
        Assert.StartsWith("<!DOCTYPE html>", HtmlReport.Render(store, run.Id), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, File.ReadAllBytes(folder["store/plait.db"]));
    }

    [Fact]
    public void Is_not_written_and_says_so()
    {
        Lock();

        using var store = RunStore.OpenToRead(folder["store"]);

        Assert.All(
            new Action[]
            {
                () => store.Update(run.Id, RunStatus.Failed),
                () => store.Delete(run.Id),
                () => RunStore.Open(folder["store"]),
            },
            call =>
                Assert.Contains(
                    "cannot be opened for writing",
                    Assert.Throws<RunStoreException>(call).Message,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void Store_that_is_not_there_is_neither_read_nor_made()
    {
        Action[] calls =
        [
            () => RunStore.OpenToRead(folder["typo"]).Dispose(),
            () => RunStore.OpenExisting(folder["typo"]).Dispose(),
        ];

        Assert.All(
            calls,
            call =>
                Assert.Contains(
                    $"There is no run store in '{folder["typo"]}', so it has no runs yet",
                    Assert.Throws<RunStoreException>(call).Message,
                    StringComparison.Ordinal
                )
        );
        Assert.False(RunStore.IsIn(folder["typo"]));
        Assert.False(Directory.Exists(folder["typo"]));
        Assert.True(RunStore.IsIn(folder["store"]));
    }

    [Fact]
    public void Numbers_that_wait_in_the_log_are_not_passed_over()
    {
        Lock();
        File.WriteAllBytes(folder["store/plait.db-wal"], new byte[64]);

        var error = Assert.Throws<RunStoreException>(() => RunStore.OpenToRead(folder["store"]));

        Assert.Contains("not yet written into the store", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Store_of_an_earlier_version_says_where_it_is_brought_up_to_date()
    {
        SetVersion(1);
        Lock();

        var error = Assert.Throws<RunStoreException>(() => RunStore.OpenToRead(folder["store"]));

        Assert.Contains("is a run store of version 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Store_that_may_be_written_is_read_as_it_is_while_another_process_writes()
    {
        using var writer = RunStore.Open(folder["store"]);
        using var reader = RunStore.OpenToRead(folder["store"]);

        writer.AddMeasurements(run.Id, [new(2, DataSplit.Train, "a", "loss", 0.25)]);

        Assert.Equal(2, reader.Measurements(run.Id).Count);
    }

    /// <summary>Nobody may write, not even the superuser, who passes over permissions: SQLite's own file cannot be made.</summary>
    private void Lock()
    {
        File.CreateSymbolicLink(folder["store/plait.db-shm"], folder["nowhere"]);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["store"], Locked);
        }
    }

    private void SetVersion(int version)
    {
        using var connection = new SqliteConnection($"Data Source={folder["store/plait.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA user_version = {version}";
        command.ExecuteNonQuery();
    }
}
