using System.Globalization;
using Plait.Catalogue;
using Plait.Relationships.Grouping;
using Plait.Tabular;

namespace Plait.Relationships.Tables;

/// <summary>A table of networks whose losses may have been measured on several splits: validation, test, early in training.</summary>
public sealed class PerformanceSplits
{
    private const int MostTasksCounted = 20;

    private static readonly string[] WordsOfScores = ["acc", "accuracy", "auc", "f1", "r2", "iou", "miou", "score"];

    private readonly string file;
    private readonly LossColumns columns;
    private readonly IReadOnlyList<NetworkRow> rows;
    private readonly bool higherIsBetter;

    internal PerformanceSplits(string file, LossColumns columns, IReadOnlyList<NetworkRow> rows, bool higherIsBetter)
    {
        (this.file, this.columns, this.rows, this.higherIsBetter) = (file, columns, rows, higherIsBetter);
        RequireMembers();
    }

    /// <summary>The tasks, in the order of their columns.</summary>
    public IReadOnlyList<string> Tasks => columns.Tasks;

    /// <summary>The splits, in the order of their columns; one empty name where columns are named after tasks alone.</summary>
    public IReadOnlyList<string> Splits => columns.Splits;

    /// <summary>1 where losses are as they stand in the file, -1 where greater is better there.</summary>
    public double Sign => higherIsBetter ? -1 : 1;

    /// <summary>The losses on a split.</summary>
    /// <param name="split">One of <see cref="Splits"/>.</param>
    /// <param name="skipIncomplete">Whether networks of which a loss is missing are left out; else they are an error.</param>
    /// <exception cref="TableException">There is no such split, a network comes twice, or a loss is missing.</exception>
    public PerformanceTable Table(string split, bool skipIncomplete = false)
    {
        if (!Splits.Contains(split))
        {
            throw TableException.At(
                file,
                null,
                null,
                Splits is [LossColumns.NoSplit]
                    ? $"there is no split '{split}': columns are named after tasks alone, so there is one split and none to choose."
                    : $"there is no split '{split}'{NameSuggestion.Hint(split, Splits)}; the columns have {string.Join(", ", Splits.Where(name => name.Length > 0))}.",
                isRequest: true
            );
        }

        var networks = new List<CandidateNetwork>();
        var lines = new Dictionary<(string, double), int>();
        foreach (var row in rows)
        {
            string[] members = [.. MembersOf(row)];
            if (!lines.TryAdd((string.Join('|', members), row.Cost), row.Line))
            {
                throw TableException.At(
                    file,
                    row.Line,
                    null,
                    $"line {lines[(string.Join('|', members), row.Cost)]} has a network of the same tasks ({string.Join(", ", members)}) at the same cost; remove one of them."
                );
            }

            if (Losses(row, split, members, skipIncomplete) is { } losses)
            {
                networks.Add(new CandidateNetwork(members, losses, row.Cost));
            }
        }

        return new PerformanceTable(Tasks, networks);
    }

    /// <summary>Says that some sets of tasks are not in the table, where they are not; null where all are.</summary>
    /// <param name="table">The losses.</param>
    public string? MissingSets(PerformanceTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var all = (1L << Math.Min(Tasks.Count, MostTasksCounted)) - 1;
        return table.DistinctSets >= all ? null
            : Tasks.Count > MostTasksCounted
                ? $"only {table.DistinctSets} of all sets of {Tasks.Count} tasks are in the table; the answer is the best among those."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{all - table.DistinctSets} of {all} task sets are missing; the answer is the best among those in the table."
            );
    }

    /// <summary>What might be wrong with the losses of a split, one sentence each.</summary>
    /// <param name="split">Their split.</param>
    public IEnumerable<string> Doubts(string split)
    {
        if (!higherIsBetter && FirstNegative(split) is var (row, task))
        {
            yield return $"line {row.Line}: the loss of '{task}' is below 0; if greater is better in this table, add --higher-better.";
        }
        else if (!higherIsBetter && Tasks.FirstOrDefault(IsScore) is { } score)
        {
            yield return $"'{score}' sounds as if greater were better; if it is, add --higher-better.";
        }
    }

    private (NetworkRow Row, string Task)? FirstNegative(string split)
    {
        foreach (var row in rows)
        {
            foreach (var task in Tasks)
            {
                if (columns.Field(split, task) is >= 0 and var field && row.Cells[field] < 0)
                {
                    return (row, task);
                }
            }
        }

        return null;
    }

    private static bool IsScore(string task) =>
        task.Split('_', ' ', '-', '.').Any(word => WordsOfScores.Contains(word, StringComparer.OrdinalIgnoreCase));

    private double[]? Losses(NetworkRow row, string split, string[] members, bool skipIncomplete)
    {
        var losses = new double[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            var field = columns.Field(split, members[i]);
            losses[i] = field < 0 ? double.NaN : Sign * row.Cells[field];
            if (!double.IsNaN(losses[i]))
            {
                continue;
            }

            if (skipIncomplete)
            {
                return null;
            }

            throw TableException.At(
                file,
                row.Line,
                field < 0 ? Column(split, members[i]) : columns.Names[field],
                $"the network learns '{members[i]}' but its loss is missing; fill it in, or remove the row."
            );
        }

        return losses;
    }

    /// <summary>The tasks of a row, in the order of columns.</summary>
    private IEnumerable<string> MembersOf(NetworkRow row) =>
        Tasks.Where(task =>
            row.Tasks?.Contains(task)
            ?? Splits.Any(split => columns.Field(split, task) is >= 0 and var field && !double.IsNaN(row.Cells[field]))
        );

    private void RequireMembers()
    {
        foreach (var row in rows)
        {
            var members = MembersOf(row).ToHashSet(StringComparer.Ordinal);
            if (members.Count == 0)
            {
                throw TableException.At(file, row.Line, null, "the network has no loss; fill in those of its tasks.");
            }

            foreach (var (split, task) in Splits.SelectMany(split => Tasks.Select(task => (split, task))))
            {
                var field = columns.Field(split, task);
                if (field >= 0 && !members.Contains(task) && !double.IsNaN(row.Cells[field]))
                {
                    throw TableException.At(
                        file,
                        row.Line,
                        columns.Names[field],
                        $"there is a loss of '{task}', which is none of the network's tasks ({string.Join(", ", members)}); empty the cell or add the task."
                    );
                }
            }
        }
    }

    private static string Column(string split, string task) => split.Length == 0 ? task : $"{split}_{task}";
}
