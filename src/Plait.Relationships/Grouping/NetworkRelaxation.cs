namespace Plait.Relationships.Grouping;

/// <summary>What a branch has decided of a network.</summary>
internal enum NetworkState
{
    /// <summary>Nothing yet.</summary>
    Open,

    /// <summary>It is chosen.</summary>
    Chosen,

    /// <summary>It is not.</summary>
    Refused,
}

/// <summary>Bounds from below what a choice of networks can reach, and says which choice would come nearest.</summary>
/// <remarks>
/// <para>
/// Lagrangian relaxation: a task may be served by any number of networks, also none, but what is not served costs its price λ_t. A network
/// then gains Σ_t min(0, loss_t - λ_t) by itself, and what is left is a knapsack, of which the last network may be taken in part
/// (Dantzig 1957): Σ_t λ_t plus the gains is a bound at any prices (Erlenkotter 1978, <i>A dual-based procedure for uncapacitated
/// facility location</i>; Cornuejols, Fisher, Nemhauser 1977).
/// </para>
/// <para>Prices rise by subgradient steps of Polyak 1969 towards the best total known: up where a task is not served, down where it is served twice.</para>
/// </remarks>
internal sealed class NetworkRelaxation(PerformanceTable table, long[] costs)
{
    private const double FirstStep = 1.5;
    private const int PatienceRounds = 8;

    private readonly int count = table.Tasks.Count;
    private readonly double[] served = new double[table.Tasks.Count];

    /// <summary>What is decided of each network; the caller's to change.</summary>
    public NetworkState[] State { get; } = new NetworkState[costs.Length];

    /// <summary>What each network gains at the prices that gave the bound; 0 or less.</summary>
    public double[] Gains { get; } = new double[costs.Length];

    /// <summary>The networks, besides those chosen, that the bound takes whole.</summary>
    public List<int> Relaxed { get; } = [];

    /// <summary>Prices to begin with: what the tasks cost in a choice that is known.</summary>
    public double[] Start(IReadOnlyList<int> chosen) =>
        [.. Enumerable.Range(0, count).Select(task => chosen.Min(n => table[n, task]))];

    /// <summary>Raises the bound.</summary>
    /// <param name="prices">One a task; becomes those of the best bound.</param>
    /// <param name="left">The budget without the chosen networks.</param>
    /// <param name="enough">A bound that need not be passed.</param>
    /// <param name="rounds">How many steps at most.</param>
    public double Raise(double[] prices, long left, double enough, int rounds)
    {
        var best = double.NegativeInfinity;
        var (step, patience) = (FirstStep, PatienceRounds);
        var kept = (double[])prices.Clone();
        for (var round = 0; round < rounds; round++)
        {
            var bound = Evaluate(prices, left);
            if (bound > best)
            {
                best = bound;
                prices.CopyTo(kept, 0);
                patience = PatienceRounds;
            }
            else if (--patience == 0)
            {
                (step, patience) = (step / 2, PatienceRounds);
            }

            var length = served.Sum(times => (1 - times) * (1 - times));
            if (best >= enough || length == 0)
            {
                break;
            }

            // Where the best total is not above the bound by much, a step towards a little more than it.
            var stride = step * (Math.Max(enough - bound, 0) + 1e-9 * Math.Abs(enough)) / length;
            for (var task = 0; task < count; task++)
            {
                prices[task] += stride * (1 - served[task]);
            }
        }

        kept.CopyTo(prices, 0);
        return Math.Max(best, Evaluate(prices, left));
    }

    private double Evaluate(double[] prices, long left)
    {
        Array.Clear(served);
        Relaxed.Clear();
        var bound = prices.Sum();
        var wanted = new List<int>();
        for (var n = 0; n < costs.Length; n++)
        {
            var gain = Gain(n, prices);
            Gains[n] = State[n] == NetworkState.Refused ? 0 : gain;
            if (State[n] == NetworkState.Chosen)
            {
                bound += gain;
                Serve(n, prices, 1);
            }
            else if (State[n] == NetworkState.Open && gain < 0 && costs[n] <= left)
            {
                wanted.Add(n);
            }
        }

        wanted.Sort((a, b) => (Gains[a] / costs[a], a).CompareTo((Gains[b] / costs[b], b)));
        foreach (var n in wanted)
        {
            var share = Math.Min(1, (double)left / costs[n]);
            if (share <= 0)
            {
                break;
            }

            bound += share * Gains[n];
            Serve(n, prices, share);
            left -= Math.Min(left, costs[n]);
            if (share == 1)
            {
                Relaxed.Add(n);
            }
        }

        return bound;
    }

    private double Gain(int network, double[] prices)
    {
        var gain = 0.0;
        for (var task = 0; task < count; task++)
        {
            gain += Math.Min(0, table[network, task] - prices[task]);
        }

        return gain;
    }

    private void Serve(int network, double[] prices, double share)
    {
        for (var task = 0; task < count; task++)
        {
            served[task] += table[network, task] < prices[task] ? share : 0;
        }
    }
}
