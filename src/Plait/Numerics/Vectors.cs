using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Plait.Numerics;

/// <summary>The few operations on vectors that dense solvers spend their time in, several numbers at once.</summary>
internal static class Vectors
{
    /// <summary>The distance of 1 to the next double.</summary>
    public const double Rounding = 2.220446049250313e-16;

    /// <summary>The inner product.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var (sums, others) = (Vector<double>.Zero, Vector<double>.Zero); // neither waits for the other
        var i = 0;
        for (; i <= left.Length - (2 * Vector<double>.Count); i += 2 * Vector<double>.Count)
        {
            var next = i + Vector<double>.Count;
            sums = Vector.MultiplyAddEstimate(At(left, i), At(right, i), sums);
            others = Vector.MultiplyAddEstimate(At(left, next), At(right, next), others);
        }

        for (; i <= left.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            sums = Vector.MultiplyAddEstimate(At(left, i), At(right, i), sums);
        }

        var sum = Vector.Sum(sums + others);
        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    /// <summary>Adds a multiple of one vector to another.</summary>
    public static void AddScaled(Span<double> sum, double factor, ReadOnlySpan<double> vector)
    {
        var factors = new Vector<double>(factor);
        var i = 0;
        for (; i <= sum.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Put(sum, i, Vector.MultiplyAddEstimate(factors, At(vector, i), At(sum, i)));
        }

        for (; i < sum.Length; i++)
        {
            sum[i] += factor * vector[i];
        }
    }

    /// <summary>Adds multiples of two vectors to another.</summary>
    public static void AddScaled(
        Span<double> sum,
        double firstFactor,
        ReadOnlySpan<double> first,
        double secondFactor,
        ReadOnlySpan<double> second
    )
    {
        var (firstFactors, secondFactors) = (new Vector<double>(firstFactor), new Vector<double>(secondFactor));
        var i = 0;
        for (; i <= sum.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var part = Vector.MultiplyAddEstimate(firstFactors, At(first, i), At(sum, i));
            Put(sum, i, Vector.MultiplyAddEstimate(secondFactors, At(second, i), part));
        }

        for (; i < sum.Length; i++)
        {
            sum[i] += (firstFactor * first[i]) + (secondFactor * second[i]);
        }
    }

    /// <summary>Turns two vectors by an angle in the plane that they span.</summary>
    public static void Rotate(Span<double> left, Span<double> right, double cosine, double sine)
    {
        var (cosines, sines) = (new Vector<double>(cosine), new Vector<double>(sine));
        var i = 0;
        for (; i <= left.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var (a, b) = (At(left, i), At(right, i));
            Put(left, i, Vector.MultiplyAddEstimate(cosines, a, -(sines * b)));
            Put(right, i, Vector.MultiplyAddEstimate(sines, a, cosines * b));
        }

        for (; i < left.Length; i++)
        {
            (left[i], right[i]) = ((cosine * left[i]) - (sine * right[i]), (sine * left[i]) + (cosine * right[i]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> At(ReadOnlySpan<double> values, int start) =>
        Unsafe.ReadUnaligned<Vector<double>>(
            ref Unsafe.As<double, byte>(ref Unsafe.Add(ref MemoryMarshal.GetReference(values), start))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Span<double> values, int start, Vector<double> part) =>
        Unsafe.WriteUnaligned(
            ref Unsafe.As<double, byte>(ref Unsafe.Add(ref MemoryMarshal.GetReference(values), start)),
            part
        );
}
