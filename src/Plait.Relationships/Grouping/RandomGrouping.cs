using Plait.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>Chooses networks within a budget by chance: what any other way of choosing has to beat.</summary>
/// <remarks>Standley et al. 2020, section 6.4, compare with such groupings.</remarks>
public static class RandomGrouping
{
    private const int Tries = 1000;

    /// <summary>Goes through the networks in random order and takes each that fits: first those that bring a missing task, then any.</summary>
    /// <param name="table">The networks there are.</param>
    /// <param name="budget">What the chosen ones may cost together.</param>
    /// <param name="seed">Decides what is drawn.</param>
    /// <returns>A grouping without a bound.</returns>
    /// <exception cref="ArgumentException">In a thousand draws no networks within the budget learned all tasks.</exception>
    public static TaskGrouping Draw(PerformanceTable table, double budget, long seed)
    {
        ArgumentNullException.ThrowIfNull(table);
        var units = new CostUnits([.. table.Networks.Select(network => network.Cost)], table.Tasks.Count);
        var random = Seeds.Generator(seed);
        var order = Enumerable.Range(0, table.Networks.Count).ToArray();
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            random.Shuffle(order);
            var chosen = new List<int>();
            var (left, learned) = (units.Budget(budget), 0ul);
            foreach (var mustBringTask in new[] { true, false })
            {
                foreach (var n in order)
                {
                    if (units.Costs[n] <= left && (!mustBringTask || (table.Members(n) & ~learned) != 0))
                    {
                        chosen.Add(n);
                        left -= units.Costs[n];
                        learned |= table.Members(n);
                    }
                }
            }

            if (learned == table.Everything)
            {
                return NetworkSelection.Grouping(table, chosen, double.NegativeInfinity);
            }
        }

        throw new ArgumentException(
            $"In {Tries} draws no networks within the budget {budget:R} learned all tasks; choose a larger budget.",
            nameof(budget)
        );
    }
}
