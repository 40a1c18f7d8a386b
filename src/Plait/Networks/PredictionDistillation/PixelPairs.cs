namespace Plait.Networks.PredictionDistillation;

/// <summary>How large an attention over all pairs of pixels may be.</summary>
internal static class PixelPairs
{
    /// <summary>Pixels of one map at most: 64 x 64, whose pairs take 64 MiB for one row and one pair of tasks.</summary>
    public const int MostPixels = 4096;

    private const long FewestKeys = 8;

    /// <summary>Refuses a number of pixels below 1 or above what fits.</summary>
    public static void Require(int pixels, string name)
    {
        if (pixels is < 1 or > MostPixels)
        {
            throw new ArgumentOutOfRangeException(
                name,
                pixels,
                $"Pairs are computed between 1 to {MostPixels} pixels, since they take memory by its square; got {pixels}."
            );
        }
    }

    /// <summary>The finest grid [height, width] of square blocks of a map's pixels that has no more than some pixels.</summary>
    public static long[] GridOf(long height, long width, int pixels)
    {
        var block = 1L;
        while (Divide(height, block) * Divide(width, block) > pixels)
        {
            block++;
        }

        return [Divide(height, block), Divide(width, block)];
    }

    /// <summary>Channels in which pixels are compared: a quarter of the features', but not below 8.</summary>
    public static long KeysOf(long channels) => Math.Max(FewestKeys, channels / 4);

    private static long Divide(long size, long block) => (size + block - 1) / block;
}
