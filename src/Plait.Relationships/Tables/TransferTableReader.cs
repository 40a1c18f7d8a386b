using System.Globalization;
using Plait.Relationships.Transfer;
using Plait.Tabular;

namespace Plait.Relationships.Tables;

/// <summary>Reads transfers from a CSV file with the columns target, order, sources, value.</summary>
/// <remarks>
/// The layout of the tables published with <i>Taskonomy</i>: one transfer a line, its sources joined by +, the order their number. The
/// columns may come in any order, and others are passed over.
/// </remarks>
public static class TransferTableReader
{
    /// <summary>Reads a file; one whose bytes are gzip is unpacked.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TableException">The file is not there, lacks a column, or a line is wrong: a field is empty or no number, the order is not that of the sources, or the transfer stands on an earlier line.</exception>
    public static TransferTable Read(string path)
    {
        using var rows = CsvRows.Open(path, delimiter: null);
        return Read(rows);
    }

    /// <summary>Reads text.</summary>
    /// <param name="text">The table.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="TableException">As for a file.</exception>
    public static TransferTable Read(TextReader text, string name)
    {
        using var rows = CsvRows.Open(text, name, delimiter: null);
        return Read(rows);
    }

    private static TransferTable Read(CsvRows rows)
    {
        var target = rows.IndexOf("target", "the task that is learned");
        var order = rows.IndexOf("order", "the number of sources");
        var sources = rows.IndexOf("sources", "the tasks that are learned from, joined by +,");
        var value = rows.IndexOf("value", "the affinity or rate of wins");
        var transfers = new List<TaskTransfer>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (rows.Read())
        {
            var transfer = new TaskTransfer(
                rows[target].ToString(),
                rows[sources].ToString().Split('+', StringSplitOptions.TrimEntries),
                Number(rows, value)
            );
            if (TransferTable.Fault(transfer) is { } fault)
            {
                throw rows.Error(Place(transfer, target, sources, value), fault);
            }

            if (Whole(rows, order) != transfer.Order)
            {
                throw rows.Error(
                    order,
                    $"the order is {rows[order]} but {Count(transfer.Order)} named in 'sources' ({rows[sources]}); the order is the number of sources, which are joined by +."
                );
            }

            var key = $"{transfer.Target}\n{string.Join('\n', transfer.Sources.Order(StringComparer.Ordinal))}";
            if (!lines.TryAdd(key, rows.Line))
            {
                throw rows.Error(
                    sources,
                    $"the transfer {transfer} stands on line {lines[key]} already; remove one of the two."
                );
            }

            transfers.Add(transfer);
        }

        return transfers.Count > 0
            ? new TransferTable(transfers)
            : throw rows.Error(target, "no transfer follows the header; add one a line, such as depth,1,normals,0.31.");
    }

    private static double Number(CsvRows rows, int value) =>
        double.TryParse(rows[value], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : throw rows.Error(
                value,
                $"{(rows[value].IsEmpty ? "nothing" : $"'{rows[value]}'")} stands where a number is expected, such as 0.31; a transfer that was not tried has no line."
            );

    private static int Whole(CsvRows rows, int order) =>
        int.TryParse(rows[order], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw rows.Error(
                order,
                $"{(rows[order].IsEmpty ? "nothing" : $"'{rows[order]}'")} stands where the number of sources is expected, a whole number from 1."
            );

    private static int Place(TaskTransfer transfer, int target, int sources, int value) =>
        string.IsNullOrWhiteSpace(transfer.Target) || TransferTable.IsReserved(transfer.Target) ? target
        : transfer.Value < 0 ? value
        : sources;

    private static string Count(int sources) => sources == 1 ? "1 source is" : $"{sources} sources are";
}
