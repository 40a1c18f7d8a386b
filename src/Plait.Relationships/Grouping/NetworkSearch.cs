namespace Plait.Relationships.Grouping;

/// <summary>Chooses networks within a budget by branch and bound, for any number of tasks.</summary>
/// <remarks>
/// <para>
/// A branch decides of one network after the other that it is chosen or not, as in Standley et al. 2020, algorithm 1; the bound is
/// <see cref="NetworkRelaxation"/>'s. The network decided next is the one that the relaxed choice gains most from, and choosing
/// it is tried first. A branch ends where the bound says that nothing better is in it, where a task cannot be learned any more, or where no
/// network within what is left of the budget lowers a loss.
/// </para>
/// <para>When the time is up, the least bound of all branches left open is a bound for the whole.</para>
/// </remarks>
internal sealed class NetworkSearch
{
    private const int RootRounds = 400;
    private const int BranchRounds = 25;

    private readonly PerformanceTable table;
    private readonly long[] costs;
    private readonly long budget;
    private readonly double tolerance;
    private readonly NetworkDescent descent;
    private readonly NetworkRelaxation relaxation;
    private readonly List<int> chosen = [];

    private List<int> best = [];
    private double least;
    private double open = double.PositiveInfinity;

    public NetworkSearch(PerformanceTable table, long[] costs, long budget, double tolerance)
    {
        (this.table, this.costs, this.budget, this.tolerance) = (table, costs, budget, tolerance);
        descent = new NetworkDescent(table, costs, budget);
        relaxation = new NetworkRelaxation(table, costs);
    }

    /// <summary>Whether every branch came to its end.</summary>
    public bool IsComplete => double.IsPositiveInfinity(open);

    /// <summary>What no choice within the budget falls below.</summary>
    public double Bound => Math.Min(open, least);

    /// <summary>Searches.</summary>
    /// <param name="start">A choice within the budget that learns all tasks.</param>
    /// <param name="deadline">Ends the search with the best that was found.</param>
    public IReadOnlyList<int> Find(IReadOnlyList<int> start, Deadline deadline)
    {
        best = [.. start];
        least = descent.Improve(best, tolerance, deadline);
        Branch(relaxation.Start(best), budget, RootRounds, deadline);
        return best;
    }

    private void Branch(double[] prices, long left, int rounds, Deadline deadline)
    {
        var refused = new Stack<int>();
        for (; CanLearnAll(left); rounds = BranchRounds)
        {
            var bound = relaxation.Raise(prices, left, least - tolerance, rounds);
            if (bound >= least - tolerance)
            {
                break;
            }

            if (deadline.HasPassed())
            {
                open = Math.Min(open, bound);
                break;
            }

            Try(relaxation.Relaxed, deadline);
            if (Next(left) is not (>= 0 and var network))
            {
                break;
            }

            relaxation.State[network] = NetworkState.Chosen;
            chosen.Add(network);
            Branch([.. prices], left - costs[network], BranchRounds, deadline);
            chosen.RemoveAt(chosen.Count - 1);
            relaxation.State[network] = NetworkState.Refused;
            refused.Push(network);
        }

        while (refused.TryPop(out var network))
        {
            relaxation.State[network] = NetworkState.Open;
        }
    }

    /// <summary>Takes a relaxed choice for a real one, where it is one or becomes one by a few networks more.</summary>
    private void Try(IEnumerable<int> relaxed, Deadline deadline)
    {
        List<int> trial = [.. chosen, .. relaxed];
        var left = budget - trial.Sum(n => costs[n]);
        var missing = table.Everything & ~Learned(trial);
        while (missing != 0)
        {
            var added = Enumerable
                .Range(0, costs.Length)
                .Where(n => costs[n] <= left && (table.Members(n) & missing) != 0)
                .DefaultIfEmpty(-1)
                .MinBy(n =>
                    n < 0 ? 0 : (double)costs[n] / System.Numerics.BitOperations.PopCount(table.Members(n) & missing)
                );
            if (added < 0)
            {
                return;
            }

            trial.Add(added);
            left -= costs[added];
            missing &= ~table.Members(added);
        }

        if (left >= 0 && descent.Total(trial) < least - tolerance)
        {
            least = descent.Improve(trial, tolerance, deadline);
            best = trial;
        }
    }

    private ulong Learned(IEnumerable<int> networks) => networks.Aggregate(0ul, (all, n) => all | table.Members(n));

    private bool CanLearnAll(long left)
    {
        var learned = Learned(chosen);
        for (var n = 0; n < costs.Length && learned != table.Everything; n++)
        {
            learned |= IsOpen(n, left) ? table.Members(n) : 0;
        }

        return learned == table.Everything;
    }

    private bool IsOpen(int network, long left) =>
        relaxation.State[network] == NetworkState.Open && costs[network] <= left;

    /// <summary>The network that the relaxed choice gains most from; else the one that lowers the chosen ones' losses most; -1 where none does.</summary>
    private int Next(long left)
    {
        var candidates = Enumerable.Range(0, costs.Length).Where(n => IsOpen(n, left));
        var (next, gain) = (-1, 0.0);
        foreach (var n in candidates)
        {
            if (relaxation.Gains[n] < gain)
            {
                (next, gain) = (n, relaxation.Gains[n]);
            }
        }

        if (next >= 0)
        {
            return next;
        }

        var current = Enumerable
            .Range(0, table.Tasks.Count)
            .Select(task => chosen.Select(n => table[n, task]).DefaultIfEmpty(double.PositiveInfinity).Min())
            .ToArray();
        foreach (var n in candidates)
        {
            var lowered = Enumerable.Range(0, current.Length).Sum(task => Lowered(current[task], table[n, task]));
            if (lowered > gain)
            {
                (next, gain) = (n, lowered);
            }
        }

        return next;

        double Lowered(double from, double to) =>
            double.IsPositiveInfinity(to) ? 0
            : double.IsPositiveInfinity(from) ? double.MaxValue / 1e3
            : Math.Max(0, from - to);
    }
}
