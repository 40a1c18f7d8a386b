namespace Plait.Relationships.Tests.Grouping;

/// <summary>How one task of a table differs from all others.</summary>
public enum Outlier
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>It takes from every other task many times what those take from or give to each other.</summary>
    Harmful,

    /// <summary>It gives to every other task many times what those give to each other.</summary>
    Helpful,

    /// <summary>What others do for it is many times what they do for each other.</summary>
    Sensitive,

    /// <summary>One other task gains from it many times what tasks gain from each other.</summary>
    OneGain,
}

/// <summary>Made-up affinities with an outlier, and a search that has nothing in common with the one that is tested.</summary>
internal static class OutlierTables
{
    /// <summary>Affinities from -0.5 to 0.5, noise or families, of which those of the outlier are larger by a factor.</summary>
    public static AffinityMatrix Table(int seed, int tasks, Outlier outlier, double factor, bool families)
    {
        var random = new Random(seed);
        var plain = families
            ? RandomTables.Families(random, tasks, families: 4, noise: 1.2)
            : RandomTables.Affinities(random, tasks);
        var values = plain.Values.ToArray();
        var odd = random.Next(tasks);
        for (var other = 0; other < tasks; other++)
        {
            var (onOther, onOdd) = ((other * tasks) + odd, (odd * tasks) + other);
            switch (outlier)
            {
                case Outlier.Harmful:
                    values[onOther] = -factor * (0.5 + (0.5 * random.NextDouble()));
                    break;
                case Outlier.Helpful:
                    values[onOther] = factor * (0.5 + (0.5 * random.NextDouble()));
                    break;
                case Outlier.Sensitive:
                    values[onOdd] *= factor;
                    break;
            }
        }

        if (outlier == Outlier.OneGain)
        {
            values[((odd + 1) % tasks * tasks) + odd] = factor;
        }

        return new AffinityMatrix(plain.Tasks, values);
    }

    /// <summary>The best total that descents from many random starts come to, by changes of one group at a time.</summary>
    public static double Climbed(AffinityMatrix affinities, int groups, int starts, int seed)
    {
        var (random, count, best) = (new Random(seed), affinities.Count, double.NegativeInfinity);
        for (var start = 0; start < starts; start++)
        {
            var member = new bool[groups, count];
            for (var task = 0; task < count; task++)
            {
                member[random.Next(groups), task] = true;
                member[0, task] |= start % 2 == 0; // half of the starts have a group of all
            }

            var total = Total(affinities, member, groups);
            for (var improved = true; improved; )
            {
                improved = false;
                foreach (var (first, second) in Changes(groups, count, random))
                {
                    Toggle(member, first);
                    Toggle(member, second);
                    var after = Total(affinities, member, groups);
                    if (after > total + 1e-12)
                    {
                        (total, improved) = (after, true);
                    }
                    else
                    {
                        Toggle(member, first);
                        Toggle(member, second);
                    }
                }
            }

            best = Math.Max(best, total);
        }

        return best;
    }

    /// <summary>By how much one or two changes of membership raise the total of groups at most; 0 or less where none does.</summary>
    public static double GreatestGain(AffinityMatrix affinities, IReadOnlyList<ulong> groups)
    {
        var member = new bool[groups.Count, affinities.Count];
        for (var i = 0; i < member.Length; i++)
        {
            member[i / affinities.Count, i % affinities.Count] =
                (groups[i / affinities.Count] >> (i % affinities.Count) & 1) != 0;
        }

        var (before, most) = (Total(affinities, member, groups.Count), double.NegativeInfinity);
        foreach (var (first, second) in Changes(groups.Count, affinities.Count, new Random(1)))
        {
            Toggle(member, first);
            Toggle(member, second);
            most = Math.Max(most, Total(affinities, member, groups.Count) - before);
            Toggle(member, first);
            Toggle(member, second);
        }

        return most;
    }

    /// <summary>Every change of one or two memberships, in random order.</summary>
    private static ((int Group, int Task)?, (int Group, int Task)?)[] Changes(int groups, int count, Random random)
    {
        var single = Enumerable.Range(0, groups * count).Select(i => ((int, int)?)(i / count, i % count)).ToArray();
        ((int, int)?, (int, int)?)[] all =
        [
            .. single.Select(one => (one, ((int, int)?)null)),
            .. single.SelectMany((one, i) => single.Skip(i + 1).Select(other => (one, other))),
        ];
        random.Shuffle(all);
        return all;
    }

    private static void Toggle(bool[,] member, (int Group, int Task)? change)
    {
        if (change is var (group, task))
        {
            member[group, task] ^= true;
        }
    }

    private static double Total(AffinityMatrix affinities, bool[,] member, int groups)
    {
        var total = 0.0;
        for (var task = 0; task < affinities.Count; task++)
        {
            var best = double.NegativeInfinity;
            for (var group = 0; group < groups; group++)
            {
                var (sum, others) = (0.0, 0);
                for (var by = 0; by < affinities.Count && member[group, task]; by++)
                {
                    if (by != task && member[group, by])
                    {
                        (sum, others) = (sum + affinities[task, by], others + 1);
                    }
                }

                best = others > 0 ? Math.Max(best, sum / others) : best;
            }

            total += best;
        }

        return total;
    }
}
