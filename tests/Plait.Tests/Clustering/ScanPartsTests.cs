using Plait.Clustering;
using Plait.Torch;

namespace Plait.Tests.Clustering;

[Collection("torch")]
public sealed class ScanPartsTests
{
    [Fact]
    public void The_contrastive_loss_is_the_cross_entropy_of_finding_the_other_view()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(1);
        var (one, other) = (torch.randn(3, 5), torch.randn(3, 5));
        var all = torch.cat([one, other]);
        var expected = 0.0;
        for (var i = 0; i < 6; i++)
        {
            var likeness = Enumerable.Range(0, 6).Select(j => Math.Exp(Cosine(i, j) / 0.5)).ToArray();
            expected -= Math.Log(likeness[(i + 3) % 6] / (likeness.Sum() - likeness[i]));
        }

        Assert.Equal(expected / 6, ScanLosses.Contrastive(one, other, 0.5).ToDouble(), 4);

        double Cosine(int i, int j) =>
            torch.nn.functional.cosine_similarity(all.narrow(0, i, 1), all.narrow(0, j, 1)).ToDouble();
    }

    [Fact]
    public void The_clustering_loss_is_equation_2()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(2);
        var (anchors, neighbours) = (torch.randn(4, 3, ScalarType.Float64), torch.randn(4, 3, ScalarType.Float64));
        var (p, q) = (anchors.softmax(1), neighbours.softmax(1));
        var share = p.mean([0L]);

        var expected = p.mul(q).sum(1L).log().mean().neg().add(share.mul(share.log()).sum().mul(5));

        Assert.Equal(expected.ToDouble(), ScanLosses.Clustering(anchors, neighbours, 5).ToDouble(), 10);
    }

    [Fact]
    public void Answers_that_are_sure_and_disagree_cost_much_and_not_infinitely_much()
    {
        using var scope = torch.NewDisposeScope();
        var anchors = torch
            .tensor(
                new[,]
                {
                    { 200f, -200f },
                }
            )
            .requires_grad_();
        var loss = ScanLosses.Clustering(
            anchors,
            torch.tensor(
                new[,]
                {
                    { -200f, 200f },
                }
            ),
            5
        );
        loss.backward();

        Assert.InRange(loss.ToDouble(), 100, 1000);
        Assert.All(Numbers.Read(anchors.grad!.flatten()), number => Assert.True(double.IsFinite(number)));
    }

    [Fact]
    public void Only_images_that_are_sure_label_themselves_and_every_cluster_counts_alike()
    {
        using var scope = torch.NewDisposeScope();
        var weak = torch.tensor(
            new[,]
            {
                { 9f, 0f },
                { 9f, 0f },
                { 0f, 9f },
                { 0.1f, 0f },
            }
        );
        var strong = torch.tensor(
            new[,]
            {
                { 1f, 0f },
                { 2f, 0f },
                { 0f, 3f },
                { 5f, 7f },
            }
        );
        double[] costs = [.. new[] { 1.0, 2, 3 }.Select(gap => Math.Log(1 + Math.Exp(-gap)))];

        // Two of cluster 0 weigh as much as one of cluster 1.
        var expected = (((costs[0] + costs[1]) / 2) + costs[2]) / 2;

        Assert.Equal(expected, ScanLosses.SelfLabelling(weak, strong, 0.99)!.ToDouble(), 5);
        Assert.Null(ScanLosses.SelfLabelling(weak.narrow(0, 3, 1), strong.narrow(0, 3, 1), 0.99));
    }

    [Fact]
    public void Neighbours_are_those_of_the_largest_cosine_and_never_the_row_itself()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(4);
        var features = torch.randn(30, 4);
        var unit = torch.nn.functional.normalize(features, dim: 1);
        var likeness = unit.mm(unit.t());

        var found = Neighbours.Of(features, 3);

        for (var row = 0; row < 30; row++)
        {
            var own = Numbers.Read(likeness.select(0, row));
            var expected = Enumerable.Range(0, 30).Where(j => j != row).OrderByDescending(j => own[j]).Take(3);
            Assert.Equal(expected.Select(j => (long)j), found.select(0, row).data<long>().ToArray());
        }
    }

    [Fact]
    public void Views_without_chance_are_the_images()
    {
        using var scope = torch.NewDisposeScope();
        var images = torch.randn(3, 2, 8, 6);
        var still = new ImageViews
        {
            SmallestCrop = 1,
            Mirrors = false,
            Light = 0,
        };
        using var generator = new torch.Generator(1, torch.CPU);

        Assert.True(still.Of(images, generator).allclose(images, rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void A_covered_square_is_all_that_a_cover_changes()
    {
        using var scope = torch.NewDisposeScope();
        var images = torch.ones(20, 1, 16, 16);
        var covering = new ImageViews
        {
            SmallestCrop = 1,
            Mirrors = false,
            Light = 0,
            Cover = 0.5,
        };
        using var generator = new torch.Generator(1, torch.CPU);

        var left = Numbers.Read(covering.Of(images, generator).sum([1L, 2L, 3L]));

        Assert.All(left, sum => Assert.InRange(sum, 256 - 64.5, 256 - 16 + 0.5));
    }

    [Theory]
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 1, 1, 0, 0 }, 1.0)]
    [InlineData(new[] { 0, 0, 0, 0 }, new[] { 0, 1, 2, 3 }, 0.25)]
    [InlineData(new[] { 0, 1, 2, 2 }, new[] { 0, 0, 1, 1 }, 0.75)]
    public void Accuracy_gives_each_class_one_cluster(int[] clusters, int[] classes, double expected) =>
        Assert.Equal(expected, ClusteringAccuracy.Of(clusters, classes));
}
