using Plait.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>Chooses from groups that are known, and makes what it chose better.</summary>
/// <remarks>
/// Groups that different searches found good are put together: one group at a time is exchanged for the known one that raises the total
/// most. What that comes to is improved by <see cref="AffinityClimb"/>, whose groups are known then, until nothing is gained. Then one
/// group or another is exchanged for any known one, and all is improved again, a number of times: an iterated local search
/// (Lourenço, Martin, Stützle 2003, <i>Iterated local search</i>).
/// </remarks>
/// <param name="score">What tasks score in groups.</param>
/// <param name="seed">Decides what is drawn.</param>
internal sealed class AffinityRecombination(AffinityScore score, long seed)
{
    private const int Kicks = 40;

    private readonly ulong everything = ulong.MaxValue >> (64 - score.Count);
    private readonly AffinityClimb climb = new(score);
    private readonly List<(ulong Group, double[] Scores)> known = [];
    private readonly HashSet<ulong> groups = [];

    /// <summary>Makes groups known.</summary>
    public void Learn(IEnumerable<ulong> found)
    {
        foreach (var group in found)
        {
            if (group != 0 && groups.Add(group))
            {
                var scores = new double[score.Count];
                score.Of(group, scores);
                known.Add((group, scores));
            }
        }
    }

    /// <summary>Improves.</summary>
    /// <param name="best">They hold every task; become the better ones.</param>
    /// <param name="deadline">Ends it with what there is.</param>
    /// <returns>Their total.</returns>
    public double Improve(ulong[] best, Deadline deadline)
    {
        var total = climb.Improve(best, deadline);
        Learn(best);
        var random = Seeds.Generator(seed, -2);
        for (var kick = 0; kick <= Kicks && !deadline.HasPassed(); kick++)
        {
            var tried = (ulong[])best.Clone();
            if (kick > 0)
            {
                var place = random.Next(tried.Length);
                tried[place] = known[random.Next(known.Count)].Group;
                tried[place] |= everything & ~tried.Aggregate((all, group) => all | group); // no task is in none
            }

            while (Exchange(tried) && !deadline.HasPassed()) { }

            var after = climb.Improve(tried, deadline);
            Learn(tried);
            if (after > total)
            {
                tried.CopyTo(best, 0);
                (total, kick) = (after, 0);
            }
        }

        return total;
    }

    /// <summary>Exchanges one group for a known one, whichever raises the total most; false where none does.</summary>
    private bool Exchange(ulong[] chosen)
    {
        var (place, group, most) = (-1, 0ul, score.Total(chosen));
        var (others, row) = (new double[score.Count], new double[score.Count]);
        for (var removed = 0; removed < chosen.Length; removed++)
        {
            Array.Fill(others, double.NegativeInfinity);
            for (var g = 0; g < chosen.Length; g++)
            {
                if (g != removed)
                {
                    score.Of(chosen[g], row);
                    Raise(others, row);
                }
            }

            foreach (var (candidate, scores) in known)
            {
                var total = 0.0;
                for (var task = 0; task < others.Length; task++)
                {
                    total += Math.Max(others[task], scores[task]);
                }

                (place, group, most) = total > most ? (removed, candidate, total) : (place, group, most);
            }
        }

        if (place < 0)
        {
            return false;
        }

        chosen[place] = group;
        return true;
    }

    private static void Raise(double[] most, double[] row)
    {
        for (var task = 0; task < most.Length; task++)
        {
            most[task] = Math.Max(most[task], row[task]);
        }
    }
}
