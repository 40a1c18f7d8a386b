namespace Plait.Relationships.Transfer;

/// <summary>Transfers and what each is worth: affinities, or rates of wins.</summary>
/// <remarks>The three words that are no tasks are those of the tables that Zamir et al. 2018 published with <i>Taskonomy</i>.</remarks>
public sealed class TransferTable
{
    /// <summary>In place of a source: the target's own network, trained on all its labels.</summary>
    public const string Own = "self";

    /// <summary>In place of a source: a representation that was never trained.</summary>
    public const string Random = "random";

    /// <summary>In place of a source: a network trained from scratch on as little data as a transfer.</summary>
    public const string Pixels = "pixels";

    private readonly Dictionary<string, TaskTransfer> byName = new(StringComparer.Ordinal);

    /// <summary>Wraps transfers.</summary>
    /// <param name="transfers">In any order; a target's sources are named once, in any order.</param>
    /// <exception cref="ArgumentException">A transfer comes twice, names a source twice or none, joins the own network to others, or has a value that is negative or not finite.</exception>
    public TransferTable(IEnumerable<TaskTransfer> transfers)
    {
        ArgumentNullException.ThrowIfNull(transfers);
        Transfers = [.. transfers];
        foreach (var transfer in Transfers)
        {
            if (Fault(transfer) is { } fault)
            {
                throw new ArgumentException(fault, nameof(transfers));
            }

            if (!byName.TryAdd(Key(transfer.Target, transfer.Sources), transfer))
            {
                throw new ArgumentException($"The transfer {transfer} comes twice; keep one.", nameof(transfers));
            }
        }

        Targets = [.. Transfers.Select(transfer => transfer.Target).Distinct(StringComparer.Ordinal)];
        Sources =
        [
            .. Transfers
                .SelectMany(transfer => transfer.Sources)
                .Where(source => !IsReserved(source))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>All transfers, as they were given.</summary>
    public IReadOnlyList<TaskTransfer> Transfers { get; }

    /// <summary>The tasks that are learned, in the order in which they first come.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>The tasks that are learned from, in the order in which they first come.</summary>
    public IReadOnlyList<string> Sources { get; }

    /// <summary>Whether a word stands in place of a source but is no task.</summary>
    public static bool IsReserved(string source) => source is Own or Random or Pixels;

    /// <summary>What is wrong with a transfer by itself, in a sentence; null when nothing is.</summary>
    /// <param name="transfer">Any.</param>
    public static string? Fault(TaskTransfer transfer)
    {
        ArgumentNullException.ThrowIfNull(transfer);
        if (string.IsNullOrWhiteSpace(transfer.Target) || IsReserved(transfer.Target))
        {
            return $"'{transfer.Target}' cannot be a target; name a task.";
        }

        if (transfer.Sources.Count == 0 || transfer.Sources.Any(string.IsNullOrWhiteSpace))
        {
            return $"A source of '{transfer.Target}' has no name; name one task or more, joined by +.";
        }

        if (transfer.Sources.Distinct(StringComparer.Ordinal).Count() < transfer.Order)
        {
            return $"The transfer {transfer} names a source twice; name each once.";
        }

        if (transfer.Order > 1 && transfer.Sources.Contains(Own, StringComparer.Ordinal))
        {
            return $"'{Own}' is the target's own network and stands alone as a source; the transfer {transfer} joins it to others.";
        }

        return double.IsFinite(transfer.Value) && transfer.Value >= 0
            ? null
            : FormattableString.Invariant(
                $"The transfer {transfer} is worth {transfer.Value}; affinities and rates of wins are finite and not negative, greater is better. Losses have to be compared first, by the analytic hierarchy process."
            );
    }

    /// <summary>What a transfer is worth; null where the table has none from exactly these sources.</summary>
    /// <param name="target">The task that is learned.</param>
    /// <param name="sources">The tasks it is learned from, in any order.</param>
    public double? Value(string target, params IEnumerable<string> sources) =>
        byName.TryGetValue(Key(target, sources), out var transfer) ? transfer.Value : null;

    /// <summary>The transfers from one source each.</summary>
    /// <param name="targets">The rows.</param>
    /// <param name="sources">The columns.</param>
    /// <returns>Targets x sources; NaN where the table has no such transfer.</returns>
    public double[,] FirstOrder(IReadOnlyList<string> targets, IReadOnlyList<string> sources)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(sources);
        var values = new double[targets.Count, sources.Count];
        for (var row = 0; row < targets.Count; row++)
        {
            for (var column = 0; column < sources.Count; column++)
            {
                values[row, column] = Value(targets[row], sources[column]) ?? double.NaN;
            }
        }

        return values;
    }

    private static string Key(string target, IEnumerable<string> sources) =>
        $"{target}\n{string.Join('\n', sources.Order(StringComparer.Ordinal))}";
}
