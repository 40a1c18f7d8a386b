using System.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>Predicts how well tasks do in networks of three tasks and more from networks of one and two.</summary>
/// <remarks>
/// Standley et al. 2020, <i>Which Tasks Should Be Learned Together in Multi-task Learning?</i>, section 6.2 (the higher-order approximation):
/// the loss of a task in a set is taken to be the mean of its losses in the pairs with each other task of the set, so that T(T + 1)/2 trainings
/// stand for 2^T - 1.
/// </remarks>
public static class HigherOrderApproximation
{
    private const int MostTasks = 15; // 32767 sets

    /// <summary>Predicts all larger sets.</summary>
    /// <param name="table">Every task alone and every pair, at any costs. Larger sets are not looked at.</param>
    /// <returns>The networks of one and two tasks as they are, then all sets of three and more, at the cost of a pair.</returns>
    /// <exception cref="ArgumentException">A task alone or a pair is missing, pairs differ in cost, or there are more than 15 tasks.</exception>
    public static PerformanceTable Predict(PerformanceTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var count = table.Tasks.Count;
        if (count > MostTasks)
        {
            throw new ArgumentException(
                $"All sets of {count} tasks are too many to predict; {MostTasks} tasks is the most. For more, select from a matrix of the pairs' affinities."
            );
        }

        var (pairs, cost) = Pairs(table);
        var networks = table.Networks.Where(network => network.Tasks.Count <= 2).ToList();
        foreach (var set in Enumerable.Range(1, (1 << count) - 1).OrderBy(set => BitOperations.PopCount((uint)set)))
        {
            int[] members = [.. Enumerable.Range(0, count).Where(task => (set >> task & 1) == 1)];
            if (members.Length > 2)
            {
                networks.Add(
                    new CandidateNetwork(
                        [.. members.Select(task => table.Tasks[task])],
                        [.. members.Select(task => members.Where(by => by != task).Average(by => pairs[task, by]))],
                        cost
                    )
                );
            }
        }

        return new PerformanceTable(table.Tasks, networks);
    }

    private static (double[,] Losses, double Cost) Pairs(PerformanceTable table)
    {
        var count = table.Tasks.Count;
        var losses = new double[count, count];
        var cost = 1.0;
        for (var i = 0; i < count; i++)
        {
            for (var j = i; j < count; j++)
            {
                var network = table.Find(1ul << i | 1ul << j);
                if (network < 0)
                {
                    var missing =
                        i == j ? $"'{table.Tasks[i]}' alone" : $"the pair '{table.Tasks[i]}' and '{table.Tasks[j]}'";
                    throw new ArgumentException(
                        $"The higher-order approximation needs every task alone and every pair; {missing} is missing. Add a row for it."
                    );
                }

                (losses[i, j], losses[j, i]) = (table[network, i], table[network, j]);
                if (i != j && cost != table.Networks[network].Cost && (i, j) != (0, 1))
                {
                    throw new ArgumentException(
                        $"The pair '{table.Tasks[i]}' and '{table.Tasks[j]}' costs {table.Networks[network].Cost:R}, another pair {cost:R}; larger sets are predicted at the cost of a pair, so give all pairs one cost."
                    );
                }

                cost = i == j ? cost : table.Networks[network].Cost;
            }
        }

        return (losses, cost);
    }
}
