using System.Numerics;

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
            var sums = Vector<double>.Zero;
            for (; i <= left.Length - Vector<double>.Count; i += Vector<double>.Count)
            {
                sums += new Vector<double>(left[i..]) * new Vector<double>(right[i..]);
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
            var factors = new Vector<double>(factor);
            for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
            {
                (new Vector<double>(target[i..]) + (factors * new Vector<double>(addend[i..]))).CopyTo(target[i..]);
            }
        }

        for (; i < target.Length; i++)
        {
            target[i] += factor * addend[i];
        }
    }
}
