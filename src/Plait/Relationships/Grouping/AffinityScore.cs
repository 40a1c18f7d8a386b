using System.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>What tasks score in groups, by their affinities in pairs.</summary>
/// <remarks>
/// Fifty et al. 2021, section 3.2: a task's score in a group is the mean of what it gains from each other task of the group. A group is
/// written as bits: bit t is that of task t.
/// </remarks>
internal sealed class AffinityScore
{
    private readonly AffinityMatrix affinities;
    private readonly double[] alone;

    /// <param name="affinities">Row: the affected task.</param>
    /// <param name="alone">What each task scores in a group of its own.</param>
    public AffinityScore(AffinityMatrix affinities, double[] alone)
    {
        (this.affinities, this.alone) = (affinities, alone);
        var (sum, squares, pairs) = (0.0, 0.0, 0);
        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j < Count; j++)
            {
                if (i != j)
                {
                    sum += affinities[i, j];
                    squares += affinities[i, j] * affinities[i, j];
                    pairs++;
                    Greatest = Math.Max(Greatest, Math.Abs(affinities[i, j]));
                }
            }
        }

        Spread = pairs == 0 ? 0 : Math.Sqrt(Math.Max(0, (squares / pairs) - (sum / pairs * (sum / pairs))));
    }

    public int Count => affinities.Count;

    /// <summary>The standard deviation of the affinities.</summary>
    public double Spread { get; }

    /// <summary>The greatest affinity, whatever its sign.</summary>
    public double Greatest { get; }

    /// <summary>What a task gains from another.</summary>
    public double this[int task, int by] => affinities[task, by];

    /// <summary>What a task scores in a group of its own.</summary>
    public double Alone(int task) => alone[task];

    /// <summary>The score of each task in a group; minus infinity for those outside of it.</summary>
    public void Of(ulong group, Span<double> scores)
    {
        scores.Fill(double.NegativeInfinity);
        var others = BitOperations.PopCount(group) - 1;
        for (var tasks = group; tasks != 0; tasks &= tasks - 1)
        {
            var task = BitOperations.TrailingZeroCount(tasks);
            scores[task] = others == 0 ? alone[task] : Sum(task, group) / others;
        }
    }

    /// <summary>What a task gains from all tasks of a group but itself, added up.</summary>
    public double Sum(int task, ulong group)
    {
        var row = affinities.Values.Slice(task * Count, Count);
        var sum = 0.0;
        for (var others = group & ~(1ul << task); others != 0; others &= others - 1)
        {
            sum += row[BitOperations.TrailingZeroCount(others)];
        }

        return sum;
    }

    /// <summary>The grouping of which each task is served by the group it scores best in; groups that serve nobody are left out.</summary>
    /// <param name="groups">They hold every task.</param>
    /// <param name="bound">What no grouping passes; null where this one is optimal.</param>
    public TaskGrouping Grouping(IEnumerable<ulong> groups, double? bound)
    {
        ulong[] kept = [.. groups.Distinct().OrderBy(BitOperations.TrailingZeroCount).ThenBy(Reversed)];
        var scores = new double[kept.Length, Count];
        var row = new double[Count];
        for (var g = 0; g < kept.Length; g++)
        {
            Of(kept[g], row);
            for (var task = 0; task < Count; task++)
            {
                scores[g, task] = row[task];
            }
        }

        var serving = Enumerable
            .Range(0, Count)
            .Select(task => Enumerable.Range(0, kept.Length).MaxBy(g => scores[g, task]))
            .ToArray();
        int[] serves = [.. serving.Distinct().Order()];
        var total = 0.0;
        for (var task = 0; task < Count; task++)
        {
            total += scores[serving[task], task];
        }

        return new TaskGrouping(
            [.. serves.Select(g => new TaskGroup(Names(kept[g])))],
            serving
                .Select((g, task) => (affinities.Tasks[task], Array.IndexOf(serves, g)))
                .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
            total,
            Optimal: bound is null,
            bound is { } value ? Math.Max(value, total) : total
        );
    }

    private string[] Names(ulong group) => [.. affinities.Tasks.Where((_, task) => (group >> task & 1) == 1)];

    /// <summary>Groups in the order of their lists of tasks.</summary>
    private static ulong Reversed(ulong group)
    {
        var reversed = 0ul;
        for (var bit = 0; bit < 64; bit++)
        {
            reversed |= (group >> bit & 1) << (63 - bit);
        }

        return ulong.MaxValue - reversed;
    }
}
