namespace Plait.Relationships.Grouping;

/// <summary>Networks that together learn all tasks.</summary>
/// <param name="Networks">Their places in the table.</param>
/// <param name="Cost">In units.</param>
/// <param name="IsCheapest">Whether nothing cheaper learns all tasks, for certain.</param>
internal sealed record NetworkCover(IReadOnlyList<int> Networks, long Cost, bool IsCheapest);

/// <summary>Finds the cheapest networks that together learn all tasks, whatever the losses.</summary>
/// <remarks>
/// Set cover by depth-first branch and bound: the task that the fewest networks learn is covered in every way there is, those that add
/// most for their cost first. No cover can be cheaper than the sum, over the tasks still missing, of each task's least share in a network's cost.
/// </remarks>
internal sealed class CoverSearch
{
    private readonly PerformanceTable table;
    private readonly long[] costs;
    private readonly int[][] learning; // for each task, the networks that learn it

    private readonly Stack<int> taken = new();
    private int[] best = [];
    private long least = long.MaxValue;
    private long enough;
    private bool isCut;

    public CoverSearch(PerformanceTable table, long[] costs)
    {
        (this.table, this.costs) = (table, costs);
        learning =
        [
            .. Enumerable
                .Range(0, table.Tasks.Count)
                .Select(task =>
                    Enumerable.Range(0, costs.Length).Where(n => (table.Members(n) >> task & 1) == 1).ToArray()
                ),
        ];
    }

    /// <summary>Searches until a cover is as cheap as is enough, or nothing cheaper is left.</summary>
    public NetworkCover Find(long enough, Deadline deadline)
    {
        this.enough = enough;
        Cover(table.Everything, 0, deadline);
        return new NetworkCover(best, least, !isCut);
    }

    private void Cover(ulong missing, long cost, Deadline deadline)
    {
        if (missing == 0)
        {
            (least, best) = (cost, [.. taken]);
            return;
        }

        // The first cover is found whatever the time.
        isCut = isCut || (least < long.MaxValue && (least <= enough || deadline.HasPassed()));
        if (isCut)
        {
            return;
        }

        var hardest = Bits(missing).MinBy(task => learning[task].Length);
        foreach (var n in learning[hardest].OrderBy(n => (double)costs[n] / Adds(n, missing)))
        {
            var left = missing & ~table.Members(n);
            if (cost + costs[n] + Least(left) < least)
            {
                taken.Push(n);
                Cover(left, cost + costs[n], deadline);
                taken.Pop();
            }
        }
    }

    private long Least(ulong missing) =>
        (long)
            Math.Ceiling(Bits(missing).Sum(task => learning[task].Min(n => (double)costs[n] / Adds(n, missing))) - 0.5);

    private int Adds(int network, ulong missing) =>
        System.Numerics.BitOperations.PopCount(table.Members(network) & missing);

    private static IEnumerable<int> Bits(ulong set)
    {
        for (; set != 0; set &= set - 1)
        {
            yield return System.Numerics.BitOperations.TrailingZeroCount(set);
        }
    }
}
