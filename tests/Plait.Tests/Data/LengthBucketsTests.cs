using Plait.Data;

namespace Plait.Tests.Data;

public sealed class LengthBucketsTests
{
    private const int Size = 4;
    private const int Pool = 32 * Size;

    /// <summary>Two pools of 32 batches, one of three, and a last batch of two rows.</summary>
    private const int Rows = (2 * Pool) + (3 * Size) + 2;

    [Fact]
    public void Rows_are_sorted_within_a_pool_and_batches_come_by_chance()
    {
        var random = new Random(1);
        long[] lengths = [.. Enumerable.Range(0, Rows).Select(_ => random.NextInt64(1, 9))];
        long[] order = [.. Enumerable.Range(0, Rows).Select(row => (long)row)];

        LengthBuckets.Arrange(order, lengths, Size, new Random(2));

        var batches = order.Chunk(Size).ToArray();
        Assert.Equal([Rows - 2, Rows - 1], batches[^1]); // it has come to no other place
        Assert.All(batches[..^1], batch => Assert.Single(batch.Select(row => row / Pool).Distinct()));
        var places = batches[..^1].Select(batch => batch[0] / Pool).ToArray();
        Assert.NotEqual(places.Order(), places);
        for (var pool = 0; pool < 3; pool++)
        {
            var first = pool * Pool;
            var expected = Enumerable
                .Range(first, Math.Min(Pool, Rows - 2 - first))
                .Select(row => (long)row)
                .OrderBy(row => lengths[row])
                .Chunk(Size)
                .Select(batch => string.Join(",", batch));
            var found = batches[..^1].Where(batch => batch[0] / Pool == pool).Select(batch => string.Join(",", batch));
            Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        }
    }
}
