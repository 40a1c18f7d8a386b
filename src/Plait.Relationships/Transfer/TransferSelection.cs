using System.Numerics;

namespace Plait.Relationships.Transfer;

/// <summary>Solves the binary program of a taxonomy exactly.</summary>
/// <remarks>
/// Branch and bound over the sources. A transfer's gain over what a target already has is divided evenly among the sources that it
/// still needs; a source is then credited, for each target, with its largest such share, and the undecided sources can gain
/// no more than the best of them by credit fill the rest of the budget (with a fraction of the last). This bound holds for
/// transfers of any order, since a policy's gain is a sum of whole transfers. Branching on the source of most credit for its price
/// makes the first policy the greedy one. Totals that agree to twelve digits count as equal: the policy of lowest cost
/// wins, then of fewest sources, then the one whose sources come first in the alphabet.
/// </remarks>
public static class TransferSelection
{
    /// <summary>More sources than this cannot be searched; a solver of integer programs can.</summary>
    public const int MostSources = 64;

    private const double Same = 1e-12;

    /// <summary>Finds the best policy.</summary>
    /// <param name="program">What to decide, with no more sources than <see cref="MostSources"/>.</param>
    /// <param name="cancel">Ends the search with an exception.</param>
    /// <exception cref="NotSupportedException">There are more sources.</exception>
    public static TransferPolicy Solve(TransferProgram program, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (program.Sources.Count > MostSources)
        {
            throw new NotSupportedException(
                $"The exact search takes {MostSources} sources; these are {program.Sources.Count}. Use SCIP, or fewer sources."
            );
        }

        var search = new Search(program, cancel);
        var all = program.Sources.Count == 64 ? ulong.MaxValue : (1UL << program.Sources.Count) - 1;
        search.Visit(0, all, 0);
        return program.Serve(Members(search.Best));
    }

    private static IEnumerable<int> Members(ulong set)
    {
        for (; set != 0; set &= set - 1)
        {
            yield return BitOperations.TrailingZeroCount(set);
        }
    }

    private readonly record struct Edge(ulong Sources, double Worth);

    private sealed class Search
    {
        private readonly TransferProgram program;
        private readonly CancellationToken cancel;
        private readonly Edge[][] edges;
        private readonly double[] costs;
        private double bestTotal = -1; // No total is negative.
        private double bestCost;

        public Search(TransferProgram program, CancellationToken cancel)
        {
            this.program = program;
            this.cancel = cancel;
            edges =
            [
                .. program.ByTarget.Select(candidates =>
                    candidates.Select(one => new Edge(SetOf(one.Sources), one.Worth)).ToArray()
                ),
            ];
            costs = [.. program.Costs];
        }

        public ulong Best { get; private set; }

        /// <summary>Looks at all choices that hold the chosen sources and any of the undecided ones.</summary>
        public void Visit(ulong chosen, ulong undecided, double cost)
        {
            var current = new double[edges.Length];
            var credit = new double[costs.Length];
            var largest = new double[costs.Length];
            var visited = false;
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                undecided = Affordable(undecided, cost);
                if (!visited)
                {
                    Consider(chosen, current);
                    visited = true;
                }

                var bound = Credit(chosen, undecided, cost, current, credit, largest);
                if (bound < bestTotal - Tolerance || (bound <= bestTotal + Tolerance && cost > bestCost))
                {
                    return;
                }

                var next = MostPromising(undecided, credit);
                if (next < 0)
                {
                    return;
                }

                undecided &= ~(1UL << next);
                Visit(chosen | (1UL << next), undecided, cost + costs[next]);
            }
        }

        private double Tolerance => Same * Math.Abs(bestTotal);

        private static ulong SetOf(IEnumerable<int> sources) =>
            sources.Aggregate(0UL, (set, source) => set | (1UL << source));

