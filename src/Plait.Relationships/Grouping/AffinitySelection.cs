using System.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>Chooses groups of tasks so that every task is in one and the sum of what the tasks gain, each in the group that is best for it, is greatest.</summary>
/// <remarks>
/// <para>
/// Fifty et al. 2021, <i>Efficiently Identifying Task Groupings for Multi-Task Learning</i> (TAG), section 3.2: maximise
/// Σ_j max over groups g with j of the mean over i in g without j of Z_{i→j}. Groups may overlap: a task may be in a group for what it does for others.
/// </para>
/// <para>
/// Up to 15 tasks the answer is exact, by the program over sets of tasks of <see cref="NetworkSelection"/>. Beyond, groups are found by
/// annealing from several starts, improved by all moves and exchanges, put together anew and improved again, always the
/// same for the same seed; then a bound over all 2^T groups is proved for as long as the time
/// allows: see <c>AffinityBound</c>. With tasks that fall into families it usually meets the total, which is then optimal.
/// </para>
/// <para>
/// What a task alone scores is a convention. In the authors' program (google-research/tag/network_selection) it is so little that a task
/// is alone only where nothing else is left; that is the default here, whatever the size of the affinities. The diagonal of a matrix
/// measured by TAG, what a task's step does for the task itself, is far above what others do for it and would leave the best
/// tasks alone. The diagonal of a table of gains or losses in pairs is what a task alone comes to, and the right score for it.
/// </para>
/// </remarks>
public sealed class AffinitySelection
{
    private const int MostTasks = 64; // a group is the bits of one word
    private const double Rounding = 1e-12;

    /// <summary>What a task scores in a group of its own; a number stands for itself.</summary>
    public AloneScore Alone { get; init; } = AloneScore.LastResort;

    /// <summary>How long the search may take where there are more than 15 tasks. The groups do not depend on it unless it is very short; the bound does.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Decides what the search draws where there are more than 15 tasks.</summary>
    public long Seed { get; init; }

    /// <summary>Tells the time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Chooses.</summary>
    /// <param name="affinities">Row: the affected task; greater is better. At most 64 tasks.</param>
    /// <param name="groups">The most groups there may be, from 1.</param>
    /// <param name="cancel">Ends the search without an answer.</param>
    /// <exception cref="ArgumentException">There are no tasks, or more than 64.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There may be no group.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public TaskGrouping Select(AffinityMatrix affinities, int groups, CancellationToken cancel = default)
    {
        var score = Score(affinities);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        groups = Math.Min(groups, score.Count);
        if (score.Count <= PartitionProgram.MostTasks)
        {
            var exact = new Deadline(null, Clock, cancel);
            return score.Grouping(Divide(score, groups, exact), bound: null);
        }

        var deadline = new Deadline(TimeLimit, Clock, cancel);
        var found = new AffinityDescent(score, groups, Seed);
        var best = found.Find(deadline);
        var proof = new AffinityBound(score, groups, Seed);
        proof.Prepare(found.Total, found.Seen, deadline);
        var recombination = new AffinityRecombination(score, Seed);
        recombination.Learn(proof.Known);
        var total = recombination.Improve(best, deadline);
        var bound = proof.Prove(total, deadline);
        return score.Grouping(best, proof.IsMet ? null : bound);
    }

    /// <summary>Scores a grouping that came from elsewhere by the same rule.</summary>
    /// <param name="affinities">Row: the affected task; greater is better.</param>
    /// <param name="groups">For each task the number of its group.</param>
    /// <returns>A grouping without a bound.</returns>
    /// <exception cref="ArgumentException">The numbers are not as many as the tasks.</exception>
    public TaskGrouping Rate(AffinityMatrix affinities, IReadOnlyList<int> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var score = Score(affinities);
        if (groups.Count != score.Count)
        {
            throw new ArgumentException(
                $"{score.Count} tasks need {score.Count} groups; got {groups.Count}.",
                nameof(groups)
            );
        }

        var sets = groups
            .Select((group, task) => (group, task))
            .GroupBy(pair => pair.group, pair => 1ul << pair.task)
            .Select(bits => bits.Aggregate((all, bit) => all | bit));
        return score.Grouping(sets, double.PositiveInfinity);
    }

    private AffinityScore Score(AffinityMatrix affinities)
    {
        ArgumentNullException.ThrowIfNull(affinities);
        if (affinities.Count is 0 or > MostTasks)
        {
            throw new ArgumentException(
                $"Groups are chosen among 1 to {MostTasks} tasks; got {affinities.Count}.",
                nameof(affinities)
            );
        }

        return new AffinityScore(affinities, Alone);
    }

    private static IEnumerable<ulong> Divide(AffinityScore score, int groups, Deadline deadline)
    {
        var count = score.Count;
        var program = new PartitionProgram(count, groups, Rounding * count * score.Greatest);
        var sums = new double[1 << count];
        var scores = new double[count];
        foreach (var group in Enumerable.Range(1, sums.Length - 1).OrderBy(set => BitOperations.PopCount((uint)set)))
        {
            score.Of((ulong)group, scores);
            for (var block = -group & group; block != 0; block = (block - group) & group)
            {
                sums[block] = sums[block & (block - 1)] + scores[BitOperations.TrailingZeroCount(block)];
                program.Offer(block, cost: 1, -sums[block], group);
            }
        }

        return program.Solve(deadline)!.Select(block => (ulong)block.Network);
    }
}
