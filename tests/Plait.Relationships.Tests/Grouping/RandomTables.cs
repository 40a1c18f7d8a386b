using Plait.Relationships.Grouping;

namespace Plait.Relationships.Tests.Grouping;

/// <summary>Made-up tables, and the best choice from them found by looking at all.</summary>
internal static class RandomTables
{
    /// <summary>Some sets of tasks, each at some costs, among them one of all tasks or one of each.</summary>
    public static PerformanceTable Performances(Random random, int tasks, double[] costs, double share = 0.6)
    {
        string[] names = [.. Enumerable.Range(0, tasks).Select(task => $"t{task}")];
        var networks = new List<CandidateNetwork>();
        for (var set = 1; set < 1 << tasks; set++)
        {
            foreach (var cost in costs)
            {
                if (random.NextDouble() < share || ((set & (set - 1)) == 0 && cost == costs[0]))
                {
                    string[] members = [.. names.Where((_, task) => (set >> task & 1) == 1)];
                    networks.Add(new CandidateNetwork(members, [.. members.Select(_ => Loss(random))], cost));
                }
            }
        }

        return new PerformanceTable(names, networks);
    }

    /// <summary>The least total within a budget and the least cost that reaches it; no total where no choice learns all tasks.</summary>
    public static (double Total, double Cost) Best(PerformanceTable table, double budget)
    {
        var best = (Total: double.PositiveInfinity, Cost: 0.0);
        var losses = new double[table.Tasks.Count];
        Array.Fill(losses, double.PositiveInfinity);
        Extend(0, 0, losses);
        return best;

        void Extend(int from, double cost, double[] least)
        {
            var total = least.Sum();
            if (total < best.Total - 1e-9 || (total < best.Total + 1e-9 && cost < best.Cost - 1e-9))
            {
                best = (total, cost);
            }

            for (var n = from; n < table.Networks.Count; n++)
            {
                if (cost + table.Networks[n].Cost <= budget + 1e-9)
                {
                    Extend(
                        n + 1,
                        cost + table.Networks[n].Cost,
                        [.. least.Select((x, task) => Math.Min(x, table[n, task]))]
                    );
                }
            }
        }
    }

    public static AffinityMatrix Affinities(Random random, int tasks) =>
        new(
            [.. Enumerable.Range(0, tasks).Select(task => $"t{task}")],
            [.. Enumerable.Range(0, tasks * tasks).Select(_ => random.NextDouble() - 0.3)]
        );

    /// <summary>Tasks that gain from those of their family: task i is of the family i modulo the number of families.</summary>
    public static AffinityMatrix Families(Random random, int tasks, int families, double noise) =>
        new(
            [.. Enumerable.Range(0, tasks).Select(task => $"t{task}")],
            [
                .. Enumerable
                    .Range(0, tasks * tasks)
                    .Select(i =>
                        (i / tasks % families == i % tasks % families ? 1 : 0) + (noise * (random.NextDouble() - 0.5))
                    ),
            ]
        );

    /// <summary>What each task scores in a group: the mean of what it gains from the others.</summary>
    public static double[] Scores(AffinityMatrix affinities, int group, double alone = double.NegativeInfinity)
    {
        int[] members = [.. Enumerable.Range(0, affinities.Count).Where(task => (group >> task & 1) == 1)];
        return
        [
            .. Enumerable
                .Range(0, affinities.Count)
                .Select(task =>
                    !members.Contains(task) ? double.NegativeInfinity
                    : members.Length == 1 ? alone
                    : members.Where(by => by != task).Average(by => affinities[task, by])
                ),
        ];
    }

    /// <summary>The greatest total of so many groups, found by looking at all.</summary>
    public static double Best(AffinityMatrix affinities, int groups, double alone = double.NegativeInfinity)
    {
        var scores = Enumerable
            .Range(1, (1 << affinities.Count) - 1)
            .Select(group => Scores(affinities, group, alone))
            .ToArray();
        var best = double.NegativeInfinity;
        var none = new double[affinities.Count];
        Array.Fill(none, double.NegativeInfinity);
        Extend(0, groups, none);
        return best;

        void Extend(int from, int left, double[] most)
        {
            best = Math.Max(best, most.Sum());
            for (var group = from; group < scores.Length && left > 0; group++)
            {
                Extend(group + 1, left - 1, [.. most.Zip(scores[group], Math.Max)]);
            }
        }
    }

    private static double Loss(Random random) => Math.Round(random.NextDouble(), 2); // so that there are ties
}
