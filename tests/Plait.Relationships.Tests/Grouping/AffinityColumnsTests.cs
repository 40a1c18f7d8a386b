using Plait.Relationships.Grouping;

namespace Plait.Relationships.Tests.Grouping;

public sealed class AffinityColumnsTests
{
    [Fact]
    public void Prices_settle_where_the_bound_over_all_groups_meets_the_best_total()
    {
        // Tables whose linear relaxation is no better than whole groups; not all are.
        for (var seed = 0; seed < 8; seed++)
        {
            var affinities = RandomTables.Affinities(new Random(seed), 5);
            var best = RandomTables.Best(affinities, groups: 2);
            var columns = new AffinityColumns(new AffinityScore(affinities, AloneScore.LastResort), groups: 2);
            for (var group = 1ul; group < 1ul << 5; group++)
            {
                columns.Add(group);
            }

            var prices = new double[5];
            Array.Fill(prices, best / 5);

            columns.Settle(prices, best);

            Assert.Equal(best, prices.Sum() + (2 * columns.Best(prices)), 1e-6);
        }
    }
}