        private ulong Affordable(ulong undecided, double cost)
        {
            var left = undecided;
            for (var rest = undecided; rest != 0; rest &= rest - 1)
            {
                var source = BitOperations.TrailingZeroCount(rest);
                left = program.Affords(cost + costs[source]) ? left : left & ~(1UL << source);
            }

            return left;
        }

        /// <summary>Serves each target from the chosen sources, and keeps the choice if it is the best so far.</summary>
        private void Consider(ulong chosen, double[] current)
        {
            var (total, used) = (0.0, 0UL);
            for (var target = 0; target < edges.Length; target++)
            {
                current[target] = 0;
                foreach (var edge in edges[target])
                {
                    if ((edge.Sources & ~chosen) == 0)
                    {
                        current[target] = edge.Worth;
                        used |= edge.Sources;
                        break;
                    }
                }

                total += current[target];
            }

            var cost = Members(used).Sum(source => costs[source]);
            if (total > bestTotal + Tolerance || (total >= bestTotal - Tolerance && ComesFirst(used, cost)))
            {
                (bestTotal, bestCost, Best) = (total, cost, used);
            }
        }

        private bool ComesFirst(ulong used, double cost)
        {
            if (cost != bestCost)
            {
                return cost < bestCost;
            }

            var (count, bestCount) = (BitOperations.PopCount(used), BitOperations.PopCount(Best));
            var first = (used ^ Best) & (ulong)-(long)(used ^ Best); // the first source that only one of them has
            return count != bestCount ? count < bestCount : (used & first) != 0;
        }

        /// <summary>Credits every undecided source; returns what no choice of them can pass.</summary>
        private double Credit(
            ulong chosen,
            ulong undecided,
            double cost,
            double[] current,
            double[] credit,
            double[] largest
        )
        {
            Array.Clear(credit);
            var (had, reachable) = (0.0, 0.0);
            for (var target = 0; target < edges.Length; target++)
            {
                Array.Clear(largest);
                var have = current[target];
                var most = have;
                foreach (var edge in edges[target])
                {
                    if (edge.Worth <= have)
                    {
                        break;
                    }

                    var missing = edge.Sources & ~chosen;
                    if ((missing & ~undecided) != 0 || !program.Affords(cost + Members(missing).Sum(one => costs[one])))
                    {
                        continue;
                    }

                    most = Math.Max(most, edge.Worth);
                    var share = (edge.Worth - have) / BitOperations.PopCount(missing);
                    for (; missing != 0; missing &= missing - 1)
                    {
                        var source = BitOperations.TrailingZeroCount(missing);
                        largest[source] = Math.Max(largest[source], share);
                    }
                }

                for (var source = 0; source < credit.Length; source++)
                {
                    credit[source] += largest[source];
                }

                had += have;
                reachable += most;
            }

            return Math.Min(reachable, had + Fill(credit, program.Budget - cost));
        }

        /// <summary>The most credit that a rest of the budget buys, when a fraction of a source may be bought.</summary>
        private double Fill(double[] credit, double rest)
        {
            var gain = 0.0;
            foreach (
                var source in Enumerable
                    .Range(0, credit.Length)
                    .Where(source => credit[source] > 0)
                    .OrderByDescending(source => credit[source] / costs[source])
            )
            {
                if (costs[source] > 0 && costs[source] >= rest)
                {
                    // What rounding leaves of the budget may be a whole source.
                    return gain
                        + (
                            credit[source]
                            * (program.Affords(program.Budget - rest + costs[source]) ? 1 : rest / costs[source])
                        );
                }

                gain += credit[source];
                rest -= costs[source];
            }

            return gain;
        }

        private int MostPromising(ulong undecided, double[] credit)
        {
            var (best, most) = (-1, 0.0);
            foreach (var source in Members(undecided))
            {
                var promise = credit[source] / costs[source];
                if (credit[source] > 0 && promise > most)
                {
                    (best, most) = (source, promise);
                }
            }

            return best;
        }
    }
}
