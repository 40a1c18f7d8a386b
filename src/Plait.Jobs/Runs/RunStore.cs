using Microsoft.Data.Sqlite;

namespace Plait.Jobs.Runs;

/// <summary>Keeps runs, their numbers and their results in one folder: <c>plait.db</c>, and <c>runs/ID/</c> for checkpoints.</summary>
/// <remarks>
/// Several threads and several processes may use one store at once: every call is one short transaction, and waits for
/// those of others. A run whose process is gone reads as interrupted, whatever it says of itself.
/// </remarks>
public sealed class RunStore : IDisposable
{
    /// <summary>Finds the newest run that is not part of another.</summary>
    public const string Last = "last";

    private const int SqliteConstraint = 19;
    private const string OfId = "WHERE id = $id";
    private const string OfParent = "WHERE parent = $parent ORDER BY created, rowid";

    private readonly RunDatabase database;
    private readonly RunFolders folders;
    private readonly TimeProvider time;

    private RunStore(string folder, RunDatabase database, TimeProvider time)
    {
        Folder = folder;
        folders = new(folder);
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

        return new(folder, RunDatabase.Open(FileIn(folder)), time ?? TimeProvider.System);
    }

    /// <summary>Opens the store in a folder to read it, which may be one that this process may not write into; nothing is created.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <exception cref="RunStoreException">The folder holds no store, a newer one, or cannot be read.</exception>
    public static RunStore OpenToRead(string folder)
    {
        folder = Existing(folder);
        return new(folder, RunDatabase.OpenToRead(FileIn(folder)), TimeProvider.System);
    }

    /// <summary>Opens the store in a folder to change runs that are there; creates neither.</summary>
    /// <param name="folder">The folder's path.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="RunStoreException">The folder holds no store, a newer one, or cannot be written.</exception>
    public static RunStore OpenExisting(string folder, TimeProvider? time = null) => Open(Existing(folder), time);

    /// <summary>Whether a folder holds a store.</summary>
    /// <param name="folder">The folder's path.</param>
    public static bool IsIn(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return File.Exists(FileIn(folder));
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
                RunPlugins.Keep(folders.PathOf(run.Id));
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
    )
    {
        if (
            !database.Write(connection =>
                RunRows.Update(connection, id, status, time.GetUtcNow(), seconds, parameters, error)
            )
        )
        {
            throw NoRun(id);
        }
    }

    /// <summary>Takes a run over to go on with it: it is running, and this process its owner. Of several processes at once one succeeds.</summary>
    /// <returns>The run as it is now.</returns>
    /// <exception cref="RunStoreException">There is no such run, it is finished, or a process works on it.</exception>
    public RunRecord Claim(string id) =>
        database.Write(connection =>
        {
            var run = Get(connection, id);
            if (run.Status == RunStatus.Finished)
            {
                throw new RunStoreException($"Run {id} is finished; see it with: plait report {id}");
            }

            RequireIdle(run, "is resumed");
            RunRows.Update(connection, id, RunStatus.Running, time.GetUtcNow(), null, null, null);
            return Get(connection, id);
        });

    /// <summary>Keeps a run's result and says that it is finished, both or neither. This process becomes its owner.</summary>
    /// <param name="id">The run.</param>
    /// <param name="json">The result, one JSON document.</param>
    /// <param name="seconds">How long it has worked, in seconds.</param>
    /// <param name="parameters">How many parameters its networks have together.</param>
    /// <exception cref="RunStoreException">There is no such run.</exception>
    public void Finish(string id, string json, double seconds, long parameters)
    {
        ArgumentNullException.ThrowIfNull(json);
        database.Write(connection =>
        {
            Get(connection, id);
            SetResult(connection, id, json);
            RunRows.Update(connection, id, RunStatus.Finished, time.GetUtcNow(), seconds, parameters, null);
        });
    }

    /// <summary>Adds measurements, all or none; those already there for the same place are replaced.</summary>
    /// <exception cref="RunStoreException">There is no such run.</exception>
    public void AddMeasurements(string id, IEnumerable<Measurement> measurements) =>
        Add(id, RunNumbers.Cells(measurements), RunNumbers.AddMeasurements);

    /// <summary>Adds diagnostics, all or none; those already there for the same place are replaced.</summary>
    /// <exception cref="RunStoreException">There is no such run.</exception>
    public void AddDiagnostics(string id, IEnumerable<Diagnostic> diagnostics) =>
        Add(id, RunNumbers.Cells(diagnostics), RunNumbers.AddDiagnostics);

