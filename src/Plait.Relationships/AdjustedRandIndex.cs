namespace Plait.Relationships;

/// <summary>How far two divisions of the same things into groups agree, beyond what chance would.</summary>
/// <remarks>Hubert &amp; Arabie 1985, <i>Comparing Partitions</i>, equation 5.</remarks>
public static class AdjustedRandIndex
{
    /// <summary>Compares two divisions.</summary>
    /// <param name="left">For each thing, a number that names its group.</param>
    /// <param name="right">The same for the other division.</param>
    /// <returns>1 for the same division, about 0 for an arbitrary one, less than 0 for one worse than that.</returns>
    /// <exception cref="ArgumentException">The divisions are of different numbers of things.</exception>
    public static double Of(IReadOnlyList<int> left, IReadOnlyList<int> right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Count != right.Count)
        {
            throw new ArgumentException($"{left.Count} things cannot be compared with {right.Count}.", nameof(right));
        }

        var together = left.Zip(right).GroupBy(pair => pair).Sum(group => Pairs(group.Count()));
        var inLeft = left.GroupBy(name => name).Sum(group => Pairs(group.Count()));
        var inRight = right.GroupBy(name => name).Sum(group => Pairs(group.Count()));
        var all = Pairs(left.Count);
        var expected = all == 0 ? 0 : inLeft * inRight / all;
        var most = (inLeft + inRight) / 2;
        return most == expected ? 1 : (together - expected) / (most - expected);
    }

    private static double Pairs(double count) => count * (count - 1) / 2;
}
