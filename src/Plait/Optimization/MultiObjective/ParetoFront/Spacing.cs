namespace Plait.Optimization.MultiObjective.ParetoFront;

/// <summary>How unevenly points lie along a front: 0 for even gaps, more for clusters and holes.</summary>
/// <remarks>
/// Schott 1995, <i>Fault tolerant design using single and multicriteria genetic algorithm optimization</i>: the standard deviation
/// over the points of the distance to the nearest other point, in the sum of absolute differences. It says nothing of how good
/// the points are.
/// </remarks>
public static class Spacing
{
    /// <summary>The spacing, in the objectives' unit.</summary>
    /// <param name="points">The objectives of each point; at least two points, else the result is NaN.</param>
    /// <exception cref="ArgumentException">The points have different numbers of objectives.</exception>
    public static double Of(IReadOnlyList<double[]> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count < 2)
        {
            return double.NaN;
        }

        double[] nearest =
        [
            .. points.Select((point, i) => points.Where((_, j) => j != i).Min(other => Distance(point, other))),
        ];
        var mean = nearest.Average();
        return Math.Sqrt(nearest.Sum(distance => (distance - mean) * (distance - mean)) / (points.Count - 1));
    }

    private static double Distance(double[] a, double[] b) =>
        a.Length == b.Length
            ? a.Zip(b, (x, y) => Math.Abs(x - y)).Sum()
            : throw new ArgumentException(
                $"Points to compare have the same objectives; got {a.Length} and {b.Length}."
            );
}
