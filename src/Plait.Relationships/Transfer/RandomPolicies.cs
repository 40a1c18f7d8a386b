using Plait.Numerics;

namespace Plait.Relationships.Transfer;

/// <summary>Draws policies that fit a budget but follow no affinities: what a taxonomy has to beat.</summary>
/// <remarks>Zamir et al. 2018, <i>Taskonomy</i>, section 4.3: random feasible taxonomies.</remarks>
public static class RandomPolicies
{
    /// <summary>Draws policies.</summary>
    /// <param name="program">The targets, the sources and the budget.</param>
    /// <param name="count">How many, from 1.</param>
    /// <param name="seed">The same seed draws the same policies.</param>
    /// <returns>In each, sources in random order are taken while the budget lasts, and each target takes any transfer from them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than 1.</exception>
    public static IReadOnlyList<TransferPolicy> Draw(TransferProgram program, int count, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var bound = program.ByTarget.Sum(candidates => candidates[0].Worth);
        return [.. Enumerable.Range(0, count).Select(draw => Draw(program, Seeds.Generator(seed, draw), bound))];
    }

    private static TransferPolicy Draw(TransferProgram program, Random random, double bound)
    {
        var order = Enumerable.Range(0, program.Sources.Count).ToArray();
        random.Shuffle(order);
        var chosen = new HashSet<int>();
        var cost = 0.0;
        foreach (var source in order)
        {
            if (program.Affords(cost + program.Costs[source]))
            {
                chosen.Add(source);
                cost += program.Costs[source];
            }
        }

        return program.Policy(
            program.ByTarget.Select(candidates =>
            {
                var usable = candidates.Where(one => one.Sources.All(chosen.Contains)).ToArray();
                return usable.Length > 0 ? usable[random.Next(usable.Length)] : null;
            }),
            bound
        );
    }
}
