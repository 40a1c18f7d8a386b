using Plait.Numerics;

namespace Plait.Clustering;

/// <summary>The share of things whose cluster is the one that their class is given, each class one cluster, chosen for the best share.</summary>
public static class ClusteringAccuracy
{
    /// <summary>Compares clusters with classes.</summary>
    /// <param name="clusters">For each thing its cluster, from 0.</param>
    /// <param name="classes">For each thing its class, from 0.</param>
    /// <returns>From 0 to 1; of chance and equal classes about 1 over their number.</returns>
    /// <exception cref="ArgumentException">They are of different numbers of things, or of none.</exception>
    public static double Of(IReadOnlyList<int> clusters, IReadOnlyList<int> classes)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        ArgumentNullException.ThrowIfNull(classes);
        if (clusters.Count != classes.Count || clusters.Count == 0)
        {
            throw new ArgumentException(
                $"{clusters.Count} clusters cannot be compared with {classes.Count} classes.",
                nameof(classes)
            );
        }

        var size = Math.Max(clusters.Max(), classes.Max()) + 1;
        var together = new double[size, size];
        foreach (var (cluster, label) in clusters.Zip(classes))
        {
            together[cluster, label]++;
        }

        return Assignment.Largest(together).Select((label, cluster) => together[cluster, label]).Sum() / clusters.Count;
    }
}
