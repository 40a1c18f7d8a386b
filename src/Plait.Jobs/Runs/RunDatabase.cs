using Microsoft.Data.Sqlite;

namespace Plait.Jobs.Runs;

/// <summary>The SQLite file of a run store: short transactions, and errors that people can act on.</summary>
internal sealed class RunDatabase : IDisposable
{
    private const int SqliteReadOnly = 8;
    private const int SqliteCorrupt = 11;
    private const int SqliteInputOutput = 10;
    private const int SqliteFull = 13;
    private const int SqliteCannotOpen = 14;
    private const int SqliteNotADatabase = 26;
    private const int SqliteBusy = 5;
    private const int SecondsToWaitForOthers = 30;

    private readonly string connectionString;

    private RunDatabase(string file, string connectionString)
    {
        File = file;
        this.connectionString = connectionString;
    }

    /// <summary>Opens the file; creates it, or brings it up to date, where that is needed.</summary>
    /// <exception cref="RunStoreException">It is no run store, one of a newer version, or cannot be opened.</exception>
    public static RunDatabase Open(string file)
    {
        using (var creator = new RunDatabase(file, Connection(file, SqliteOpenMode.ReadWriteCreate)))
        {
            creator.Use(
                connection =>
                {
                    RunStoreSchema.Prepare(connection, file);
                    return 0;
                },
                creates: true
            );
        }

        // A file that is deleted later is missed, not made anew without its runs.
        return new(file, Connection(file, SqliteOpenMode.ReadWrite));
    }

    /// <summary>Opens a file that is there, to read it; nothing has to be writable.</summary>
    /// <remarks>
    /// SQLite's readers of a write-ahead log take part in it by files of their own beside the database. Where these cannot be made
    /// and nobody else has made them, nobody writes, and the file is read as one that does not change.
    /// </remarks>
    /// <exception cref="RunStoreException">It is no run store, one of another version, or cannot be read.</exception>
    public static RunDatabase OpenToRead(string file)
    {
        try
        {
            return Open(file);
        }
        catch (RunStoreException failure)
            when (failure.InnerException is SqliteException { SqliteErrorCode: SqliteReadOnly or SqliteCannotOpen })
        {
            if (new FileInfo($"{file}-wal") is { Exists: true, Length: > 0 })
            {
                throw new RunStoreException(
                    $"'{file}-wal' holds numbers that were not yet written into the store, and only somebody who may write into its folder can read them; copy the folder to where you may.",
                    failure
                );
            }

            var database = new RunDatabase(
                file,
                Connection($"{new Uri(file).AbsoluteUri}?immutable=1", SqliteOpenMode.ReadOnly)
            );
            database.Use(connection =>
            {
                RunStoreSchema.RequireNewest(connection, file);
                return 0;
            });
            return database;
        }
    }

    /// <summary>The file's path.</summary>
    public string File { get; }

    /// <summary>Changes the store in one transaction: all of it or nothing.</summary>
    public void Write(Action<SqliteConnection> change) =>
        Write(connection =>
        {
            change(connection);
            return 0;
        });

    /// <summary>Changes the store in one transaction, and returns what that came to.</summary>
    public T Write<T>(Func<SqliteConnection, T> change) =>
        Use(connection =>
        {
            // Takes the write lock at once: a lock taken later could be refused after work is done.
            using var transaction = connection.BeginTransaction(deferred: false);
            var outcome = change(connection);
            transaction.Commit();
            return outcome;
        });

    /// <summary>Reads all rows of a query.</summary>
    public IReadOnlyList<T> Read<T>(
        string sql,
        Func<SqliteDataReader, T> row,
        params (string Name, object? Value)[] parameters
    ) => Use(connection => Read(connection, sql, row, parameters));

    /// <summary>Reads all rows of a query inside <see cref="Write"/>.</summary>
    public static IReadOnlyList<T> Read<T>(
        SqliteConnection connection,
        string sql,
        Func<SqliteDataReader, T> row,
        params (string Name, object? Value)[] parameters
    )
    {
        using var command = Command(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>Runs one statement inside <see cref="Write"/>; returns how many rows it changed.</summary>
    public static int Execute(SqliteConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = Command(connection, sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>A statement with its parameters; null is stored as NULL.</summary>
    public static SqliteCommand Command(
        SqliteConnection connection,
        string sql,
        params (string Name, object? Value)[] parameters
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    /// <summary>Closes the connections that are kept for the next call.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    private static string Connection(string source, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = mode,
            ForeignKeys = true,
            DefaultTimeout = SecondsToWaitForOthers,
        }.ToString();

    private T Use<T>(Func<SqliteConnection, T> work, bool creates = false)
    {
        if (!creates && !System.IO.File.Exists(File))
        {
            // A connection that is kept open would go on writing into the deleted file.
            throw new RunStoreException($"'{File}' is gone: the run store was moved or deleted while it was in use.");
        }

        try
        {
            using var connection = new SqliteConnection(connectionString);
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = {SecondsToWaitForOthers * 1000}; PRAGMA synchronous = NORMAL");
            return work(connection);
        }
        catch (SqliteException error)
        {
            throw new RunStoreException(Explain(error), error);
        }
    }

    private string Explain(SqliteException error) =>
        error.SqliteErrorCode switch
        {
            SqliteNotADatabase => $"'{File}' is not a run store; move it away, or choose another folder.",
            SqliteCorrupt => $"'{File}' is damaged; move it away to start a new store, or restore it from a backup.",
            SqliteFull => $"The disk that holds '{File}' is full; make room and repeat.",
            SqliteInputOutput =>
                $"The system did not let '{File}' be read or written; see that its disk works and has room, and that files may grow so large (ulimit -f), and repeat.",
            SqliteReadOnly or SqliteCannotOpen =>
                $"'{File}' cannot be opened for writing; check the folder's permissions, or choose another folder.",
            SqliteBusy =>
                $"'{File}' was locked by another process for {SecondsToWaitForOthers} s; let that process end and repeat.",
            _ => $"The run store '{File}' failed: {error.Message.ReplaceLineEndings(" ")}",
        };
}
