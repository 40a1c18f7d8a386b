using Plait.Relationships.Grouping;

namespace Plait.Relationships.Tests.Grouping;

public sealed class ClusteringTests
{
    [Theory]
    [InlineData(12, 3, 1.5)]
    [InlineData(20, 4, 1)]
    [InlineData(9, 1, 1)]
    public void Spectral_clustering_finds_families(int tasks, int families, double noise)
    {
        var affinities = RandomTables.Families(new Random(tasks), tasks, families, noise);

        var groups = SpectralClustering.Cluster(affinities, families);

        Assert.Equal(1, AdjustedRandIndex.Of([.. Enumerable.Range(0, tasks).Select(task => task % families)], groups));
        Assert.Equal(Enumerable.Range(0, families), groups.Distinct());
    }

    [Theory]
    [InlineData(0.3)] // less than the mean is above the lowest
    [InlineData(100)]
    public void Spectral_clustering_sees_differences_of_affinities_alone(double below)
    {
        var affinities = RandomTables.Families(new Random(1), 12, 3, noise: 1);
        var values = affinities.Values.ToArray();
        var lowest = Enumerable.Range(0, 144).Where(i => i / 12 != i % 12).Min(i => affinities.Symmetrized().Values[i]);
        var lower = new AffinityMatrix(affinities.Tasks, Array.ConvertAll(values, x => x - lowest - below));
        var scaled = new AffinityMatrix(affinities.Tasks, Array.ConvertAll(values, x => 50 * (x - lowest)));

        Assert.Equal(SpectralClustering.Cluster(scaled, 3), SpectralClustering.Cluster(lower, 3));
    }

    [Fact]
    public void Tasks_without_any_affinity_make_as_many_groups_as_are_wanted()
    {
        var none = new AffinityMatrix(["a", "b", "c"], new double[9]);

        Assert.Equal([0, 0, 0], SpectralClustering.Cluster(none, 1));
        Assert.Equal([0, 1], SpectralClustering.Cluster(none, 2).Distinct());
        Assert.Equal([0, 1, 2], SpectralClustering.Cluster(none, 3));
    }

    [Fact]
    public void A_task_without_affinity_is_alone_beside_two_that_have_some() =>
        Assert.Equal(
            [0, 1, 0],
            SpectralClustering.Cluster(new AffinityMatrix(["a", "b", "c"], [0, 0, 1, 0, 0, 0, 1, 0, 0]), 2)
        );

    [Fact]
    public void Means_find_heaps_of_points()
    {
        var random = new Random(4);
        var heaps = Enumerable.Range(0, 60).Select(i => i % 4).ToArray();
        double[][] points =
        [
            .. heaps.Select(heap =>
                new[] { (10 * (heap / 2)) + random.NextDouble(), (10 * (heap % 2)) + random.NextDouble() }
            ),
        ];

        Assert.Equal(heaps, KMeans.Cluster(points, 4, seed: 9));
        Assert.Equal(60, KMeans.Cluster(points, 60).Distinct().Count());
    }

    [Fact]
    public void There_are_as_many_groups_as_were_asked_for()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            double[][] points =
            [
                .. Enumerable.Range(0, 8).Select(_ => new double[] { random.Next(4), random.Next(4) }),
            ];
            for (var groups = 1; groups <= points.Length; groups++)
            {
                Assert.Equal(Enumerable.Range(0, groups), KMeans.Cluster(points, groups, seed, starts: 1).Distinct());
            }
        }
    }

    [Fact]
    public void Groups_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentException>(() => KMeans.Cluster([], 1));
        Assert.Throws<ArgumentException>(() =>
            KMeans.Cluster(
                [
                    [1.0],
                    [1.0, 2],
                ],
                1
            )
        );
        Assert.Throws<ArgumentException>(() =>
            KMeans.Cluster(
                [
                    [1.0],
                    [2.0],
                ],
                3
            )
        );
        Assert.Throws<ArgumentException>(() =>
            SpectralClustering.Cluster(RandomTables.Affinities(new Random(1), 3), 4)
        );
    }
}
