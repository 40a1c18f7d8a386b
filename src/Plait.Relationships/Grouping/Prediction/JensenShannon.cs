namespace Plait.Relationships.Grouping.Prediction;

/// <summary>How far two distributions over the same things are apart, such as the words of two data sets.</summary>
/// <remarks>Lin 1991, <i>Divergence measures based on the Shannon entropy</i>, with equal weights; a feature of Bingel and Søgaard 2017.</remarks>
public static class JensenShannon
{
    /// <summary>Compares.</summary>
    /// <param name="left">How often each thing comes, or its share; 0 or more, not all 0.</param>
    /// <param name="right">The same for the other distribution, of the same length.</param>
    /// <returns>In nats: 0 for the same shares, ln 2 where no thing comes in both.</returns>
    /// <exception cref="ArgumentException">The lengths differ, a number is negative or not finite, or one side is all 0.</exception>
    public static double Of(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        if (left.Length != right.Length)
        {
            throw new ArgumentException(
                $"{left.Length} things cannot be compared with {right.Length}; count both over one vocabulary.",
                nameof(right)
            );
        }

        var (sumLeft, sumRight) = (Sum(left, nameof(left)), Sum(right, nameof(right)));
        var divergence = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            var (p, q) = (left[i] / sumLeft, right[i] / sumRight);
            divergence += (Term(p, (p + q) / 2) + Term(q, (p + q) / 2)) / 2;
        }

        return Math.Max(divergence, 0);
    }

    private static double Term(double share, double mean) => share > 0 ? share * Math.Log(share / mean) : 0;

    private static double Sum(ReadOnlySpan<double> counts, string name)
    {
        var sum = 0.0;
        foreach (var count in counts)
        {
            if (!(count >= 0 && double.IsFinite(count)))
            {
                throw new ArgumentException($"A count is {count}; counts are finite and 0 or more.", name);
            }

            sum += count;
        }

        return sum > 0 ? sum : throw new ArgumentException("Nothing was counted.", name);
    }
}
