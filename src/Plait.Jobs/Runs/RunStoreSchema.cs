using Microsoft.Data.Sqlite;

namespace Plait.Jobs.Runs;

/// <summary>Creates the tables of a run store, and brings those of an older one up to date.</summary>
internal static class RunStoreSchema
{
    /// <summary>Marks the file as ours: "Plai" in ASCII.</summary>
    private const long ApplicationId = 0x506C6169;

    /// <summary>Element i brings a store of version i to version i + 1. Published elements never change.</summary>
    private static readonly string[] Migrations =
    [
        """
            CREATE TABLE runs (
                id TEXT PRIMARY KEY,
                kind TEXT NOT NULL,
                parent TEXT REFERENCES runs (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                benchmark TEXT NOT NULL,
                specification TEXT NOT NULL,
                status TEXT NOT NULL,
                created TEXT NOT NULL,
                updated TEXT NOT NULL,
                seconds REAL NOT NULL,
                parameters INTEGER NOT NULL,
                error TEXT,
                host TEXT NOT NULL,
                process INTEGER NOT NULL,
                process_started TEXT NOT NULL
            );
            CREATE INDEX runs_by_parent ON runs (parent);
            CREATE TABLE measurements (
                run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                epoch INTEGER NOT NULL,
                split TEXT NOT NULL,
                task TEXT NOT NULL,
                metric TEXT NOT NULL,
                value REAL,
                UNIQUE (run, epoch, split, task, metric)
            );
            CREATE TABLE diagnostics (
                run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                step INTEGER NOT NULL,
                kind TEXT NOT NULL,
                task TEXT NOT NULL,
                other_task TEXT NOT NULL,
                value REAL,
                UNIQUE (run, step, kind, task, other_task)
            );
            CREATE TABLE results (
                run TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
                json TEXT NOT NULL
            );
            """,
        "ALTER TABLE runs ADD COLUMN process_birth TEXT",
    ];

    /// <summary>Leaves the store at the newest version.</summary>
    /// <exception cref="RunStoreException">It is a newer version's or another program's.</exception>
    /// <exception cref="SqliteException">The file cannot be read or written.</exception>
    public static void Prepare(SqliteConnection connection, string file)
    {
        using (connection.BeginTransaction(deferred: true)) // One view of the file, while another process may be creating it.
        {
            if (Version(connection, file) == Migrations.Length)
            {
                return;
            }
        }

        // Readers then never wait for the writer, nor the writer for them. The file keeps the setting.
        Execute(connection, "PRAGMA journal_mode = WAL");
        using var transaction = connection.BeginTransaction(deferred: false);
        // Under the lock: another process may have been quicker.
        for (var version = Version(connection, file); version < Migrations.Length; version++)
        {
            Execute(connection, Migrations[version]);
            Execute(connection, $"PRAGMA user_version = {version + 1}");
        }

        Execute(connection, $"PRAGMA application_id = {ApplicationId}");
        transaction.Commit();
    }

    /// <summary>Checks that the store can be read as it is.</summary>
    /// <exception cref="RunStoreException">It is of another version, or another program's.</exception>
    public static void RequireNewest(SqliteConnection connection, string file)
    {
        if (Version(connection, file) is var version && version < Migrations.Length)
        {
            throw new RunStoreException(
                $"'{file}' is a run store of version {version}, which is read once it has been brought up to version {Migrations.Length}; list its runs where it can be written."
            );
        }
    }

    private static int Version(SqliteConnection connection, string file)
    {
        var version = (int)Number(connection, "PRAGMA user_version");
        var application = Number(connection, "PRAGMA application_id");
        if (application != ApplicationId && Number(connection, "SELECT count(*) FROM sqlite_schema") > 0)
        {
            throw new RunStoreException(
                $"'{file}' is the database of another program; choose another folder for the run store."
            );
        }

        if (version > Migrations.Length)
        {
            throw new RunStoreException(
                $"'{file}' is a run store of version {version}, and this program knows versions up to {Migrations.Length}; use the newer program, or choose another folder."
            );
        }

        return version;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
