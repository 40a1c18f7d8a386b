namespace Plait.Relationships.Grouping;

/// <summary>Makes a choice of networks better by exchanging one network at a time, and adding what the budget still allows.</summary>
/// <param name="table">All networks.</param>
/// <param name="costs">In units.</param>
/// <param name="budget">In units.</param>
internal sealed class NetworkDescent(PerformanceTable table, long[] costs, long budget)
{
    private readonly int count = table.Tasks.Count;

    /// <summary>The sum of the tasks' least losses; infinite where a task is not learned.</summary>
    public double Total(IReadOnlyList<int> chosen)
    {
        var total = 0.0;
        for (var task = 0; task < count; task++)
        {
            total += Least(chosen, task, without: -1);
        }

        return total;
    }

    /// <summary>Goes on while an exchange or an addition lowers the total.</summary>
    /// <param name="chosen">A choice within the budget that learns all tasks; becomes the better one.</param>
    /// <param name="tolerance">What an exchange must gain.</param>
    /// <param name="deadline">Ends the descent with what there is.</param>
    /// <returns>Its total.</returns>
    public double Improve(List<int> chosen, double tolerance, Deadline deadline)
    {
        var total = Total(chosen);
        while (
            !deadline.HasPassed() && BestExchange(chosen) is var (removed, added, after) && after < total - tolerance
        )
        {
            if (removed >= 0)
            {
                chosen.RemoveAt(removed);
            }

            chosen.Add(added);
            total = after;
        }

        return total;
    }

    private (int Removed, int Added, double Total) BestExchange(List<int> chosen)
    {
        var best = (Removed: -1, Added: -1, Total: double.PositiveInfinity);
        var cost = chosen.Sum(n => costs[n]);
        var others = new double[count];
        for (var removed = -1; removed < chosen.Count; removed++)
        {
            for (var task = 0; task < count; task++)
            {
                others[task] = Least(chosen, task, removed);
            }

            var room = budget - cost + (removed < 0 ? 0 : costs[chosen[removed]]);
            for (var n = 0; n < costs.Length; n++)
            {
                var total = costs[n] <= room ? TotalWith(n, others) : double.PositiveInfinity;
                best = total < best.Total ? (removed, n, total) : best;
            }
        }

        return best;
    }

    private double TotalWith(int network, double[] others)
    {
        var total = 0.0;
        for (var task = 0; task < count; task++)
        {
            total += Math.Min(others[task], table[network, task]);
        }

        return total;
    }

    private double Least(IReadOnlyList<int> chosen, int task, int without)
    {
        var least = double.PositiveInfinity;
        for (var i = 0; i < chosen.Count; i++)
        {
            least = i == without ? least : Math.Min(least, table[chosen[i], task]);
        }

        return least;
    }
}
