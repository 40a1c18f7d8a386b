namespace Plait.Relationships.Grouping;

/// <summary>Chooses networks within a budget so that every task is learned and the sum of the tasks' losses, each in the network that is best for it, is least.</summary>
/// <remarks>
/// <para>Standley et al. 2020, <i>Which Tasks Should Be Learned Together in Multi-task Learning?</i>, section 4 and algorithm 1.</para>
/// <para>
/// Up to 15 tasks the answer comes from a dynamic program over the sets of tasks, whose time does not depend on the losses and hardly on the budget: a
/// choice of networks divides the tasks into those that each network serves, and the best division of a set follows from those of
/// its parts. Beyond, it comes from a branch and bound with a Lagrangian bound. Both are exact; of equally good choices
/// the first gives the cheapest, and the second one from which no network can be left out. A network that serves no task is never chosen.
/// </para>
/// </remarks>
public sealed class NetworkSelection
{
    private const double Rounding = 1e-12;

    /// <summary>How long a search may take; by default as long as it needs. After that the best choice found is returned, with a bound.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Tells the time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Chooses.</summary>
    /// <param name="table">The networks there are.</param>
    /// <param name="budget">What the chosen ones may cost together, in networks of standard size.</param>
    /// <param name="cancel">Ends a search without an answer.</param>
    /// <returns>The networks in the table's order.</returns>
    /// <exception cref="ArgumentException">No network learns one of the tasks, or the budget is not enough for all; the message says what is.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public TaskGrouping Select(PerformanceTable table, double budget, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (double.IsNaN(budget) || budget <= 0)
        {
            throw new ArgumentException($"A budget is a number above 0; got {budget}.", nameof(budget));
        }

        RequireAllLearned(table);
        return Select(table, budget, new Deadline(TimeLimit, Clock, cancel));
    }

    private static TaskGrouping Select(PerformanceTable table, double budget, Deadline deadline)
    {
        var units = new CostUnits([.. table.Networks.Select(network => network.Cost)], table.Tasks.Count);
        var limit = units.Budget(budget);
        if (
            table.Tasks.Count <= PartitionProgram.MostTasks
            && Divide(table, units.Costs, limit, deadline) is { } chosen
        )
        {
            return Grouping(table, chosen, bound: null);
        }

        var cover = new CoverSearch(table, units.Costs).Find(limit, deadline);
        if (cover.Cost > limit)
        {
            throw TooLittle(budget, units, cover);
        }

        var search = new NetworkSearch(table, units.Costs, limit, Tolerance(table));
        return Grouping(table, search.Find(cover.Networks, deadline), search.IsComplete ? null : search.Bound);
    }

    /// <summary>The choice by dynamic program; null where the budget is not enough or time ran out.</summary>
    internal static IReadOnlyList<int>? Divide(PerformanceTable table, long[] costs, long budget, Deadline deadline)
    {
        var count = table.Tasks.Count;
        var program = new PartitionProgram(count, budget, Tolerance(table));
        var sums = new double[1 << count];
        for (var n = 0; n < costs.Length; n++)
        {
            if (deadline.HasPassed())
            {
                return null;
            }

            var all = (int)table.Members(n);
            for (var block = -all & all; block != 0; block = (block - all) & all)
            {
                sums[block] = sums[block & (block - 1)] + table[n, int.TrailingZeroCount(block)];
                program.Offer(block, costs[n], sums[block], n);
            }
        }

        return program.Solve(deadline)?.ConvertAll(block => block.Network);
    }

    /// <summary>The chosen networks that serve a task, each task by the one that is best for it.</summary>
    internal static TaskGrouping Grouping(PerformanceTable table, IReadOnlyList<int> chosen, double? bound)
    {
        var kept = chosen.Distinct().Order().ToList();
        var serving = new int[table.Tasks.Count];
        for (var task = 0; task < serving.Length; task++)
        {
            serving[task] = kept.MinBy(n => table[n, task]);
        }

        kept.RemoveAll(n => !serving.Contains(n));
        var total = 0.0;
        for (var task = 0; task < serving.Length; task++)
        {
            total += table[serving[task], task];
        }

        return new TaskGrouping(
            [.. kept.Select(n => new TaskGroup(table.Networks[n].Tasks, table.Networks[n].Cost))],
            serving
                .Select((n, task) => (table.Tasks[task], kept.IndexOf(n)))
                .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal),
            total,
            Optimal: bound is null,
            bound is { } value ? Math.Min(value, total) : total
        );
    }

    internal static double Tolerance(PerformanceTable table)
    {
        var scale = 0.0;
        for (var task = 0; task < table.Tasks.Count; task++)
        {
            scale += Enumerable
                .Range(0, table.Networks.Count)
                .Select(n => table[n, task])
                .Where(double.IsFinite)
                .Max(Math.Abs);
        }

        return Rounding * scale;
    }

    private static void RequireAllLearned(PerformanceTable table)
    {
        var learned = 0ul;
        for (var n = 0; n < table.Networks.Count; n++)
        {
            learned |= table.Members(n);
        }

        if (learned != table.Everything)
        {
            var missing = table.Tasks.Where((_, task) => (learned >> task & 1) == 0);
            throw new ArgumentException(
                $"No network learns {string.Join(", ", missing.Select(name => $"'{name}'"))}; add networks that do, or leave the task out."
            );
        }
    }

    private static ArgumentException TooLittle(double budget, CostUnits units, NetworkCover cover) =>
        new(
            cover.IsCheapest
                ? $"No networks within the budget {budget:R} learn all tasks together; the least budget that does is {units.Value(cover.Cost):R}."
                : $"No networks within the budget {budget:R} were found that learn all tasks together; the budget {units.Value(cover.Cost):R} is enough.",
            nameof(budget)
        );
}
