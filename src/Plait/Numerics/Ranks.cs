namespace Plait.Numerics;

/// <summary>Ranks of numbers, and how alike two rankings are.</summary>
internal static class Ranks
{
    /// <summary>The place of each number in ascending order, from 0; equal numbers share the mean of their places.</summary>
    public static double[] Of(ReadOnlySpan<double> numbers)
    {
        var keys = numbers.ToArray();
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(keys, order);
        var ranks = new double[keys.Length];
        for (var first = 0; first < keys.Length; )
        {
            var end = first + 1;
            while (end < keys.Length && keys[end] == keys[first])
            {
                end++;
            }

            for (var i = first; i < end; i++)
            {
                ranks[order[i]] = (first + end - 1) / 2.0;
            }

            first = end;
        }

        return ranks;
    }

    /// <summary>Spearman's rank correlation, from -1 to 1; NaN when all numbers of one side are equal.</summary>
    public static double Spearman(ReadOnlySpan<double> left, ReadOnlySpan<double> right) =>
        Pearson(Of(left), Of(right));

    /// <summary>Pearson's correlation, from -1 to 1; NaN when all numbers of one side are equal.</summary>
    public static double Pearson(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var (meanLeft, meanRight) = (Mean(left), Mean(right));
        var (product, squareLeft, squareRight) = (0.0, 0.0, 0.0);
        for (var i = 0; i < left.Length; i++)
        {
            var (x, y) = (left[i] - meanLeft, right[i] - meanRight);
            product += x * y;
            squareLeft += x * x;
            squareRight += y * y;
        }

        return product / Math.Sqrt(squareLeft) / Math.Sqrt(squareRight);
    }

    private static double Mean(ReadOnlySpan<double> numbers)
    {
        var sum = 0.0;
        foreach (var number in numbers)
        {
            sum += number;
        }

        return sum / numbers.Length;
    }
}
