using Microsoft.Data.Sqlite;

namespace Plait.Reporting;

/// <summary>Keeps runs, their numbers and their results in one folder: <c>plait.db</c>, and <c>runs/ID/</c> for checkpoints.</summary>
/// <remarks>
/// Several threads and several processes may use one store at once: every call is one short transaction, and waits for
/// those of others. A run whose process is gone reads as interrupted, whatever it says of itself.
/// </remarks>
public sealed class RunStore : IDisposable
{
    /// <summary>Finds the newest run that is not part of a comparison.</summary>
    public const string Last = "last";

    private const int SqliteConstraint = 19;

    private static readonly string[] CellNames = ["$a", "$b", "$c", "$d", "$value"];

    private readonly RunDatabase database;
    private readonly TimeProvider time;

    private RunStore(string folder, RunDatabase database, TimeProvider time)
    {
        Folder = folder;
        this.database = database;
        this.time = time;
    }

    /// <summary>The store's folder.</summary>
    public string Folder { get; }

    /// <summary>Opens the store in a folder; creates both where they are missing.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="RunStoreException">The folder holds something else, a newer store, or cannot be written.</exception>
    public static RunStore Open(string folder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        folder = Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunStoreException(
                $"The folder '{folder}' cannot be made; choose another for the run store.",
                error
            );
        }

