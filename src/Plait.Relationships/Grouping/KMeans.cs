using Plait.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>Divides points into groups so that the squares of their distances to the groups' means are small.</summary>
/// <remarks>
/// Lloyd 1982, <i>Least squares quantization in PCM</i>, from first means drawn as in Arthur and Vassilvitskii 2007, <i>k-means++: The
/// Advantages of Careful Seeding</i>; the best of several starts counts. A group that loses its last point takes the one that is
/// farthest from the mean of its own, so that there are always as many groups as were asked for.
/// </remarks>
public static class KMeans
{
    private const int MostRounds = 100;

    /// <summary>Divides.</summary>
    /// <param name="points">At least one; all of one length, finite.</param>
    /// <param name="groups">From 1 to the number of points; exactly as many come out.</param>
    /// <param name="seed">Decides what is drawn.</param>
    /// <param name="starts">How many divisions to choose from.</param>
    /// <returns>For each point the number of its group; groups are numbered from 0 in the order of their first points.</returns>
    /// <exception cref="ArgumentException">There are no points, they are of different lengths, or there cannot be that many groups.</exception>
    public static int[] Cluster(IReadOnlyList<double[]> points, int groups, long seed = 0, int starts = 10)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(starts, 1);
        if (points.Count == 0 || points.Any(point => point.Length != points[0].Length))
        {
            throw new ArgumentException("k-means needs points, all of one length.", nameof(points));
        }

        if (groups < 1 || groups > points.Count)
        {
            throw new ArgumentException($"{points.Count} points make 1 to {points.Count} groups; got {groups}.");
        }

        var (best, least) = (Array.Empty<int>(), double.PositiveInfinity);
        for (var start = 0; start < starts; start++)
        {
            var (labels, sum) = Lloyd(points, FirstMeans(points, groups, Seeds.Generator(seed, start)));
            (best, least) = sum < least ? (labels, sum) : (best, least);
        }

        var names = best.Distinct().ToList();
        return Array.ConvertAll(best, names.IndexOf);
    }

    private static List<double[]> FirstMeans(IReadOnlyList<double[]> points, int groups, Random random)
    {
        List<double[]> means = [points[random.Next(points.Count)]];
        while (means.Count < groups)
        {
            var distances = points.Select(point => means.Min(mean => Distance(point, mean))).ToArray();
            var left = random.NextDouble() * distances.Sum();
            var next = Array.FindIndex(distances, distance => (left -= distance) < 0);
            means.Add(points[Math.Max(next, 0)]); // below 0: every point is a mean already
        }

        return means;
    }

    private static (int[] Labels, double Sum) Lloyd(IReadOnlyList<double[]> points, List<double[]> means)
    {
        var labels = new int[points.Count];
        for (var round = 0; round < MostRounds; round++)
        {
            int[] nearest =
            [
                .. points.Select(point => Enumerable.Range(0, means.Count).MinBy(m => Distance(point, means[m]))),
            ];
            FillEmpty(nearest, points, means);
            if (round > 0 && nearest.SequenceEqual(labels))
            {
                break;
            }

            labels = nearest;
            for (var m = 0; m < means.Count; m++)
            {
                var own = Enumerable.Range(0, labels.Length).Where(i => labels[i] == m).ToArray();
                means[m] = [.. means[m].Select((_, k) => own.Average(i => points[i][k]))];
            }
        }

        return (labels, points.Select((point, i) => Distance(point, means[labels[i]])).Sum());
    }

    /// <summary>Gives each empty group a point of a group that has others.</summary>
    private static void FillEmpty(int[] labels, IReadOnlyList<double[]> points, List<double[]> means)
    {
        for (var m = 0; m < means.Count; m++)
        {
            if (!labels.Contains(m))
            {
                var sizes = labels.CountBy(label => label).ToDictionary();
                var farthest = Enumerable
                    .Range(0, labels.Length)
                    .Where(i => sizes[labels[i]] > 1)
                    .MaxBy(i => Distance(points[i], means[labels[i]]));
                labels[farthest] = m;
            }
        }
    }

    private static double Distance(double[] left, double[] right)
    {
        var sum = 0.0;
        for (var k = 0; k < left.Length; k++)
        {
            sum += (left[k] - right[k]) * (left[k] - right[k]);
        }

        return sum;
    }
}
