using System.Globalization;
using Plait.Tabular;

namespace Plait.Relationships.Tables;

/// <summary>A row of a table of networks as it stands.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Cost">Above 0.</param>
/// <param name="Tasks">The tasks that it names; null where no column does.</param>
/// <param name="Cells">All cells: a number, or NaN for an empty one. Those that are not losses are NaN too.</param>
internal sealed record NetworkRow(int Line, double Cost, string[]? Tasks, double[] Cells)
{
    private static readonly char[] Separators = ['|', ';'];

    public static NetworkRow Read(CsvRows rows, int cost, int members)
    {
        var cells = new double[rows.Header.Length];
        for (var field = 0; field < cells.Length; field++)
        {
            cells[field] = field == members || rows[field].IsEmpty ? double.NaN : Number(rows, field);
        }

        if (double.IsNaN(cells[cost]) || cells[cost] <= 0)
        {
            throw rows.Error(
                cost,
                $"{TableException.Quote(rows[cost])} is no cost; write a number above 0, such as 1 for a network of standard size."
            );
        }

        var price = cells[cost];
        cells[cost] = double.NaN;
        return new NetworkRow(rows.Line, price, members < 0 ? null : Names(rows, members), cells);
    }

    private static string[] Names(CsvRows rows, int field)
    {
        var names = rows[field]
            .ToString()
            .Split(Separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
        {
            throw rows.Error(field, "the network has no task; name its tasks, separated by bars, as in a|b.");
        }

        return names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw rows.Error(field, $"'{twice.Key}' is named {twice.Count()} times; name each task once.")
            : names;
    }

    private static double Number(CsvRows rows, int field) =>
        double.TryParse(rows[field], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? value
            : throw rows.Error(
                field,
                $"{TableException.Quote(rows[field])} is not a finite number; write one, with a decimal point, or leave the cell empty if the network does not have the task."
            );
}
