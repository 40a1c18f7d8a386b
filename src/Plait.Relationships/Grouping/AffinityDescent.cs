using Plait.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>Finds good groups of many tasks by simulated annealing.</summary>
/// <remarks>
/// Kirkpatrick, Gelatt, Vecchi 1983, <i>Optimization by simulated annealing</i>. A move puts a task into a group or takes it out, moves it
/// to another group, or exchanges two tasks; temperatures fall geometrically to a share of <see cref="AffinityScore.Scale"/>, which tasks of
/// another scale do not move. Half of the starts begin at that scale and half at the affinities' standard deviation, which such tasks do move: the one
/// settles the many, the other the few. What each start comes to is improved by <see cref="AffinityClimb"/>.
/// </remarks>
/// <param name="score">What tasks score in groups.</param>
/// <param name="groups">The most groups there may be.</param>
/// <param name="seed">Decides what is drawn.</param>
internal sealed class AffinityDescent(AffinityScore score, int groups, long seed)
{
    private const int Starts = 8;
    private const int MovesPerTask = 7_500;
    private const int MovesBetweenLooks = 1 << 14;
    private const double FirstTemperature = 0.5; // of the standard deviation
    private const double FirstRobustTemperature = 0.25; // of the scale
    private const double LastTemperature = 1e-3;

    private readonly int count = score.Count;
    private readonly int moves = MovesPerTask * score.Count;
    private readonly double[][] scores = [.. Enumerable.Range(0, groups).Select(_ => new double[score.Count])];
    private readonly double[] firstTrial = new double[score.Count];
    private readonly double[] secondTrial = new double[score.Count];

    /// <summary>The total of the best groups.</summary>
    public double Total { get; private set; } = double.NegativeInfinity;

    /// <summary>The best groups of every start.</summary>
    public HashSet<ulong> Seen { get; } = [];

    /// <summary>Searches.</summary>
    /// <returns>The best groups, which hold every task.</returns>
    public ulong[] Find(Deadline deadline)
    {
        ulong[] best = [];
        var climb = new AffinityClimb(score);
        for (var start = 0; start < Starts && (start == 0 || !deadline.HasPassed()); start++)
        {
            var first = start % 2 == 0 ? FirstRobustTemperature * score.Scale : FirstTemperature * score.Spread;
            var found = Anneal(Seeds.Generator(seed, start), first, deadline);
            var total = climb.Improve(found, deadline);
            Seen.UnionWith(found);
            if (total > Total)
            {
                (best, Total) = (found, total);
            }
        }

        return best;
    }

    private ulong[] Anneal(Random random, double firstTemperature, Deadline deadline)
    {
        var fall = LastTemperature * score.Scale / firstTemperature;
        var current = new ulong[groups];
        for (var task = 0; task < count; task++)
        {
            current[random.Next(groups)] |= 1ul << task;
        }

        for (var g = 0; g < groups; g++)
        {
            score.Of(current[g], scores[g]);
        }

        var total = TotalWith(-1, -1);
        var (best, most) = ((ulong[])current.Clone(), total);
        for (var move = 0; move < moves; move++)
        {
            if (move % MovesBetweenLooks == 0 && deadline.HasPassed())
            {
                break;
            }

            var temperature = firstTemperature * Math.Pow(fall, (double)move / moves);
            var (a, b) = (random.Next(groups), random.Next(groups));
            if (Moved(random, current, a, ref b) is not var (left, right))
            {
                continue;
            }

            score.Of(left, firstTrial);
            score.Of(right, secondTrial);
            var after = TotalWith(a, b);
            if (after >= total || random.NextDouble() < Math.Exp((after - total) / temperature))
            {
                total = after;
                current[a] = left;
                firstTrial.CopyTo(scores[a], 0);
                if (b >= 0)
                {
                    current[b] = right;
                    secondTrial.CopyTo(scores[b], 0);
                }

                if (total > most)
                {
                    (best, most) = ((ulong[])current.Clone(), total);
                }
            }
        }

        return best;
    }

    /// <summary>What a move makes of groups a and b, of which b is -1 where a alone changes; null for a move that cannot be.</summary>
    private (ulong Left, ulong Right)? Moved(Random random, ulong[] current, int a, ref int b)
    {
        var (first, second) = (1ul << random.Next(count), 1ul << random.Next(count));
        var (left, right) = (current[a], current[b]);
        switch (random.Next(3))
        {
            case 0:
                b = -1;
                return (left ^ first, 0);
            case 1:
                return a == b || (left & first) == 0 ? null : (left ^ first, right | first);
            default:
                var isExchange =
                    (left & first) != 0 && (right & second) != 0 && (left & second) == 0 && (right & first) == 0;
                return isExchange ? (left ^ first ^ second, right ^ first ^ second) : null;
        }
    }

    /// <summary>The total where groups a and b, if they are groups, have the scores on trial; minus infinity where a task is in no group.</summary>
    private double TotalWith(int a, int b)
    {
        var total = 0.0;
        for (var task = 0; task < count; task++)
        {
            var best = double.NegativeInfinity;
            for (var g = 0; g < groups; g++)
            {
                best = Math.Max(
                    best,
                    (
                        g == a ? firstTrial
                        : g == b ? secondTrial
                        : scores[g]
                    )[task]
                );
            }

            total += best;
        }

        return total;
    }
}
