using System.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>Bounds from above what any group of one size is worth at prices of tasks.</summary>
/// <remarks>
/// <para>
/// A group of s tasks is worth Σ over its served tasks j of (Σ_i Z_{i→j} - (s - 1) λ_j) / (s - 1); its other tasks only help. The pairs are taken apart as in
/// Caprara, Pisinger, Toth 1999, <i>Exact solution of the quadratic knapsack problem</i>: each task chooses its s - 1 partners
/// for itself, and the group are the s tasks that do best. That ignores that partners must choose each other, so a pair may pass any
/// amount τ_ij = -τ_ji from one to the other; the bound holds for every τ, and subgradient steps find a good one.
/// </para>
/// <para>
/// Where some tasks are decided, what they give to and get from each other and the open tasks is known; only pairs of open tasks are
/// taken apart. With all s decided the bound is what the group is worth.
/// </para>
/// </remarks>
internal sealed class SizeRelaxation
{
    private readonly AffinityScore score;
    private readonly int size;
    private readonly int count;
    private readonly double[] passed; // τ, tasks x tasks
    private readonly int[][] byGain; // for each task its partners, by Z + τ falling: whom it chooses when served
    private readonly int[][] byPassed; // by τ falling: whom it chooses when it only helps
    private readonly double[] best;
    private readonly int[] order;
    private readonly double[] keys;
    private readonly double[] changes;

    private double[] prices = [];

    public SizeRelaxation(AffinityScore score, int size)
    {
        (this.score, this.size, count) = (score, size, score.Count);
        passed = new double[count * count];
        changes = new double[count * count];
        byGain =
        [
            .. Enumerable
                .Range(0, count)
                .Select(task => Enumerable.Range(0, count).Where(other => other != task).ToArray()),
        ];
        byPassed = [.. byGain.Select(partners => (int[])partners.Clone())];
        (best, order, keys) = (new double[count], new int[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                passed[(i * count) + j] = i == j ? 0 : (score[j, i] - score[i, j]) / 2; // both get the mean
            }
        }
    }

    /// <summary>The bound for all groups of the size.</summary>
    public double Root { get; private set; }

    /// <summary>Puts the partners in order and bounds.</summary>
    public double Evaluate(double[] taskPrices)
    {
        prices = taskPrices;
        for (var task = 0; task < count; task++)
        {
            Sort(byGain[task], task, withAffinity: true);
            Sort(byPassed[task], task, withAffinity: false);
        }

        return Root = Bound(new PartialGroup(0, 0, ulong.MaxValue >> (64 - count)), out _);
    }

    /// <summary>One subgradient step of what is passed, from where <see cref="Evaluate"/> was last.</summary>
    /// <param name="served">Receives whether each task is taken, and served.</param>
    /// <param name="target">A worth that the bound will not fall below.</param>
    /// <param name="step">1 and below.</param>
    public void Step(Span<bool> served, double target, double step)
    {
        Taken(served);
        Array.Clear(changes);
        foreach (var task in order.AsSpan(0, size))
        {
            foreach (var other in (served[task] ? byGain[task] : byPassed[task]).AsSpan(0, size - 1))
            {
                changes[(task * count) + other] += 1;
                changes[(other * count) + task] -= 1;
            }
        }

        var length = changes.Sum(change => change * change) / 2;
        var stride = length == 0 ? 0 : step * Math.Max(0, Root - target) * (size - 1) / length;
        for (var i = 0; i < changes.Length && stride > 0; i++)
        {
            passed[i] -= stride * changes[i];
        }
    }

    /// <summary>Which tasks the bound takes and serves.</summary>
    public void Taken(Span<bool> served)
    {
        served.Clear();
        for (var task = 0; task < count; task++)
        {
            (keys[task], order[task]) = (-Math.Max(Served(task), Helping(task)), task);
        }

        Array.Sort(keys, order);
        foreach (var task in order.AsSpan(0, size))
        {
            served[task] = Served(task) >= Helping(task);
        }

        double Served(int task) =>
            Chosen(byGain[task], task, ulong.MaxValue, size - 1, withAffinity: true) - ((size - 1) * prices[task]);
        double Helping(int task) => Chosen(byPassed[task], task, ulong.MaxValue, size - 1, withAffinity: false);
    }

