using System.Runtime.CompilerServices;

namespace Plait.Numerics;

/// <summary>Inner products and sums of long vectors of single precision, wherever in memory they lie.</summary>
/// <remarks>
/// Goes over the vectors block by block, each of which stays in the processor's cache until nobody needs it. The loops are compiled
/// with all optimizations at their first call: without them a step takes many times as long, and they would come after 30 steps.
/// </remarks>
internal static class LongVectors
{
    private const int Block = 1 << 11;

    /// <summary>The inner products of all pairs, row by row.</summary>
    /// <remarks>Within a block sums are in single precision, lane by lane; over the blocks in double.</remarks>
    /// <param name="vectors">Where the vectors begin; they may not be moved or freed meanwhile.</param>
    /// <param name="length">How many numbers each holds.</param>
    public static double[] InnerProducts(nint[] vectors, long length)
    {
        var count = vectors.Length;
        var sums = new double[count * count];
        for (var start = 0L; start < length; start += Block)
        {
            var size = (int)Math.Min(Block, length - start);
            var done = WideLanes.AreFast
                ? Multiply<WideLanes>(vectors, sums, start, size)
                : Multiply<PlainLanes>(vectors, sums, start, size);
            if (done < size)
            {
                Multiply<OneLane>(vectors, sums, start + done, size - done);
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
                var from = (float*)vectors[i] + start;
                var to = (float*)sum + start;
                var done = WideLanes.AreFast
                    ? AddTimes<WideLanes>((float)factors[i], from, to, size)
                    : AddTimes<PlainLanes>((float)factors[i], from, to, size);
                AddTimes<OneLane>((float)factors[i], from + done, to + done, size - done);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int AddTimes<TLanes>(float factor, float* vector, float* sum, int size)
        where TLanes : struct, ILanes<TLanes>
    {
        var times = TLanes.All(factor);
        var at = 0;
        for (; at <= size - TLanes.Count; at += TLanes.Count)
        {
            TLanes.FusedMultiplyAdd(times, TLanes.Load(vector + at), TLanes.Load(sum + at)).Store(sum + at);
        }

        return at;
    }

    /// <summary>Adds the products of a block, all but some above the diagonal.</summary>
    /// <returns>How many numbers of the block were gone through: the lanes divide them.</returns>
    private static int Multiply<TLanes>(nint[] vectors, double[] sums, long start, int size)
        where TLanes : struct, ILanes<TLanes>
    {
        for (var i = 0; i < vectors.Length; i += 4)
        {
            for (var j = 0; j < Math.Min(i + 4, vectors.Length); j += 2)
            {
                Tile<TLanes>(vectors, sums, i, j, start, size);
            }
        }

        return size - (size % TLanes.Count);
    }

    /// <summary>The products of four vectors with two: six loads for eight multiplications, in registers that every processor has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Tile<TLanes>(nint[] vectors, double[] sums, int i, int j, long start, int size)
        where TLanes : struct, ILanes<TLanes>
    {
        var last = vectors.Length - 1;
        var a = (float*)vectors[i] + start;
        var b = (float*)vectors[Math.Min(i + 1, last)] + start;
        var c = (float*)vectors[Math.Min(i + 2, last)] + start;
        var d = (float*)vectors[Math.Min(i + 3, last)] + start;
        var y = (float*)vectors[j] + start;
        var z = (float*)vectors[Math.Min(j + 1, last)] + start;
        TLanes ay = default,
            az = default,
            by = default,
            bz = default; // sums of the products, lane by lane
        TLanes cy = default,
            cz = default,
            dy = default,
            dz = default;
        for (var at = 0; at <= size - TLanes.Count; at += TLanes.Count)
        {
            var (left, right) = (TLanes.Load(y + at), TLanes.Load(z + at));
            var row = TLanes.Load(a + at);
            ay = TLanes.FusedMultiplyAdd(row, left, ay);
            az = TLanes.FusedMultiplyAdd(row, right, az);
            row = TLanes.Load(b + at);
            by = TLanes.FusedMultiplyAdd(row, left, by);
            bz = TLanes.FusedMultiplyAdd(row, right, bz);
            row = TLanes.Load(c + at);
            cy = TLanes.FusedMultiplyAdd(row, left, cy);
            cz = TLanes.FusedMultiplyAdd(row, right, cz);
            row = TLanes.Load(d + at);
            dy = TLanes.FusedMultiplyAdd(row, left, dy);
            dz = TLanes.FusedMultiplyAdd(row, right, dz);
        }

        Add(sums, vectors.Length, i, j, ay.Sum, az.Sum);
        Add(sums, vectors.Length, i + 1, j, by.Sum, bz.Sum);
        Add(sums, vectors.Length, i + 2, j, cy.Sum, cz.Sum);
        Add(sums, vectors.Length, i + 3, j, dy.Sum, dz.Sum);
    }

    private static void Add(double[] sums, int count, int i, int j, float first, float second)
    {
        if (i < count)
        {
            sums[(i * count) + j] += first;
            if (j + 1 < count)
            {
                sums[(i * count) + j + 1] += second;
            }
        }
    }
}
