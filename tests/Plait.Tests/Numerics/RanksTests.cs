using Plait.Numerics;

namespace Plait.Tests.Numerics;

public sealed class RanksTests
{
    [Fact]
    public void Equal_numbers_share_the_mean_of_their_places() =>
        Assert.Equal([2, 0.5, 0.5, 3], Ranks.Of([5.0, 1, 1, 9]));

    [Fact]
    public void A_rank_correlation_sees_order_alone()
    {
        Assert.Equal(1, Ranks.Spearman([1, 2, 3], [1, 10, 1000]), 1e-12);
        Assert.Equal(-1, Ranks.Spearman([1, 2, 3], [3, 2, 1]), 1e-12);
        Assert.Equal(0.5, Ranks.Spearman([1, 2, 3], [1, 3, 2]), 1e-12);
        Assert.True(double.IsNaN(Ranks.Spearman([1, 2, 3], [4, 4, 4])));
    }
}
