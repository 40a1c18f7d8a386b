namespace Plait.Optimization.MultiObjective.ParetoFront;

/// <summary>Which points of several objectives are worth having; smaller is better in each.</summary>
public static class Dominance
{
    /// <summary>Whether one point is at least as good as another in each objective and better in one.</summary>
    /// <exception cref="ArgumentException">The points have different numbers of objectives.</exception>
    public static bool Dominates(ReadOnlySpan<double> point, ReadOnlySpan<double> other)
    {
        if (point.Length != other.Length)
        {
            throw new ArgumentException(
                $"Points to compare have the same objectives; got {point.Length} and {other.Length}."
            );
        }

        var better = false;
        for (var i = 0; i < point.Length; i++)
        {
            if (!(point[i] <= other[i]))
            {
                return false;
            }

            better |= point[i] < other[i];
        }

        return better;
    }

    /// <summary>The places of the points that no other point dominates, rising; of equal points all stay.</summary>
    /// <param name="points">The objectives of each point, as many for each.</param>
    /// <exception cref="ArgumentException">The points have different numbers of objectives.</exception>
    public static IReadOnlyList<int> NonDominated(IReadOnlyList<double[]> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var kept = new List<int>();
        for (var i = 0; i < points.Count; i++)
        {
            if (!points.Any(other => Dominates(other, points[i])))
            {
                kept.Add(i);
            }
        }

        return kept;
    }
}
