using Plait.Tabular;

namespace Plait.Relationships.Tables;

/// <summary>Which column of a table of networks holds which task's loss on which split.</summary>
internal sealed class LossColumns
{
    /// <summary>The name of the split where columns are named after tasks alone.</summary>
    public const string NoSplit = "";

    private static readonly string[] Prefixes = ["val_", "test_", "early_", "train_", "valid_", "validation_"];

    private readonly Dictionary<(string Split, string Task), int> fields = [];

    private LossColumns(CsvRows rows, int[] losses, Func<string, (string Split, string Task)?> divide)
    {
        foreach (var field in losses)
        {
            var name = rows.Header[field];
            if (divide(name) is not var (split, task))
            {
                throw TableException.At(
                    rows.Name,
                    1,
                    name,
                    "the column is neither the cost nor the loss of a task that a row names; name it after the task, as depth or val_depth, or remove it."
                );
            }

            fields.Add((split, task), field);
        }

        Names = rows.Header;
        Tasks = [.. fields.Keys.Select(key => key.Task).Distinct()];
        Splits = [.. fields.Keys.Select(key => key.Split).Distinct()];
    }

    /// <summary>The header.</summary>
    public string[] Names { get; }

    /// <summary>The tasks, in the order of their columns.</summary>
    public string[] Tasks { get; }

    /// <summary>The splits, in the order of their columns.</summary>
    public string[] Splits { get; }

    /// <summary>The column of a task's loss on a split; -1 where there is none.</summary>
    public int Field(string split, string task) => fields.TryGetValue((split, task), out var field) ? field : -1;

    /// <summary>Columns of a table whose rows do not name their tasks.</summary>
    public static LossColumns OfFilledCells(CsvRows rows, int[] losses)
    {
        if (losses.Length == 0)
        {
            throw TableException.At(rows.Name, 1, null, "there is no column of losses; add one a task.");
        }

        RequireNames(rows, losses);
        var haveSplits = losses.All(field => Prefix(rows.Header[field]) is not null);
        return new LossColumns(rows, losses, name => haveSplits ? Divide(name, Prefix(name)!) : (NoSplit, name));
    }

    /// <summary>Columns of a table whose rows name their tasks.</summary>
    public static LossColumns OfNamedTasks(CsvRows rows, int[] losses, IReadOnlyList<NetworkRow> networks)
    {
        RequireNames(rows, losses);
        var named = networks.SelectMany(network => network.Tasks!).ToHashSet(StringComparer.Ordinal);
        var columns = new LossColumns(rows, losses, Divide);
        foreach (var network in networks)
        {
            if (network.Tasks!.FirstOrDefault(task => !columns.Tasks.Contains(task)) is { } unknown)
            {
                throw TableException.At(
                    rows.Name,
                    network.Line,
                    "tasks",
                    $"no column holds the losses of '{unknown}'; {NearestName.Hint(unknown, columns.Tasks)}"
                );
            }
        }

        return columns;

        // The longest task that the column's name ends in; a task that no row names is one all the same.
        (string Split, string Task)? Divide(string name)
        {
            if (named.Contains(name))
            {
                return (NoSplit, name);
            }

            for (var at = name.IndexOf('_'); at > 0; at = name.IndexOf('_', at + 1))
            {
                if (named.Contains(name[(at + 1)..]))
                {
                    return (name[..at], name[(at + 1)..]);
                }
            }

            return null;
        }
    }

    private static void RequireNames(CsvRows rows, int[] losses)
    {
        foreach (var field in losses)
        {
            if (rows.Header[field].Length == 0)
            {
                throw TableException.At(rows.Name, 1, null, $"column {field + 1} has no name; name it after its task.");
            }
        }
    }

    private static string? Prefix(string name) =>
        Array.Find(
            Prefixes,
            prefix => name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length
        );

    private static (string Split, string Task) Divide(string name, string prefix) =>
        (prefix[..^1], name[prefix.Length..]);
}