    /// <summary>What is passed, to come back to.</summary>
    public double[] Save() => (double[])passed.Clone();

    /// <summary>Goes back.</summary>
    public void Restore(double[] saved) => saved.CopyTo(passed, 0);

    /// <summary>The bound for groups of which some tasks are decided.</summary>
    /// <param name="group">What is decided.</param>
    /// <param name="next">The open task that promises most; -1 where none is open or none is needed.</param>
    public double Bound(PartialGroup group, out int next)
    {
        next = -1;
        var taken = group.Served | group.Helping;
        var wanted = size - BitOperations.PopCount(taken);
        if (BitOperations.PopCount(group.Open) < wanted)
        {
            return double.NegativeInfinity;
        }

        var sum = 0.0;
        for (var tasks = group.Served; tasks != 0; tasks &= tasks - 1)
        {
            var task = BitOperations.TrailingZeroCount(tasks);
            sum += score.Sum(task, taken) - ((size - 1) * prices[task]);
        }

        if (wanted == 0)
        {
            return sum / (size - 1);
        }

        var (open, most) = (0, double.NegativeInfinity);
        for (var tasks = group.Open; tasks != 0; tasks &= tasks - 1)
        {
            var task = BitOperations.TrailingZeroCount(tasks);
            var value = Given(task, group.Served) + Alternatives(task, taken, group.Open, wanted - 1);
            best[open++] = value;
            (next, most) = value > most ? (task, value) : (next, most);
        }

        Array.Sort(best, 0, open);
        for (var i = open - wanted; i < open; i++)
        {
            sum += best[i];
        }

        return sum / (size - 1);
    }

    private double Alternatives(int task, ulong taken, ulong open, int partners) =>
        Math.Max(
            score.Sum(task, taken)
                - ((size - 1) * prices[task])
                + Chosen(byGain[task], task, open, partners, withAffinity: true),
            Chosen(byPassed[task], task, open, partners, withAffinity: false)
        );

    /// <summary>What the served tasks gain from a task.</summary>
    private double Given(int task, ulong served)
    {
        var sum = 0.0;
        for (; served != 0; served &= served - 1)
        {
            sum += score[BitOperations.TrailingZeroCount(served), task];
        }

        return sum;
    }

    private double Chosen(int[] partners, int task, ulong open, int wanted, bool withAffinity)
    {
        var sum = 0.0;
        for (var i = 0; i < partners.Length && wanted > 0; i++)
        {
            var other = partners[i];
            if ((open >> other & 1) == 1)
            {
                sum += passed[(task * count) + other] + (withAffinity ? score[task, other] : 0);
                wanted--;
            }
        }

        return sum;
    }

    private void Sort(int[] partners, int task, bool withAffinity)
    {
        for (var i = 0; i < partners.Length; i++)
        {
            keys[i] = -passed[(task * count) + partners[i]] - (withAffinity ? score[task, partners[i]] : 0);
        }

        Array.Sort(keys, partners, 0, partners.Length);
    }
}

/// <summary>A group of which some tasks are decided; what is in none of the sets is not in the group.</summary>
/// <param name="Served">Tasks of the group that it serves.</param>
/// <param name="Helping">Tasks of the group that others serve.</param>
/// <param name="Open">Tasks that may still join.</param>
internal readonly record struct PartialGroup(ulong Served, ulong Helping, ulong Open)
{
    /// <summary>The three ways to decide a task.</summary>
    public (PartialGroup Serving, PartialGroup Helped, PartialGroup Without) Decide(int task)
    {
        var (bit, open) = (1ul << task, Open & ~(1ul << task));
        return (new(Served | bit, Helping, open), new(Served, Helping | bit, open), new(Served, Helping, open));
    }
}
