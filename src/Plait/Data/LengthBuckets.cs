namespace Plait.Data;

/// <summary>Puts rows of like length into the same batches, so that little is padded.</summary>
/// <remarks>
/// Within each run of <see cref="Pool"/> batches of an order by chance the rows are sorted by their length; the batches then come in an
/// order by chance again. A last batch of fewer rows stays the last.
/// </remarks>
internal static class LengthBuckets
{
    /// <summary>Batches whose rows change places: enough for batches of nearly one length, and few enough that chance still mixes rows.</summary>
    private const int Pool = 32;

    /// <summary>Arranges an order.</summary>
    /// <param name="order">All rows, in an order by chance; changed in place.</param>
    /// <param name="lengths">Of each row.</param>
    /// <param name="batchSize">Rows a batch.</param>
    /// <param name="chance">What the order of the batches is drawn from.</param>
    public static void Arrange(long[] order, long[] lengths, int batchSize, Random chance)
    {
        var full = order.Length / batchSize * batchSize;
        for (var start = 0; start < full; start += Pool * batchSize)
        {
            var pool = order.AsSpan(start, Math.Min(Pool * batchSize, full - start));
            pool.ToArray().OrderBy(row => lengths[row]).ToArray().CopyTo(pool); // a stable sort, unlike the span's own
        }

        long[][] batches = [.. order.Take(full).Chunk(batchSize)];
        chance.Shuffle(batches);
        batches.SelectMany(batch => batch).ToArray().CopyTo(order, 0);
    }
}
