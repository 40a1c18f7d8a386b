using System.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>Groups worth choosing from, and the prices of tasks at which none of them is worth more than another.</summary>
/// <remarks>
/// The master problem of column generation (Dantzig and Wolfe 1960): at prices λ a group is worth Σ_j max(0, score_j - λ_j), and
/// Σ_j λ_j plus the number of groups times the greatest worth is least at the prices sought. They are found by subgradient steps towards
/// a total that is known (Polyak 1969), which lies below.
/// </remarks>
internal sealed class AffinityColumns(AffinityScore score, int groups)
{
    private const int StepsPerTask = 75;
    private const int Patience = 20;
    private const double Shrink = 0.7;

    private readonly List<(int[] Tasks, double[] Scores)> columns = [];
    private readonly HashSet<ulong> known = [];
    private readonly double[] scores = new double[score.Count];

    /// <summary>The groups.</summary>
    public IReadOnlyCollection<ulong> Known => known;

    /// <summary>Adds a group; false where it is known.</summary>
    public bool Add(ulong group)
    {
        if (group == 0 || !known.Add(group))
        {
            return false;
        }

        score.Of(group, scores);
        int[] tasks = [.. Enumerable.Range(0, score.Count).Where(task => (group >> task & 1) == 1)];
        columns.Add((tasks, [.. tasks.Select(task => scores[task])]));
        return true;
    }

    /// <summary>The greatest worth of a known group; 0 or more.</summary>
    public double Best(double[] prices) => Math.Max(0, columns.Max(column => Worth(column, prices)));

    /// <summary>Moves prices so that the bound over the known groups falls.</summary>
    /// <param name="prices">One a task.</param>
    /// <param name="total">A total that is known to be reached.</param>
    public void Settle(double[] prices, double total)
    {
        var best = (double[])prices.Clone();
        var (least, step, patience) = (double.PositiveInfinity, 1.0, Patience);
        var descent = new double[prices.Length];
        for (var round = 0; round < StepsPerTask * prices.Length; round++)
        {
            var column = columns.MaxBy(column => Worth(column, prices));
            var worth = Math.Max(0, Worth(column, prices));
            var bound = prices.Sum() + (groups * worth);
            if (bound < least)
            {
                prices.CopyTo(best, 0);
                (least, patience) = (bound, Patience);
            }
            else if (--patience == 0)
            {
                best.CopyTo(prices, 0);
                (step, patience) = (step * Shrink, Patience);
            }

            Array.Fill(descent, 1);
            for (var i = 0; i < column.Tasks.Length && worth > 0; i++)
            {
                descent[column.Tasks[i]] -= column.Scores[i] > prices[column.Tasks[i]] ? groups : 0;
            }

            var length = descent.Sum(d => d * d);
            if (length == 0)
            {
                break;
            }

            var stride = step * Math.Max(bound - total, 1e-9 * score.Scale) / length;
            for (var task = 0; task < prices.Length; task++)
            {
                prices[task] -= stride * descent[task];
            }
        }

        best.CopyTo(prices, 0);
    }

    /// <summary>A group that is worth more than its neighbours, which differ by one task or by an exchange.</summary>
    public ulong Climb(ulong group, double[] prices)
    {
        var worth = Worth(group, prices);
        while (true)
        {
            var (better, most) = (group, worth);
            for (var task = 0; task < score.Count; task++)
            {
                var changed = group ^ (1ul << task);
                Look(changed);
                for (var others = ~group & Everything; others != 0 && (group >> task & 1) == 1; others &= others - 1)
                {
                    Look(changed | (others & (~others + 1)));
                }
            }

            if (most <= worth + (1e-12 * score.Scale))
            {
                return group;
            }

            (group, worth) = (better, most);

            void Look(ulong neighbour)
            {
                var value = Worth(neighbour, prices);
                (better, most) = value > most ? (neighbour, value) : (better, most);
            }
        }
    }

    /// <summary>What a group is worth.</summary>
    public double Worth(ulong group, double[] prices)
    {
        var worth = 0.0;
        for (var tasks = group; tasks != 0; tasks &= tasks - 1)
        {
            var task = BitOperations.TrailingZeroCount(tasks);
            worth += Math.Max(0, score.Of(task, group) - prices[task]);
        }

        return worth;
    }

    private ulong Everything => ulong.MaxValue >> (64 - score.Count);

    private static double Worth((int[] Tasks, double[] Scores) column, double[] prices)
    {
        var worth = 0.0;
        for (var i = 0; i < column.Tasks.Length; i++)
        {
            worth += Math.Max(0, column.Scores[i] - prices[column.Tasks[i]]);
        }

        return worth;
    }
}
