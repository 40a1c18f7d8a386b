namespace Plait.Relationships.Grouping;

/// <summary>Divides a few tasks into blocks, each served by one network, so that a budget is kept and the total is least.</summary>
/// <remarks>
/// A choice of networks serves each task by one of them, hence divides the tasks into blocks; and what a block adds to the total depends on its
/// own network alone. So the best division of a set is its best first block, the one with the set's lowest task, and the best
/// division of the rest: a dynamic program over all sets, of 3^T steps for T tasks whatever the losses are. A set keeps, for each cost
/// that buys something, the least total (Nemhauser and Ullmann 1969, <i>Discrete dynamic programming and capital allocation</i>).
/// </remarks>
internal sealed class PartitionProgram
{
    /// <summary>Beyond this many tasks a search is better.</summary>
    public const int MostTasks = 15;

    private readonly List<Choice>[] choices;
    private readonly long budget;
    private readonly double tolerance;

    /// <param name="tasks">How many, at most <see cref="MostTasks"/>.</param>
    /// <param name="budget">What all networks may cost together.</param>
    /// <param name="tolerance">What a dearer choice must gain to be worth it: what rounding could make.</param>
    public PartitionProgram(int tasks, long budget, double tolerance)
    {
        choices = new List<Choice>[1 << tasks];
        (this.budget, this.tolerance) = (budget, tolerance);
    }

    /// <summary>Offers a network for the tasks of a block. Of equal offers the first counts.</summary>
    public void Offer(int block, long cost, double total, int network)
    {
        if (cost <= budget)
        {
            Insert(choices[block] ??= [], new Choice(cost, total, network));
        }
    }

    /// <summary>Finds the division with the least total, and among these the cheapest.</summary>
    /// <returns>Blocks and their networks; null where no division keeps the budget, or time ran out.</returns>
    public List<(int Block, int Network)>? Solve(Deadline deadline)
    {
        var full = choices.Length - 1;
        var best = new List<Division>[choices.Length];
        best[0] = [new Division(0, 0, 0, 0, 0)];
        // The first block takes the lowest task, so all other sets that matter lack it.
        foreach (var set in Enumerable.Range(1, full / 2).Select(half => half * 2).Append(full))
        {
            if (deadline.HasPassed())
            {
                return null;
            }

            best[set] = BestOf(set, best);
        }

        return best[full].Count == 0 ? null : Blocks(best, full);
    }

    private List<Division> BestOf(int set, List<Division>[] best)
    {
        var found = new List<Division>();
        var lowest = set & -set;
        var others = set ^ lowest;
        for (var more = others; ; more = (more - 1) & others)
        {
            var block = more | lowest;
            foreach (var choice in choices[block] ?? [])
            {
                var rests = best[set ^ block];
                for (var rest = 0; rest < rests.Count && rests[rest].Cost + choice.Cost <= budget; rest++)
                {
                    var total = rests[rest].Total + choice.Total;
                    Insert(found, new Division(rests[rest].Cost + choice.Cost, total, block, choice.Network, rest));
                }
            }

            if (more == 0)
            {
                return found;
            }
        }
    }

    private static List<(int Block, int Network)> Blocks(List<Division>[] best, int full)
    {
        var blocks = new List<(int, int)>();
        var (set, place) = (full, best[full].Count - 1);
        while (set != 0)
        {
            var division = best[set][place];
            blocks.Add((division.Block, division.Network));
            (set, place) = (set ^ division.Block, division.Rest);
        }

        return blocks;
    }

    /// <summary>Keeps a list in which whatever costs more has a lower total.</summary>
    private void Insert<T>(List<T> list, T item)
        where T : struct, IOffer
    {
        var after = list.Count;
        while (after > 0 && list[after - 1].Cost > item.Cost)
        {
            after--;
        }

        if (after > 0 && list[after - 1].Total <= item.Total + tolerance)
        {
            return;
        }

        var start = after > 0 && list[after - 1].Cost == item.Cost ? after - 1 : after;
        while (after < list.Count && list[after].Total >= item.Total - tolerance)
        {
            after++;
        }

        list.RemoveRange(start, after - start);
        list.Insert(start, item);
    }

    private interface IOffer
    {
        long Cost { get; }

        double Total { get; }
    }

    private readonly record struct Choice(long Cost, double Total, int Network) : IOffer;

    /// <param name="Cost">Of all blocks.</param>
    /// <param name="Total">Of all blocks.</param>
    /// <param name="Block">The first block.</param>
    /// <param name="Network">Its network.</param>
    /// <param name="Rest">The place of the division of the other tasks.</param>
    private readonly record struct Division(long Cost, double Total, int Block, int Network, int Rest) : IOffer;
}
