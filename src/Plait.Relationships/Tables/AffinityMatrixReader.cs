using System.Globalization;
using Plait.Tabular;

namespace Plait.Relationships.Tables;

/// <summary>Reads what tasks gain from each other from a CSV file.</summary>
/// <remarks>
/// The first column names the affected task, the other columns each the task that affects it; columns may come in another order than
/// rows. Commas, semicolons, tabs or bars stand between fields. A cell of the diagonal may be empty.
/// </remarks>
public static class AffinityMatrixReader
{
    /// <summary>Reads.</summary>
    /// <param name="path">A CSV file, gzipped or not.</param>
    /// <returns>The tasks in the order of the rows.</returns>
    /// <exception cref="TableException">The file is no square of numbers; says where and what to do.</exception>
    public static AffinityMatrix Read(string path)
    {
        using var rows = CsvRows.Open(path, delimiter: null);
        return Read(rows);
    }

    /// <summary>Reads from a text.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="TableException">The text is no square of numbers; says where and what to do.</exception>
    public static AffinityMatrix Read(TextReader text, string name)
    {
        using var rows = CsvRows.Open(text, name, delimiter: null);
        return Read(rows);
    }

    private static AffinityMatrix Read(CsvRows rows)
    {
        var columns = rows.Header[1..];
        if (columns.Length == 0 || columns.Any(name => name.Length == 0))
        {
            throw TableException.At(
                rows.Name,
                1,
                null,
                "every column after the first names a task; the header is: task, then the tasks' names."
            );
        }

        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var values = new Dictionary<(string Task, string By), double>();
        while (rows.Read())
        {
            var task = rows[0].ToString();
            if (!columns.Contains(task))
            {
                throw rows.Error(
                    0,
                    $"{TableException.Quote(task)} has a row but no column; {NearestName.Hint(task, columns)}"
                );
            }

            if (!lines.TryAdd(task, rows.Line))
            {
                throw rows.Error(0, $"'{task}' has a row on line {lines[task]} already; remove one of them.");
            }

            for (var column = 0; column < columns.Length; column++)
            {
                values[(task, columns[column])] = Value(rows, column + 1, mayBeMissing: columns[column] == task);
            }
        }

        if (columns.FirstOrDefault(name => !lines.ContainsKey(name)) is { } missing)
        {
            throw TableException.At(
                rows.Name,
                null,
                missing,
                $"the matrix is not square: '{missing}' has a column but no row; add the row of what '{missing}' gains, or remove the column."
            );
        }

        string[] tasks = [.. lines.OrderBy(line => line.Value).Select(line => line.Key)];
        return new AffinityMatrix(tasks, [.. tasks.SelectMany(task => tasks.Select(by => values[(task, by)]))]);
    }

    private static double Value(CsvRows rows, int field, bool mayBeMissing)
    {
        var text = rows[field];
        if (mayBeMissing && (text.IsEmpty || text.Equals("nan", StringComparison.OrdinalIgnoreCase)))
        {
            return double.NaN;
        }

        return
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            ? value
            : throw rows.Error(
                field,
                text.IsEmpty
                    ? "the affinity is missing; every task needs a number for every other task."
                    : $"{TableException.Quote(text)} is not a finite number; write one, with a decimal point."
            );
    }
}
