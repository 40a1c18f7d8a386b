using Plait.Tabular;

namespace Plait.Relationships.Tables;

/// <summary>Reads how well networks do at their tasks from a CSV file.</summary>
/// <remarks>
/// A row is a network. The column <c>cost</c> is there always. With a column <c>tasks</c> it names the network's tasks, separated by bars, as in
/// <c>depth|normals</c>, and losses stand in columns named after tasks, with the split before them where there are several: <c>val_depth</c>,
/// <c>test_depth</c>, <c>early_depth</c>. Without that column the filled cells say which tasks a network has.
/// </remarks>
public static class PerformanceTableReader
{
    /// <summary>Reads.</summary>
    /// <param name="path">A CSV file, gzipped or not.</param>
    /// <param name="higherIsBetter">Whether the cells are accuracies and the like; they become losses by their sign.</param>
    /// <exception cref="TableException">The file is no table of networks; says where and what to do.</exception>
    public static PerformanceSplits Read(string path, bool higherIsBetter = false)
    {
        using var rows = CsvRows.Open(path, delimiter: null);
        return Read(rows, higherIsBetter);
    }

    /// <summary>Reads from a text.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="higherIsBetter">Whether the cells are accuracies and the like; they become losses by their sign.</param>
    /// <exception cref="TableException">The text is no table of networks; says where and what to do.</exception>
    public static PerformanceSplits Read(TextReader text, string name, bool higherIsBetter = false)
    {
        using var rows = CsvRows.Open(text, name, delimiter: null);
        return Read(rows, higherIsBetter);
    }

    private static PerformanceSplits Read(CsvRows rows, bool higherIsBetter)
    {
        var cost = rows.IndexOf("cost", "what each network costs");
        var members = Array.IndexOf(rows.Header, "tasks");
        var networks = new List<NetworkRow>();
        while (rows.Read())
        {
            networks.Add(NetworkRow.Read(rows, cost, members));
        }

        if (networks.Count == 0)
        {
            throw TableException.At(rows.Name, null, null, "there is no network; write one a row below the header.");
        }

        var losses = Enumerable.Range(0, rows.Header.Length).Where(field => field != cost && field != members);
        var columns =
            members < 0
                ? LossColumns.OfFilledCells(rows, [.. losses])
                : LossColumns.OfNamedTasks(rows, [.. losses], networks);
        return new PerformanceSplits(rows.Name, columns, networks, higherIsBetter);
    }
}