    /// <summary>Keeps a run's result; replaces an earlier one.</summary>
    /// <param name="id">The run.</param>
    /// <param name="json">One JSON document.</param>
    /// <exception cref="RunStoreException">There is no such run.</exception>
    public void SetResult(string id, string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        database.Write(connection =>
        {
            Get(connection, id);
            SetResult(connection, id, json);
        });
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

    /// <summary>The trainings of a comparison or an analysis, oldest first.</summary>
    public IReadOnlyList<RunRecord> Children(string parent) => RunRows.Select(database, OfParent, ("$parent", parent));

    /// <summary>A run's measurements by epoch, and within one as they were added.</summary>
    public IReadOnlyList<Measurement> Measurements(string id) => RunNumbers.Measurements(database, id);

    /// <summary>A run's diagnostics by step, and within one as they were added.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics(string id) => RunNumbers.Diagnostics(database, id);

    /// <summary>The folder for a run's checkpoints; made on first use.</summary>
    /// <exception cref="RunStoreException">There is no such run, or its id is none that a store gives.</exception>
    public string FolderOf(string id) => Directory.CreateDirectory(PathOf(id)).FullName;

    /// <summary>Where a run's folder is, whether it has been made or not.</summary>
    /// <exception cref="RunStoreException">There is no such run, or its id is none that a store gives.</exception>
    public string PathOf(string id) => folders.PathOf(Get(id).Id);

    /// <summary>The files of the plugins that were loaded when a run was created, as full paths; see <see cref="Plait.Catalogue.Plugins"/>.</summary>
    /// <exception cref="RunStoreException">There is no such run, or what the store says is no list of files.</exception>
    public IReadOnlyList<string> Plugins(string id) => RunPlugins.Read(PathOf(id));

    /// <summary>Deletes a run, its children, their numbers and their folders.</summary>
    /// <exception cref="RunStoreException">There is no such run, or a process still works on it.</exception>
    public void Delete(string id)
    {
        RunFolders.Delete(
            database.Write(connection =>
            {
                RunRecord[] doomed = [Get(connection, id), .. Children(connection, id)];
                foreach (var run in doomed)
                {
                    RequireIdle(run, "is deleted");
                }

                string[] paths = [.. doomed.Select(run => folders.PathOf(run.Id))];
                RunDatabase.Execute(connection, "DELETE FROM runs WHERE id = $id", ("$id", id));
                return paths;
            })
        );
    }

    /// <summary>Closes the store's file.</summary>
    public void Dispose() => database.Dispose();

    /// <summary>Adds a run as it is, whoever owns it.</summary>
    internal void Insert(RunRecord run) => database.Write(connection => RunRows.Insert(connection, run));

    private static string Existing(string folder) =>
        IsIn(folder)
            ? Path.GetFullPath(folder)
            : throw new RunStoreException(
                $"There is no run store in '{Path.GetFullPath(folder)}', so it has no runs yet; name the folder of one with --store, or begin one with: plait compare"
            );

    private static string FileIn(string folder) => Path.Combine(folder, "plait.db");

    private static void RequireIdle(RunRecord run, string before)
    {
        if (run.Status == RunStatus.Running)
        {
            throw new RunStoreException(
                $"Run {run.Id} is running in process {run.Owner.Id} on {run.Owner.Host}; stop it before it {before}."
            );
        }
    }

    private static IReadOnlyList<RunRecord> Children(SqliteConnection connection, string parent) =>
        RunRows.Select(connection, OfParent, ("$parent", parent));

    private static void SetResult(SqliteConnection connection, string id, string json) =>
        RunDatabase.Execute(
            connection,
            "INSERT INTO results (run, json) VALUES ($run, $json) ON CONFLICT DO UPDATE SET json = excluded.json",
            ("$run", id),
            ("$json", json)
        );

    private RunRecord Get(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return RunRows.Select(database, OfId, ("$id", id)) is [var run] ? run : throw NoRun(id);
    }

    private RunRecord Get(SqliteConnection connection, string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return RunRows.Select(connection, OfId, ("$id", id)) is [var run] ? run : throw NoRun(id);
    }

    private RunStoreException NoRun(string id) =>
        new($"There is no run '{id}' in '{Folder}'; it may have been deleted meanwhile.");

    private void Add(string id, NumberCells[] rows, string sql) =>
        database.Write(connection =>
        {
            Get(connection, id);
            RunNumbers.Add(connection, id, rows, sql);
        });
}
