using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Plait.Jobs.Runs;

/// <summary>Turns runs into rows of the database and back.</summary>
internal static class RunRows
{
    private const string Columns =
        "id, kind, parent, name, benchmark, specification, status, created, updated, seconds, parameters, error, host, process, process_started, process_birth";

    /// <summary>Adds a run.</summary>
    public static void Insert(SqliteConnection connection, RunRecord run) =>
        RunDatabase.Execute(
            connection,
            $"""
            INSERT INTO runs ({Columns}) VALUES ($id, $kind, $parent, $name, $benchmark, $specification, $status, $created,
                $updated, $seconds, $parameters, $error, $host, $process, $process_started, $process_birth)
            """,
            [
                ("$id", run.Id),
                ("$kind", Text(run.Kind)),
                ("$parent", run.Parent),
                ("$name", run.Name),
                ("$benchmark", run.Benchmark),
                ("$specification", run.Specification),
                ("$status", Text(run.Status)),
                ("$created", Text(run.Created)),
                ("$updated", Text(run.Updated)),
                ("$seconds", run.Seconds),
                ("$parameters", run.Parameters),
                ("$error", run.Error),
                .. Of(run.Owner),
            ]
        );

    /// <summary>Says how far a run has come, and that this process is its owner; what is null stays as it was.</summary>
    /// <returns>Whether there is such a run.</returns>
    public static bool Update(
        SqliteConnection connection,
        string id,
        RunStatus status,
        DateTimeOffset now,
        double? seconds,
        long? parameters,
        string? error
    ) =>
        RunDatabase.Execute(
            connection,
            """
            UPDATE runs SET status = $status, updated = $updated, seconds = coalesce($seconds, seconds),
                parameters = coalesce($parameters, parameters), error = $error,
                host = $host, process = $process, process_started = $process_started, process_birth = $process_birth
            WHERE id = $id
            """,
            [
                ("$id", id),
                ("$status", Text(status)),
                ("$updated", Text(now)),
                ("$seconds", seconds),
                ("$parameters", parameters),
                ("$error", status == RunStatus.Failed ? error : null),
                .. Of(ProcessIdentity.Current),
            ]
        ) > 0;

    /// <summary>Runs that a condition selects.</summary>
    public static IReadOnlyList<RunRecord> Select(
        SqliteConnection connection,
        string condition,
        params (string Name, object? Value)[] parameters
    ) => RunDatabase.Read(connection, $"SELECT {Columns} FROM runs {condition}", Run, parameters);

    /// <summary>Runs that a condition selects.</summary>
    public static IReadOnlyList<RunRecord> Select(
        RunDatabase database,
        string condition,
        params (string Name, object? Value)[] parameters
    ) => database.Read($"SELECT {Columns} FROM runs {condition}", Run, parameters);

    /// <summary>An enumeration's value as the database keeps it.</summary>
    public static string Text<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>A time as the database keeps it: ISO 8601 in UTC, so that text order is time order.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>What <see cref="Text{T}"/> wrote.</summary>
    public static T Value<T>(SqliteDataReader row, int column)
        where T : struct, Enum => Enum.Parse<T>(row.GetString(column), ignoreCase: true);

    /// <summary>A number; NULL, which is how SQLite keeps NaN, is NaN.</summary>
    public static double Number(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? double.NaN : row.GetDouble(column);

    /// <summary>A number as a parameter.</summary>
    public static object? Number(double value) => double.IsNaN(value) ? null : value;

    private static RunRecord Run(SqliteDataReader row)
    {
        var owner = new ProcessIdentity(row.GetString(12), row.GetInt32(13), Time(row, 14))
        {
            Birth = row.IsDBNull(15) ? null : row.GetString(15),
        };
        var status = Value<RunStatus>(row, 6);
        return new(
            row.GetString(0),
            Value<RunKind>(row, 1),
            row.IsDBNull(2) ? null : row.GetString(2),
            row.GetString(3),
            row.GetString(4),
            row.GetString(5),
            status == RunStatus.Running && owner.IsGone() ? RunStatus.Interrupted : status,
            Time(row, 7),
            Time(row, 8),
            row.GetDouble(9),
            row.GetInt64(10),
            row.IsDBNull(11) ? null : row.GetString(11),
            owner
        );
    }

    private static (string Name, object? Value)[] Of(ProcessIdentity owner) =>
        [
            ("$host", owner.Host),
            ("$process", owner.Id),
            ("$process_started", Text(owner.Started)),
            ("$process_birth", owner.Birth),
        ];

    private static DateTimeOffset Time(SqliteDataReader row, int column) =>
        DateTimeOffset.Parse(row.GetString(column), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
