using Plait.Catalogue;

namespace Plait.Relationships.Transfer;

/// <summary>The binary program of a taxonomy: choose sources within a budget so that their best transfers to all targets add up to the most.</summary>
/// <remarks>
/// Zamir et al. 2018, <i>Taskonomy</i>, section 3.4: an edge needs all its sources, a target takes one edge, the costs of the sources
/// stay within the budget. Once the sources are chosen each target takes its best edge, so that the sources are all there is
/// to decide. A task is never learned by transfer from itself; where own supervision is allowed, choosing it brings its own network
/// instead. A target that no chosen source serves goes without and adds nothing: the paper's equality has no solution, for example,
/// for one source which is a target too.
/// </remarks>
public sealed class TransferProgram
{
    /// <summary>Sets up the program.</summary>
    /// <param name="table">Affinities.</param>
    /// <param name="options">What may be supervised, at what price, and what matters.</param>
    /// <exception cref="ArgumentException">A name is not in the table or comes twice, a number is out of range, or a target has no transfer within the budget.</exception>
    public TransferProgram(TransferTable table, TransferOptions options)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        Require(options);
        var known = table.Sources.Union(table.Targets, StringComparer.Ordinal).ToArray();
        RequireKnown("importance", options.Importances.Keys, table.Targets);
        RequireKnown("cost", options.Costs.Keys, known);
        Budget = options.Budget;
        Targets = Chosen("target", options.Targets, table.Targets);
        var allowed = Chosen("source", options.Sources, known).ToHashSet(StringComparer.Ordinal);
        var usable = table
            .Transfers.Where(transfer => transfer.Order <= (options.MostSources ?? int.MaxValue))
            .Where(transfer => transfer.IsOwn ? options.OwnSupervision : IsTransfer(transfer))
            .Where(transfer => Targets.Contains(transfer.Target, StringComparer.Ordinal))
            .Select(transfer => (Transfer: transfer, Sources: transfer.IsOwn ? [transfer.Target] : transfer.Sources))
            .Where(pair => pair.Sources.All(allowed.Contains) && Affords(pair.Sources.Sum(CostOf)))
            .ToArray();
        Sources =
        [
            .. usable.SelectMany(pair => pair.Sources).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        Costs = [.. Sources.Select(CostOf)];
        var (targetAt, sourceAt) = (Places(Targets), Places(Sources));
        Candidates =
        [
            .. usable.Select(pair => new TransferCandidate(
                pair.Transfer,
                targetAt[pair.Transfer.Target],
                [.. pair.Sources.Select(source => sourceAt[source])],
                pair.Transfer.Value * options.Importances.GetValueOrDefault(pair.Transfer.Target, 1)
            )),
        ];
        ByTarget =
        [
            .. Targets.Select(
                (_, target) =>
                    (IReadOnlyList<TransferCandidate>)
                        [
                            .. Candidates
                                .Where(candidate => candidate.Target == target)
                                .OrderByDescending(candidate => candidate.Worth)
                                .ThenByDescending(candidate => candidate.Transfer.Value)
                                .ThenBy(candidate => candidate.Sources.Count),
                        ]
            ),
        ];
        RequireServable(options);

        double CostOf(string source) => options.Costs.GetValueOrDefault(source, 1);
    }

    /// <summary>The tasks to be learned.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>The tasks that may be supervised and are of use, in alphabetical order.</summary>
    public IReadOnlyList<string> Sources { get; }

    /// <summary>What each source costs.</summary>
    public IReadOnlyList<double> Costs { get; }

    /// <summary>What all chosen sources together may cost.</summary>
    public double Budget { get; }

    /// <summary>The transfers that a policy may use, in the table's order.</summary>
    public IReadOnlyList<TransferCandidate> Candidates { get; }

    /// <summary>The candidates of each target, best first; of equals those of fewer sources, then those that come first in the table.</summary>
    public IReadOnlyList<IReadOnlyList<TransferCandidate>> ByTarget { get; }

