using Plait.Numerics;

namespace Plait.Optimization.MultiObjective.ParetoFront;

/// <summary>How much of the space below a reference point some points dominate; smaller objectives are better, a larger volume is.</summary>
/// <remarks>
/// Zitzler and Thiele 1998, <i>Multiobjective optimization using evolutionary algorithms</i>. Exactly, the space is cut into
/// slices between neighbouring values of the last objective, in each of which the volume has one objective less. With more than
/// four objectives that takes too long, and random points of the box that holds the volume are counted instead.
/// </remarks>
public static class Hypervolume
{
    private const int MostExact = 4;
    private const int Samples = 1_000_000;

    /// <summary>The volume: exact for up to four objectives, estimated from a million samples above.</summary>
    /// <param name="points">The objectives of each point; finite. A point that is not below the reference in each adds nothing.</param>
    /// <param name="reference">One number an objective, the worst value that counts. Volumes with different ones do not compare.</param>
    /// <returns>0 or more.</returns>
    /// <exception cref="ArgumentException">A point has another number of objectives than the reference, or a number is not finite.</exception>
    public static double Of(IReadOnlyList<double[]> points, ReadOnlySpan<double> reference)
    {
        var counted = Below(points, reference);
        return counted.Count == 0 ? 0
            : reference.Length > MostExact ? Sample(counted, reference.ToArray(), Samples, seed: 0)
            : Slice(counted, reference);
    }

    /// <summary>An estimate for any number of objectives.</summary>
    /// <param name="points">As for <see cref="Of"/>.</param>
    /// <param name="reference">As for <see cref="Of"/>.</param>
    /// <param name="samples">Random points; the error falls with their square root. 1 or more.</param>
    /// <param name="seed">Fixes them.</param>
    /// <exception cref="ArgumentException">As for <see cref="Of"/>.</exception>
    public static double Estimate(
        IReadOnlyList<double[]> points,
        ReadOnlySpan<double> reference,
        int samples = Samples,
        long seed = 0
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        var counted = Below(points, reference);
        return counted.Count == 0 ? 0 : Sample(counted, reference.ToArray(), samples, seed);
    }

    /// <summary>The points that dominate some of the space and are not dominated.</summary>
    private static List<double[]> Below(IReadOnlyList<double[]> points, ReadOnlySpan<double> reference)
    {
        ArgumentNullException.ThrowIfNull(points);
        var worst = reference.ToArray();
        if (worst.Length == 0 || !worst.All(double.IsFinite))
        {
            throw new ArgumentException(
                $"A reference point is one finite number an objective; got {string.Join(", ", worst)}.",
                nameof(reference)
            );
        }

        foreach (var point in points)
        {
            if (point.Length != worst.Length || !point.All(double.IsFinite))
            {
                throw new ArgumentException(
                    $"A point has {worst.Length} finite objectives as the reference has; got {string.Join(", ", point)}.",
                    nameof(points)
                );
            }
        }

        double[][] below = [.. points.Where(point => point.Zip(worst).All(pair => pair.First < pair.Second))];
        return [.. Dominance.NonDominated(below).Select(place => below[place])];
    }

    private static double Slice(List<double[]> points, ReadOnlySpan<double> reference)
    {
        var last = reference.Length - 1;
        if (last == 0)
        {
            return reference[0] - points.Min(point => point[0]);
        }

        points.Sort((a, b) => a[last].CompareTo(b[last]));
        return last == 1 ? Sweep(points, reference) : SliceByLast(points, reference);
    }

    private static double SliceByLast(List<double[]> points, ReadOnlySpan<double> reference)
    {
        var last = reference.Length - 1;
        var volume = 0.0;
        var floor = new List<double[]>();
        for (var i = 0; i < points.Count; i++)
        {
            var fresh = points[i][..last];
            floor.RemoveAll(point => Dominance.Dominates(fresh, point));
            floor.Add(fresh);
            var thickness = (i + 1 < points.Count ? points[i + 1][last] : reference[last]) - points[i][last];
            if (thickness > 0)
            {
                volume += thickness * Slice([.. floor], reference[..last]);
            }
        }

        return volume;
    }

    /// <summary>Steps of a staircase: by rising second objective, each point adds what it gains in the first.</summary>
    private static double Sweep(List<double[]> points, ReadOnlySpan<double> reference)
    {
        var area = 0.0;
        var edge = reference[0];
        foreach (var point in points)
        {
            if (point[0] < edge)
            {
                area += (edge - point[0]) * (reference[1] - point[1]);
                edge = point[0];
            }
        }

        return area;
    }

    private static double Sample(List<double[]> points, double[] reference, int samples, long seed)
    {
        var random = Seeds.Generator(seed);
        double[] low = [.. reference.Select((_, i) => points.Min(point => point[i]))];
        var box = reference.Zip(low, (high, from) => high - from).Aggregate(1.0, (product, side) => product * side);
        var drawn = new double[reference.Length];
        var hits = 0;
        for (var sample = 0; sample < samples; sample++)
        {
            for (var i = 0; i < drawn.Length; i++)
            {
                drawn[i] = low[i] + (random.NextDouble() * (reference[i] - low[i]));
            }

            hits += points.Exists(point => IsBelow(point, drawn)) ? 1 : 0;
        }

        return box * hits / samples;
    }

    private static bool IsBelow(double[] point, double[] drawn)
    {
        for (var i = 0; i < point.Length; i++)
        {
            if (point[i] > drawn[i])
            {
                return false;
            }
        }

        return true;
    }
}
