using Plait.Numerics;

namespace Plait.Relationships.Grouping;

/// <summary>Divides tasks into groups so that little affinity is cut, in proportion to what the groups have.</summary>
/// <remarks>
/// Normalised cuts (Shi and Malik 2000) as relaxed by Ng, Jordan, Weiss 2001, <i>On Spectral Clustering</i>, section 2: the leading
/// eigenvectors of D^-1/2 W D^-1/2, each task's row brought to length 1, and k-means. W holds the mean of both directions; where
/// affinities are negative the least is taken as 0, so that only differences count.
/// </remarks>
public static class SpectralClustering
{
    /// <summary>Divides.</summary>
    /// <param name="affinities">Greater is better; the diagonal is not read.</param>
    /// <param name="groups">From 1 to the number of tasks.</param>
    /// <param name="seed">Decides what k-means draws.</param>
    /// <returns>For each task the number of its group; groups are numbered from 0 in the order of their first tasks.</returns>
    /// <exception cref="ArgumentException">There are no tasks, or there cannot be that many groups.</exception>
    public static int[] Cluster(AffinityMatrix affinities, int groups, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(affinities);
        var count = affinities.Count;
        if (groups < 1 || groups > count)
        {
            throw new ArgumentException($"{count} tasks make 1 to {count} groups; got {groups}.", nameof(groups));
        }

        var values = new double[count];
        var vectors = new double[count * count];
        var rank = GramianEigen.Decompose(Normalized(affinities), values, vectors);
        var rows = new double[count][];
        for (var task = 0; task < count; task++)
        {
            rows[task] = new double[groups];
            for (var k = 0; k < Math.Min(groups, rank); k++)
            {
                rows[task][k] = vectors[(k * count) + task];
            }

            var length = Math.Sqrt(rows[task].Sum(x => x * x));
            rows[task] = length > 0 ? Array.ConvertAll(rows[task], x => x / length) : rows[task];
        }

        return KMeans.Cluster(rows, groups, seed);
    }

    /// <summary>I + D^-1/2 W D^-1/2, whose eigenvalues are from 0 to 2.</summary>
    private static double[] Normalized(AffinityMatrix affinities)
    {
        var count = affinities.Count;
        var both = affinities.Symmetrized();
        var least = 0.0;
        for (var i = 0; i < count * count; i++)
        {
            least = i / count == i % count ? least : Math.Min(least, both[i / count, i % count]);
        }

        var degrees = new double[count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                degrees[i] += i == j ? 0 : both[i, j] - least;
            }
        }

        var normalized = new double[count * count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < count; j++)
            {
                var root = Math.Sqrt(degrees[i] * degrees[j]);
                normalized[(i * count) + j] =
                    i == j ? 1
                    : root > 0 ? (both[i, j] - least) / root
                    : 0;
            }
        }

        return normalized;
    }
}