    /// <summary>Whether a cost is within the budget; what rounding adds to a sum does not count.</summary>
    /// <param name="cost">Of some sources.</param>
    public bool Affords(double cost) => cost <= Budget + (1e-9 * Math.Max(1, Budget));

    /// <summary>Serves each target as well as chosen sources allow, and drops the sources that then serve none.</summary>
    /// <param name="chosen">Places in <see cref="Sources"/>.</param>
    /// <param name="bound">What no policy within the budget can pass; null when this one is optimal.</param>
    public TransferPolicy Serve(IEnumerable<int> chosen, double? bound = null)
    {
        var supervised = chosen.ToHashSet();
        return Policy(
            ByTarget.Select(candidates => candidates.FirstOrDefault(one => one.Sources.All(supervised.Contains))),
            bound
        );
    }

    /// <summary>The policy of given transfers.</summary>
    /// <param name="served">One candidate a target, or null for a target that goes without.</param>
    /// <param name="bound">What no policy within the budget can pass; null when this one is optimal.</param>
    internal TransferPolicy Policy(IEnumerable<TransferCandidate?> served, double? bound)
    {
        TransferCandidate[] used = [.. served.OfType<TransferCandidate>()];
        int[] sources = [.. used.SelectMany(candidate => candidate.Sources).Distinct().Order()];
        var transfers = used.ToDictionary(one => one.Transfer.Target, one => one.Transfer, StringComparer.Ordinal);
        var total = used.Sum(candidate => candidate.Worth);
        return new TransferPolicy(
            [.. sources.Select(source => Sources[source])],
            transfers,
            [.. Targets.Where(target => !transfers.ContainsKey(target))],
            sources.Sum(source => Costs[source]),
            total,
            bound is null,
            bound ?? total
        );
    }

    private static bool IsTransfer(TaskTransfer transfer) =>
        !transfer.IsBaseline && !transfer.Sources.Contains(transfer.Target, StringComparer.Ordinal);

    private static Dictionary<string, int> Places(IReadOnlyList<string> names) =>
        names.Select((name, place) => (name, place)).ToDictionary(StringComparer.Ordinal);

    private static string[] Chosen(string role, IReadOnlyList<string>? wanted, IReadOnlyList<string> known)
    {
        if (wanted is null)
        {
            return [.. known];
        }

        RequireKnown(role, wanted, known);
        return
            wanted.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new ArgumentException($"The {role} '{twice.Key}' is named {twice.Count()} times; name it once.")
            : [.. wanted];
    }

    private static void RequireKnown(string role, IEnumerable<string> names, IReadOnlyList<string> known)
    {
        if (names.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw new ArgumentException(
                NameSuggestion.Name(unknown, known) is { } near
                    ? $"The table has no task '{unknown}' for the {role}; did you mean '{near}'?"
                    : $"The table has no task '{unknown}' for the {role}; its tasks are {string.Join(", ", known)}."
            );
        }
    }

    private static void Require(TransferOptions options)
    {
        if (!double.IsFinite(options.Budget) || options.Budget <= 0)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"A budget of {options.Budget} buys no source; it must be above 0.")
            );
        }

        if (options.MostSources < 1)
        {
            throw new ArgumentException($"A transfer has one source at least; got a limit of {options.MostSources}.");
        }

        foreach (var (name, number) in options.Importances.Concat(options.Costs))
        {
            if (!double.IsFinite(number) || number < 0)
            {
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"The importance or cost of '{name}' is {number}; it must be finite and not negative."
                    )
                );
            }
        }
    }

    private void RequireServable(TransferOptions options)
    {
        for (var target = 0; target < Targets.Count; target++)
        {
            if (ByTarget[target].Count == 0)
            {
                var limit = options.MostSources is { } most ? $" of at most {most} sources" : "";
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"No transfer{limit} within a budget of {Budget} serves '{Targets[target]}'; raise the budget or the order, allow more sources, or leave the target out."
                    )
                );
            }
        }
    }
}