        return new(folder, new RunDatabase(Path.Combine(folder, "plait.db")), time ?? TimeProvider.System);
    }

    /// <summary>Starts a run that this process works on.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">A name for people; the recipe's for a training of a comparison.</param>
    /// <param name="benchmark">The benchmark or data file.</param>
    /// <param name="specification">JSON text that says all that is needed to repeat the run.</param>
    /// <param name="parent">The id of the comparison that it is part of, or null.</param>
    /// <exception cref="RunStoreException">There is no such parent.</exception>
    public RunRecord Create(RunKind kind, string name, string benchmark, string specification, string? parent = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(benchmark);
        ArgumentNullException.ThrowIfNull(specification);
        if (parent is not null)
        {
            Get(parent);
        }

        while (true)
        {
            var now = time.GetUtcNow();
            var run = new RunRecord(
                RunIds.Create(now),
                kind,
                parent,
                name,
                benchmark,
                specification,
                RunStatus.Running,
                now,
                now,
                0,
                0,
                null,
                ProcessIdentity.Current
            );
            try
            {
                Insert(run);
                return run;
            }
            catch (RunStoreException error)
                when (error.InnerException is SqliteException { SqliteErrorCode: SqliteConstraint })
            {
                // Another run has drawn the same id in this second.
            }
        }
    }

    /// <summary>Says how far a run has come. This process becomes its owner; what is null stays as it was.</summary>
    /// <param name="id">The run.</param>
    /// <param name="status">How far.</param>
    /// <param name="seconds">How long it has worked, in seconds.</param>
    /// <param name="parameters">How many parameters its networks have together.</param>
    /// <param name="error">Why it failed; cleared where the status is not <see cref="RunStatus.Failed"/>.</param>
    /// <exception cref="RunStoreException">There is no such run.</exception>
    public void Update(
        string id,
        RunStatus status,
        double? seconds = null,
        long? parameters = null,
        string? error = null
    ) =>
        WriteTo(
            id,
            """
            UPDATE runs SET status = $status, updated = $updated, seconds = coalesce($seconds, seconds),
                parameters = coalesce($parameters, parameters), error = $error,
                host = $host, process = $process, process_started = $process_started
            WHERE id = $id
            """,
            ("$id", id),
            ("$status", RunRows.Text(status)),
            ("$updated", RunRows.Text(time.GetUtcNow())),
            ("$seconds", seconds),
            ("$parameters", parameters),
            ("$error", status == RunStatus.Failed ? error : null),
            ("$host", ProcessIdentity.Current.Host),
            ("$process", ProcessIdentity.Current.Id),
            ("$process_started", RunRows.Text(ProcessIdentity.Current.Started))
        );

    /// <summary>Adds measurements, all or none; those already there for the same place are replaced.</summary>
    /// <exception cref="RunStoreException">There is no such run.</exception>
    public void AddMeasurements(string id, IEnumerable<Measurement> measurements) =>
        AddRows(
            id,
            """
            INSERT INTO measurements (run, epoch, split, task, metric, value) VALUES ($run, $a, $b, $c, $d, $value)
            ON CONFLICT DO UPDATE SET value = excluded.value
            """,
            measurements.Select(row => ((object)row.Epoch, RunRows.Text(row.Split), row.Task, row.Metric, row.Value))
        );

    /// <summary>Adds diagnostics, all or none; those already there for the same place are replaced.</summary>
    /// <exception cref="RunStoreException">There is no such run.</exception>
    public void AddDiagnostics(string id, IEnumerable<Diagnostic> diagnostics) =>
        AddRows(
            id,
            """
            INSERT INTO diagnostics (run, step, kind, task, other_task, value) VALUES ($run, $a, $b, $c, $d, $value)
            ON CONFLICT DO UPDATE SET value = excluded.value
            """,
            diagnostics.Select(row => ((object)row.Step, row.Kind, row.Task, row.OtherTask ?? "", row.Value))
        );

    /// <summary>Keeps a run's result; replaces an earlier one.</summary>
    /// <param name="id">The run.</param>
    /// <param name="json">One JSON document.</param>
    /// <exception cref="RunStoreException">There is no such run.</exception>
    public void SetResult(string id, string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        WriteTo(
            id,
            "INSERT INTO results (run, json) VALUES ($run, $json) ON CONFLICT DO UPDATE SET json = excluded.json",
            ("$run", id),
            ("$json", json)
        );
    }

    /// <summary>A run's result as JSON, or null where it has none.</summary>
    public string? Result(string id) =>
        database
            .Read("SELECT json FROM results WHERE run = $run", row => row.GetString(0), ("$run", id))
            .SingleOrDefault();

    /// <summary>The run that a person means.</summary>
    /// <param name="text">An id, the start of one that no other id has, or <see cref="Last"/>.</param>
    /// <exception cref="RunStoreException">None or several fit; the message names the nearest.</exception>
    public RunRecord Find(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        text = text.Trim();
        if (text == Last)
        {
            return List(new RunFilter { Limit = 1 }) is [var newest]
                ? newest
                : throw new RunStoreException($"The store '{Folder}' has no runs yet.");
        }

        var ids = database.Read("SELECT id FROM runs ORDER BY created DESC, rowid DESC", row => row.GetString(0));
        return Get(RunIds.Resolve(text, ids, Folder));
    }

    /// <summary>Runs, newest first.</summary>
    public IReadOnlyList<RunRecord> List(RunFilter? filter = null)
    {
        filter ??= new();
        var runs = RunRows
            .Select(
                database,
                """
                WHERE ($kind IS NULL OR kind = $kind) AND ($benchmark IS NULL OR benchmark = $benchmark)
                    AND ($children OR parent IS NULL)
                ORDER BY created DESC, rowid DESC
                """,
                ("$kind", filter.Kind is { } kind ? RunRows.Text(kind) : null),
                ("$benchmark", filter.Benchmark),
                ("$children", filter.IncludeChildren)
            )
            .Where(run => filter.Status is null || run.Status == filter.Status);
        return [.. filter.Limit is { } limit ? runs.Take(limit) : runs];
    }

    /// <summary>The trainings of a comparison, oldest first.</summary>
    public IReadOnlyList<RunRecord> Children(string parent) =>
        RunRows.Select(database, "WHERE parent = $parent ORDER BY created, rowid", ("$parent", parent));

    /// <summary>A run's measurements by epoch, and within one as they were added.</summary>
    public IReadOnlyList<Measurement> Measurements(string id) =>
        database.Read(
            "SELECT epoch, split, task, metric, value FROM measurements WHERE run = $run ORDER BY epoch, rowid",
            row => new Measurement(
                row.GetInt32(0),
                RunRows.Value<DataSplit>(row, 1),
                row.GetString(2),
                row.GetString(3),
                RunRows.Number(row, 4)
            ),
            ("$run", id)
        );

    /// <summary>A run's diagnostics by step, and within one as they were added.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics(string id) =>
        database.Read(
            "SELECT step, kind, task, other_task, value FROM diagnostics WHERE run = $run ORDER BY step, rowid",
            row => new Diagnostic(
                row.GetInt64(0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3) is { Length: > 0 } other ? other : null,
                RunRows.Number(row, 4)
            ),
            ("$run", id)
        );

    /// <summary>The folder for a run's checkpoints; made on first use.</summary>
    public string FolderOf(string id) => Directory.CreateDirectory(PathOf(Get(id).Id)).FullName;

    /// <summary>Deletes a run, its children, their numbers and their folders.</summary>
    /// <exception cref="RunStoreException">There is no such run, or a process still works on it.</exception>
    public void Delete(string id)
    {
        RunRecord[] doomed = [Get(id), .. Children(id)];
        if (doomed.FirstOrDefault(run => run.Status == RunStatus.Running) is { } running)
        {
            throw new RunStoreException(
                $"Run {running.Id} is running in process {running.Owner.Id} on {running.Owner.Host}; stop it before it is deleted."
            );
        }

        WriteTo(id, "DELETE FROM runs WHERE id = $id", ("$id", id));
        foreach (var folder in doomed.Select(run => PathOf(run.Id)).Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Closes the store's file.</summary>
    public void Dispose() => database.Dispose();

    /// <summary>Adds a run as it is, whoever owns it.</summary>
    internal void Insert(RunRecord run) => database.Write(connection => RunRows.Insert(connection, run));

    private RunRecord Get(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return RunRows.Select(database, "WHERE id = $id", ("$id", id)) is [var run]
            ? run
            : throw new RunStoreException($"There is no run '{id}' in '{Folder}'; it may have been deleted meanwhile.");
    }

    private void WriteTo(string id, string sql, params (string Name, object? Value)[] parameters)
    {
        Get(id);
        database.Write(connection => RunDatabase.Execute(connection, sql, parameters));
    }

    private void AddRows(
        string id,
        string sql,
        IEnumerable<(object A, string B, string C, string D, double Value)> rows
    )
    {
        Get(id);
        (object A, string B, string C, string D, double Value)[] all = [.. rows]; // Nothing of the caller's runs under the lock.
        database.Write(connection =>
        {
            using var command = RunDatabase.Command(connection, sql, ("$run", id));
            SqliteParameter[] cells =
            [
                .. CellNames.Select(name => command.Parameters.AddWithValue(name, DBNull.Value)),
            ];
            foreach (var (a, b, c, d, value) in all)
            {
                (cells[0].Value, cells[1].Value, cells[2].Value, cells[3].Value) = (a, b, c, d);
                cells[4].Value = RunRows.Number(value) ?? DBNull.Value;
                command.ExecuteNonQuery();
            }
        });
    }

    private string PathOf(string id) => Path.Combine(Folder, "runs", id);
}
