using Microsoft.Data.Sqlite;

namespace Plait.Jobs.Runs;

/// <summary>Turns measurements and diagnostics into rows of the database and back.</summary>
internal static class RunNumbers
{
    /// <summary>Adds a measurement, or replaces the one of its place.</summary>
    public const string AddMeasurements = """
        INSERT INTO measurements (run, epoch, split, task, metric, value) VALUES ($run, $a, $b, $c, $d, $value)
        ON CONFLICT DO UPDATE SET value = excluded.value
        """;

    /// <summary>Adds a diagnostic, or replaces the one of its place.</summary>
    public const string AddDiagnostics = """
        INSERT INTO diagnostics (run, step, kind, task, other_task, value) VALUES ($run, $a, $b, $c, $d, $value)
        ON CONFLICT DO UPDATE SET value = excluded.value
        """;

    private static readonly string[] CellNames = ["$a", "$b", "$c", "$d", "$value"];

    public static NumberCells[] Cells(IEnumerable<Measurement> measurements) =>
        [
            .. measurements.Select(row => new NumberCells(
                row.Epoch,
                RunRows.Text(row.Split),
                row.Task,
                row.Metric,
                row.Value
            )),
        ];

    public static NumberCells[] Cells(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.Select(row => new NumberCells(row.Step, row.Kind, row.Task, row.OtherTask ?? "", row.Value))];

    /// <summary>Runs one of the statements above for each row.</summary>
    public static void Add(SqliteConnection connection, string run, NumberCells[] rows, string sql)
    {
        using var command = RunDatabase.Command(connection, sql, ("$run", run));
        SqliteParameter[] cells = [.. CellNames.Select(name => command.Parameters.AddWithValue(name, DBNull.Value))];
        foreach (var (place, b, c, d, value) in rows)
        {
            (cells[0].Value, cells[1].Value, cells[2].Value, cells[3].Value) = (place, b, c, d);
            cells[4].Value = RunRows.Number(value) ?? DBNull.Value;
            command.ExecuteNonQuery();
        }
    }

    public static IReadOnlyList<Measurement> Measurements(RunDatabase database, string run) =>
        database.Read(
            "SELECT epoch, split, task, metric, value FROM measurements WHERE run = $run ORDER BY epoch, rowid",
            row => new Measurement(
                row.GetInt32(0),
                RunRows.Value<DataSplit>(row, 1),
                row.GetString(2),
                row.GetString(3),
                RunRows.Number(row, 4)
            ),
            ("$run", run)
        );

    public static IReadOnlyList<Diagnostic> Diagnostics(RunDatabase database, string run) =>
        database.Read(
            "SELECT step, kind, task, other_task, value FROM diagnostics WHERE run = $run ORDER BY step, rowid",
            row => new Diagnostic(
                row.GetInt64(0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3) is { Length: > 0 } other ? other : null,
                RunRows.Number(row, 4)
            ),
            ("$run", run)
        );
}

/// <summary>A row of numbers as the statements of <see cref="RunNumbers"/> name its cells.</summary>
internal sealed record NumberCells(long Place, string B, string C, string D, double Value);
