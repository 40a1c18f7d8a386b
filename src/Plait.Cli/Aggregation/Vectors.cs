namespace Plait.Cli.Aggregation;

/// <summary>Lengths and angles of long vectors whose squares may not fit a double.</summary>
internal static class Vectors
{
    /// <summary>The Euclidean length.</summary>
    public static double Length(ReadOnlySpan<double> vector)
    {
        var largest = Largest(vector);
        return largest == 0 ? 0 : largest * Math.Sqrt(Product(vector, vector, 1 / largest, 1 / largest));
    }

    /// <summary>The cosine of the angle between two vectors; 0 where one of them is 0.</summary>
    public static double Cosine(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var (l, r) = (Largest(left), Largest(right));
        return l == 0 || r == 0 ? 0 : Product(left, right, 1 / l, 1 / r) / (Length(left) / l) / (Length(right) / r);
    }

    /// <summary>The largest absolute value.</summary>
    public static double Largest(ReadOnlySpan<double> vector)
    {
        var largest = 0.0;
        foreach (var value in vector)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    private static double Product(
        ReadOnlySpan<double> left,
        ReadOnlySpan<double> right,
        double scaleLeft,
        double scaleRight
    )
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * scaleLeft * (right[i] * scaleRight);
        }

        return sum;
    }
}
