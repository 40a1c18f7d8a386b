using Microsoft.Data.Sqlite;
using Plait.Jobs.Runs;

namespace Plait.Jobs.Tests.Runs;

public sealed class RunStoreFaultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void File_that_is_no_database_is_named_and_left_alone()
    {
        File.WriteAllText(folder["plait.db"], "date,price\n" + new string('7', 4096));

        AssertRefused("is not a run store");
        Assert.StartsWith("date,price", File.ReadAllText(folder["plait.db"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Database_of_another_program_is_named_and_left_alone()
    {
        Execute("CREATE TABLE music (title TEXT)");
        var before = File.ReadAllBytes(folder["plait.db"]);

        AssertRefused("is the database of another program");
        Assert.Equal(before, File.ReadAllBytes(folder["plait.db"]));
    }

    [Fact]
    public void Store_of_a_newer_version_asks_for_the_newer_program()
    {
        RunStore.Open(folder.Path).Dispose();
        Execute("PRAGMA user_version = 99");

        AssertRefused("is a run store of version 99");
    }

    [Fact]
    public void Torn_file_is_called_damaged()
    {
        using (var store = RunStore.Open(folder.Path))
        {
            var run = store.Create(RunKind.Train, "name", "tox21", "{}");
            store.AddMeasurements(
                run.Id,
                Enumerable.Range(0, 5000).Select(epoch => new Measurement(epoch, DataSplit.Train, "a", "loss", 1))
            );
        }

        Execute("PRAGMA journal_mode = DELETE");
        using (var file = File.OpenWrite(folder["plait.db"]))
        {
            file.SetLength(file.Length / 2);
        }

        var error = Assert.Throws<RunStoreException>(() =>
        {
            using var store = RunStore.Open(folder.Path);
            store.Measurements(store.Find("last").Id);
        });
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Folder_that_is_a_file_is_one_clear_line()
    {
        File.WriteAllText(folder["file"], "");

        var error = Assert.Throws<RunStoreException>(() => RunStore.Open(folder["file"]));

        Assert.Equal($"The folder '{folder["file"]}' cannot be made; choose another for the run store.", error.Message);
    }

    private void AssertRefused(string reason)
    {
        var error = Assert.Throws<RunStoreException>(() => RunStore.Open(folder.Path));
        Assert.StartsWith($"'{folder["plait.db"]}' {reason}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder["plait.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
