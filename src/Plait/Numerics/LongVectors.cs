using System.Numerics;

namespace Plait.Numerics;

/// <summary>Inner products and sums of long vectors of single precision, wherever in memory they lie.</summary>
/// <remarks>Goes over the vectors block by block, each of which stays in the processor's cache until nobody needs it.</remarks>
internal static class LongVectors
{
    private const int Block = 1 << 10;

    /// <summary>The inner products of all pairs, row by row.</summary>
    /// <remarks>Within a block sums are in single precision, lane by lane; over the blocks in double.</remarks>
    /// <param name="vectors">Where the vectors begin; they may not be moved or freed meanwhile.</param>
    /// <param name="length">How many numbers each holds.</param>
    public static unsafe double[] InnerProducts(nint[] vectors, long length)
    {
        var count = vectors.Length;
        var sums = new double[count * count];
        for (var start = 0L; start < length; start += Block)
        {
            var size = (int)Math.Min(Block, length - start);
            for (var i = 0; i < count; i += 2)
            {
                var first = (float*)vectors[i] + start;
                var second = i + 1 < count ? (float*)vectors[i + 1] + start : first;
                for (var j = 0; j <= i; j += 2)
                {
                    var third = (float*)vectors[j] + start;
                    var fourth = j + 1 < count ? (float*)vectors[j + 1] + start : third;
                    var (a, b, c, d) = Tile(first, second, third, fourth, size);
                    sums[(i * count) + j] += a;
                    if (j + 1 < count)
                    {
                        sums[(i * count) + j + 1] += b;
                    }

                    if (i + 1 < count)
                    {
                        sums[((i + 1) * count) + j] += c;
                    }

                    if (i + 1 < count && j + 1 < count)
                    {
                        sums[((i + 1) * count) + j + 1] += d;
                    }
                }
            }
        }

        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                sums[(i * count) + j] = sums[(j * count) + i];
            }
        }

        return sums;
    }

    /// <summary>Adds up the vectors, each times its factor.</summary>
    /// <param name="vectors">Where the vectors begin.</param>
    /// <param name="factors">One a vector.</param>
    /// <param name="sum">Where the sum goes.</param>
    /// <param name="length">How many numbers each holds.</param>
    public static unsafe void Combine(nint[] vectors, ReadOnlySpan<double> factors, nint sum, long length)
    {
        for (var start = 0L; start < length; start += Block)
        {
            var size = (int)Math.Min(Block, length - start);
            new Span<float>((float*)sum + start, size).Clear();
            for (var i = 0; i < vectors.Length; i++)
            {
                AddTimes((float)factors[i], (float*)vectors[i] + start, (float*)sum + start, size);
            }
        }
    }

    private static unsafe void AddTimes(float factor, float* vector, float* sum, int size)
    {
        var times = new Vector<float>(factor);
        var at = 0;
        for (; at <= size - Vector<float>.Count; at += Vector<float>.Count)
        {
            Vector.FusedMultiplyAdd(times, Vector.Load(vector + at), Vector.Load(sum + at)).Store(sum + at);
        }

        for (; at < size; at++)
        {
            sum[at] += factor * vector[at];
        }
    }

    /// <summary>The products of two vectors with two others: one load from memory for each multiplication.</summary>
    private static unsafe (double A, double B, double C, double D) Tile(
        float* first,
        float* second,
        float* third,
        float* fourth,
        int size
    )
    {
        var (a, b, c, d) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var at = 0;
        for (; at <= size - Vector<float>.Count; at += Vector<float>.Count)
        {
            var (w, x) = (Vector.Load(first + at), Vector.Load(second + at));
            var (y, z) = (Vector.Load(third + at), Vector.Load(fourth + at));
            a = Vector.FusedMultiplyAdd(w, y, a);
            b = Vector.FusedMultiplyAdd(w, z, b);
            c = Vector.FusedMultiplyAdd(x, y, c);
            d = Vector.FusedMultiplyAdd(x, z, d);
        }

        double e = Vector.Sum(a);
        double f = Vector.Sum(b);
        double g = Vector.Sum(c);
        double h = Vector.Sum(d);
        for (; at < size; at++)
        {
            e += first[at] * third[at];
            f += first[at] * fourth[at];
            g += second[at] * third[at];
            h += second[at] * fourth[at];
        }

        return (e, f, g, h);
    }
}
