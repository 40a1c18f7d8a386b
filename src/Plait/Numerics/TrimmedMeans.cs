using System.Runtime.CompilerServices;

namespace Plait.Numerics;

/// <summary>Means of long vectors of single precision, number by number, without the largest and the smallest ones.</summary>
/// <remarks>
/// Goes once over the vectors, block by block. At each place the largest numbers so far are kept, those that they push out pass by the
/// smallest ones so far, and what these push out is added up. Nothing is subtracted: a number that is far off costs the rest no digits.
/// </remarks>
internal static class TrimmedMeans
{
    private const int Block = 1 << 8; // numbers of each kept vector, so that all of a block stay in the processor's nearest cache

    /// <summary>Takes the means.</summary>
    /// <param name="vectors">Where the vectors begin; more than twice as many as are trimmed. No number may be NaN.</param>
    /// <param name="trim">How many of the largest, and as many of the smallest, numbers are left out.</param>
    /// <param name="mean">Where the mean goes.</param>
    /// <param name="length">How many numbers each vector holds.</param>
    public static unsafe void Of(nint[] vectors, int trim, nint mean, long length)
    {
        var memory = new float[2 * trim * Block];
        fixed (float* kept = memory)
        {
            for (var start = 0L; start < length; start += Block)
            {
                var size = (int)Math.Min(Block, length - start);
                var sum = (float*)mean + start;
                for (var number = 0; number < vectors.Length; number++)
                {
                    var vector = (float*)vectors[number] + start;
                    var done = WideLanes.AreFast
                        ? Take<WideLanes>(number, trim, vector, kept, sum, 0, size)
                        : Take<PlainLanes>(number, trim, vector, kept, sum, 0, size);
                    Take<OneLane>(number, trim, vector, kept, sum, done, size);
                }

                for (var at = 0; at < size; at++)
                {
                    sum[at] /= vectors.Length - (2 * trim);
                }
            }
        }
    }

    /// <summary>Lets one more vector pass by the kept ones.</summary>
    /// <returns>Where it stopped, because what is left of the block is less than the lanes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Take<TLanes>(
        int number,
        int trim,
        float* vector,
        float* kept,
        float* sum,
        int from,
        int size
    )
        where TLanes : struct, ILanes<TLanes>
    {
        var largest = Math.Min(number, trim);
        var smallest = Math.Clamp(number - trim, 0, trim);
        var at = from;
        for (; at <= size - TLanes.Count; at += TLanes.Count)
        {
            var passing = TLanes.Load(vector + at);
            var slot = kept + at;
            for (var i = 0; i < largest; i++, slot += Block)
            {
                var other = TLanes.Load(slot);
                TLanes.Max(passing, other).Store(slot);
                passing = TLanes.Min(passing, other);
            }

            for (var i = 0; i < smallest; i++, slot += Block)
            {
                var other = TLanes.Load(slot);
                TLanes.Min(passing, other).Store(slot);
                passing = TLanes.Max(passing, other);
            }

            if (number < 2 * trim)
            {
                passing.Store(slot);
            }
            else if (number == 2 * trim)
            {
                passing.Store(sum + at);
            }
            else
            {
                (TLanes.Load(sum + at) + passing).Store(sum + at);
            }
        }

        return at;
    }
}
