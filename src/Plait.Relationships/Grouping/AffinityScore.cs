using System.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>What tasks score in groups, by their affinities in pairs.</summary>
/// <remarks>
/// Fifty et al. 2021, section 3.2: a task's score in a group is the mean of what it gains from each other task of the group. A group is
/// written as bits: bit t is that of task t.
/// </remarks>
internal sealed class AffinityScore
{
    private const double DeviationOfNormal = 1.4826; // of a normal distribution, over its median absolute deviation

    private readonly AffinityMatrix affinities;
    private readonly double[] alone;
    private readonly bool[] isLastResort;

    /// <param name="affinities">Row: the affected task.</param>
    /// <param name="aloneScore">What tasks score in groups of their own.</param>
    public AffinityScore(AffinityMatrix affinities, AloneScore aloneScore)
    {
        this.affinities = affinities;
        alone = aloneScore.Scores(affinities);
        isLastResort = Array.ConvertAll(alone, double.IsNaN);
        double[][] rows =
        [
            .. Enumerable
                .Range(0, Count)
                .Select(task =>
                    Enumerable.Range(0, Count).Where(by => by != task).Select(by => affinities[task, by]).ToArray()
                ),
        ];
        double[] all = [.. rows.SelectMany(row => row)];
        Greatest = all.Select(Math.Abs).DefaultIfEmpty(0).Max();
        Spread = Deviation(all);
        Scale = ScaleOf(rows) is > 0 and var scale ? Math.Min(scale, Spread) : Spread;
        var least = LessThanAny([.. all, .. alone.Where(double.IsFinite)]);
        for (var task = 0; task < Count; task++)
        {
            alone[task] = isLastResort[task] ? least : alone[task];
        }
    }

    public int Count => affinities.Count;

    /// <summary>The standard deviation of the affinities.</summary>
    public double Spread { get; }

    /// <summary>By how much affinities of one task to others differ for a task in the middle; a few tasks of another scale do not move it.</summary>
    /// <remarks>
    /// The median over rows of the rows' median absolute deviations, times what makes that a standard deviation where they are normal; at
    /// most the standard deviation of all.
    /// </remarks>
    public double Scale { get; }

    /// <summary>The greatest affinity, whatever its sign.</summary>
    public double Greatest { get; }

    /// <summary>What totals may differ by and count as the same, for each task: little to the many, and above what rounding makes of the greatest.</summary>
    public double Tolerance => Math.Max(1e-9 * Scale, 1e-13 * Greatest);

    /// <summary>What a task gains from another.</summary>
    public double this[int task, int by] => affinities[task, by];

    /// <summary>What a task scores in a group of its own.</summary>
    public double Alone(int task) => alone[task];

    /// <summary>The score of each task in a group; minus infinity for those outside of it.</summary>
    public void Of(ulong group, Span<double> scores)
    {
        scores.Fill(double.NegativeInfinity);
        for (var tasks = group; tasks != 0; tasks &= tasks - 1)
        {
            var task = BitOperations.TrailingZeroCount(tasks);
            scores[task] = Of(task, group);
        }
    }

    /// <summary>The score of a task in a group that it is in.</summary>
    public double Of(int task, ulong group) =>
        BitOperations.PopCount(group) is > 1 and var size ? Sum(task, group) / (size - 1) : alone[task];

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

    /// <summary>The total of groups; minus infinity where a task is in none.</summary>
    public double Total(ReadOnlySpan<ulong> groups)
    {
        var total = 0.0;
        for (var task = 0; task < Count; task++)
        {
            var best = double.NegativeInfinity;
            foreach (var group in groups)
            {
                if ((group >> task & 1) != 0)
                {
                    best = Math.Max(best, Of(task, group));
                }
            }

            total += best;
        }

        return total;
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
            var isAlone = BitOperations.IsPow2(kept[serving[task]]);
            total += isAlone && isLastResort[task] ? 0 : scores[serving[task], task];
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

    /// <summary>A score so low that one task fewer that has it outweighs whatever the others may lose by it.</summary>
    private double LessThanAny(double[] scores)
    {
        if (scores.Length == 0)
        {
            return 0;
        }

        var (least, most) = (scores.Min(), scores.Max());
        var range = most > least ? most - least : Math.Max(Math.Abs(least), double.Epsilon);
        return least - ((Count + 1) * range);
    }

    private static double ScaleOf(double[][] rows) =>
        rows.Length < 2
            ? 0
            : DeviationOfNormal
                * Median([
                    .. rows.Select(row =>
                    {
                        var middle = Median(row);
                        return Median([.. row.Select(value => Math.Abs(value - middle))]);
                    }),
                ]);

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Deviation(double[] values)
    {
        if (values.Length == 0)
        {
            return 0;
        }

        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
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
