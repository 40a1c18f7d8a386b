using System.Numerics;
using System.Runtime.InteropServices;

namespace Plait.Numerics;

/// <summary>The two loops that small dense solvers spend their time in, over whole registers.</summary>
internal static class DenseVector
{
    /// <summary>The inner product of two vectors of one length.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        var i = 0;
        if (left.Length >= 2 * Vector<double>.Count)
        {
            ref var first = ref MemoryMarshal.GetReference(left);
            ref var second = ref MemoryMarshal.GetReference(right[..left.Length]);
            var sums = Vector<double>.Zero;
            for (; i <= left.Length - Vector<double>.Count; i += Vector<double>.Count)
            {
                sums += Vector.LoadUnsafe(ref first, (nuint)i) * Vector.LoadUnsafe(ref second, (nuint)i);
            }

            sum = Vector.Sum(sums);
        }

        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    /// <summary>Adds a multiple of one vector to another of the same length.</summary>
    public static void AddScaled(Span<double> target, double factor, ReadOnlySpan<double> addend)
    {
        var i = 0;
        if (target.Length >= 2 * Vector<double>.Count)
        {
            ref var sum = ref MemoryMarshal.GetReference(target);
            ref var term = ref MemoryMarshal.GetReference(addend[..target.Length]);
            var factors = new Vector<double>(factor);
            for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
            {
                (Vector.LoadUnsafe(ref sum, (nuint)i) + (factors * Vector.LoadUnsafe(ref term, (nuint)i))).StoreUnsafe(
                    ref sum,
                    (nuint)i
                );
            }
        }

        for (; i < target.Length; i++)
        {
            target[i] += factor * addend[i];
        }
    }
}
