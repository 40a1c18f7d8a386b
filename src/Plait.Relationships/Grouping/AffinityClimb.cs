using System.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>Makes groups better until no change of one or two memberships, and no exchange of two tasks, raises the total.</summary>
/// <remarks>Two groups at a time: of all changes to them the best is made, if it raises the total. The total rises with each, so it ends.</remarks>
internal sealed class AffinityClimb(AffinityScore score)
{
    private readonly double[] row = new double[score.Count];
    private readonly double[] elsewhere = new double[score.Count];
    private readonly double[] leftSums = new double[score.Count];
    private readonly double[] rightSums = new double[score.Count];

    /// <summary>Goes through all pairs of groups at least once, and again while that helps and there is time.</summary>
    /// <param name="groups">They hold every task; become the better ones. An empty group may be filled.</param>
    /// <param name="deadline">Ends it with what there is.</param>
    /// <returns>Their total.</returns>
    public double Improve(ulong[] groups, Deadline deadline)
    {
        var total = score.Total(groups);
        bool improved;
        do
        {
            improved = false;
            for (var a = 0; a < groups.Length; a++)
            {
                for (var b = a; b < groups.Length; b++)
                {
                    improved |= ImprovePair(groups, a, b, ref total);
                }
            }
        } while (improved && !deadline.HasPassed());

        return total;
    }

    private bool ImprovePair(ulong[] groups, int a, int b, ref double total)
    {
        var (left, right) = (groups[a], groups[b]);
        (groups[a], groups[b]) = a == b ? BestAlone(groups, a) : BestOfTwo(groups, a, b);
        var after = score.Total(groups);
        if (after > total)
        {
            total = after;
            return true;
        }

        (groups[a], groups[b]) = (left, right);
        return false;
    }

    /// <summary>The best of all groups that differ from one by one or two tasks.</summary>
    private (ulong, ulong) BestAlone(ulong[] groups, int a)
    {
        Look(groups, a, a);
        var (best, most) = (groups[a], double.NegativeInfinity);
        for (var first = 0; first < score.Count; first++)
        {
            for (var second = first; second < score.Count; second++)
            {
                var changed = groups[a] ^ ((1ul << first) | (1ul << second));
                var total = Total(groups[a], changed, 0, 0);
                (best, most) = total > most ? (changed, total) : (best, most);
            }
        }

        return (best, best);
    }

    /// <summary>The best of all pairs of groups that differ by one task each, or by an exchange.</summary>
    private (ulong, ulong) BestOfTwo(ulong[] groups, int a, int b)
    {
        Look(groups, a, b);
        var (left, right) = (groups[a], groups[b]);
        var (best, most) = ((left, right), double.NegativeInfinity);
        for (var first = 0; first < score.Count; first++)
        {
            for (var second = 0; second < score.Count; second++)
            {
                var (one, other) = (1ul << first, 1ul << second);
                Try(left ^ one, right ^ other);
                if ((left & ~right & one) != 0 && (right & ~left & other) != 0)
                {
                    Try(left ^ one ^ other, right ^ one ^ other);
                }
            }
        }

        return best;

        void Try(ulong newLeft, ulong newRight)
        {
            var total = Total(left, newLeft, right, newRight);
            (best, most) = total > most ? ((newLeft, newRight), total) : (best, most);
        }
    }

    /// <summary>What tasks score in the other groups, and the sums of what they gain in these.</summary>
    private void Look(ulong[] groups, int a, int b)
    {
        Array.Fill(elsewhere, double.NegativeInfinity);
        for (var g = 0; g < groups.Length; g++)
        {
            if (g != a && g != b)
            {
                score.Of(groups[g], row);
                for (var task = 0; task < row.Length; task++)
                {
                    elsewhere[task] = Math.Max(elsewhere[task], row[task]);
                }
            }
        }

        for (var task = 0; task < row.Length; task++)
        {
            leftSums[task] = score.Sum(task, groups[a]);
            rightSums[task] = score.Sum(task, groups[b]);
        }
    }

    private double Total(ulong left, ulong newLeft, ulong right, ulong newRight)
    {
        var total = 0.0;
        for (var task = 0; task < score.Count; task++)
        {
            var best = elsewhere[task];
            if ((newLeft >> task & 1) != 0)
            {
                best = Math.Max(best, Scored(task, leftSums[task], left, newLeft));
            }

            if ((newRight >> task & 1) != 0)
            {
                best = Math.Max(best, Scored(task, rightSums[task], right, newRight));
            }

            total += best;
        }

        return total;
    }

    private double Scored(int task, double sum, ulong before, ulong after)
    {
        var others = BitOperations.PopCount(after) - 1;
        if (others == 0)
        {
            return score.Alone(task);
        }

        for (var changes = (before ^ after) & ~(1ul << task); changes != 0; changes &= changes - 1)
        {
            var by = BitOperations.TrailingZeroCount(changes);
            sum += (after >> by & 1) != 0 ? score[task, by] : -score[task, by];
        }

        return sum / others;
    }
}
