using Plait.Relationships.Tests.Tables;
using Plait.Relationships.Transfer;

namespace Plait.Relationships.Tests.Transfer;

/// <summary>Zamir et al. 2018, on their own affinities. The totals were computed by looking at every choice of sources, apart from this code.</summary>
public class PublishedTaxonomyTests
{
    private static readonly string[][] Groups =
    [
        ["curvature", "edge3d", "keypoint3d", "reshade", "rgb2depth", "rgb2mist", "rgb2sfnorm", "segment25d"],
        ["autoencoder", "denoise", "edge2d", "keypoint2d", "segment2d"],
        ["ego_motion", "fix_pose", "non_fixated_pose", "point_match", "room_layout", "vanishing_point_well_defined"],
        ["class_1000", "class_places", "class_selected", "segmentsemantic_rb"],
    ];

    [Theory]
    [InlineData("all_affinities", 1, 0.502045, "rgb2sfnorm")]
    [InlineData("all_affinities", 2, 0.785611, "denoise rgb2sfnorm")]
    [InlineData("all_affinities", 3, 0.837577, "denoise reshade rgb2sfnorm")]
    [InlineData("all_affinities", 4, 0.864219, "class_selected denoise reshade rgb2sfnorm")]
    [InlineData("all_affinities_16k", 1, 0.197949, "rgb2sfnorm")]
    [InlineData("all_affinities_16k", 2, 0.260112, "denoise rgb2sfnorm")]
    [InlineData("all_affinities_16k", 3, 0.272987, "denoise reshade rgb2sfnorm")]
    [InlineData("all_affinities_16k", 4, 0.281937, "class_selected denoise reshade rgb2sfnorm")]
    [InlineData("all_affinities_1k", 1, 0.216306, "rgb2sfnorm")]
    [InlineData("all_affinities_1k", 2, 0.261897, "denoise rgb2sfnorm")]
    [InlineData("all_affinities_1k", 3, 0.283319, "class_selected denoise rgb2sfnorm")]
    [InlineData("all_affinities_1k", 4, 0.300314, "class_selected denoise reshade rgb2sfnorm")]
    public void Transfers_of_one_source_come_to_the_known_totals(
        string table,
        int budget,
        double total,
        string sources
    ) => Check(table, new() { Budget = budget }, total, sources);

    [Theory]
    [InlineData("all_affinities", 1, 1.313496, "denoise")]
    [InlineData("all_affinities", 2, 2.146462, "denoise edge2d")]
    [InlineData("all_affinities", 3, 2.858891, "denoise edge2d rgb2sfnorm")]
    [InlineData("all_affinities", 4, 3.352283, "denoise edge2d keypoint2d rgb2sfnorm")]
    [InlineData("all_affinities_16k", 1, 0.936660, "denoise")]
    [InlineData("all_affinities_16k", 2, 1.532514, "denoise edge2d")]
    [InlineData("all_affinities_16k", 3, 1.796868, "denoise edge2d rgb2sfnorm")]
    [InlineData("all_affinities_16k", 4, 1.999718, "denoise edge2d keypoint2d rgb2sfnorm")]
    [InlineData("all_affinities_1k", 1, 0.977785, "denoise")]
    [InlineData("all_affinities_1k", 2, 1.828546, "denoise edge2d")]
    [InlineData("all_affinities_1k", 3, 2.376390, "denoise edge2d rgb2sfnorm")]
    [InlineData("all_affinities_1k", 4, 2.825628, "denoise edge2d keypoint2d rgb2sfnorm")]
    public void Own_supervision_comes_to_the_known_totals(string table, int budget, double total, string sources) =>
        Check(table, new() { Budget = budget, OwnSupervision = true }, total, sources);

    [Theory]
    [InlineData("all_affinities", 0.1876, 0.0045)]
    [InlineData("all_affinities_16k", 0.1117, 0.0028)]
    [InlineData("all_affinities_1k", 0.2024, 0.0037)]
    public void The_affinities_of_a_target_add_up_to_one_and_its_own_network_is_far_above_a_random_one(
        string table,
        double own,
        double random
    )
    {
        var transfers = PublishedTransfers.Of(table);

        Assert.Equal(22, transfers.Targets.Count);
        Assert.All(
            transfers.Transfers.GroupBy(transfer => transfer.Target),
            target => Assert.Equal(1, target.Sum(transfer => transfer.Value), 1e-6)
        );
        Assert.Equal(own, Mean(transfers, TransferTable.Own), 4);
        Assert.Equal(random, Mean(transfers, TransferTable.Random), 4);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(9)]
    public void Both_solvers_agree_on_transfers_of_all_orders(int budget)
    {
        foreach (var table in new[] { "all_affinities", "all_affinities_16k", "all_affinities_1k" })
        {
            var program = new TransferProgram(
                PublishedTransfers.Of(table),
                new()
                {
                    Budget = budget,
                    MostSources = null,
                    OwnSupervision = budget % 2 == 1,
                }
            );

            var exact = TransferSelection.Solve(program);
            var scip = ScipTransferSelection.Solve(program);

            Assert.True(scip.Optimal);
            Assert.Equal(exact.Total, scip.Total, 1e-9);
        }
    }

    [Theory]
    [InlineData("all_affinities")]
    [InlineData("all_affinities_16k")]
    [InlineData("all_affinities_1k")]
    public void The_tree_of_tasks_falls_into_the_four_groups_of_the_paper(string table)
    {
        var tree = TransferringOut.Tree(PublishedTransfers.Of(table));
        var published = tree.Names.Select(name => Array.FindIndex(Groups, group => group.Contains(name))).ToArray();

        Assert.Equal(22, tree.Names.Count);
        Assert.Equal(1, AdjustedRandIndex.Of(published, tree.Cut(4)));
    }

    [Fact]
    public void Surface_normals_and_reshading_transfer_more_widely_than_low_level_tasks()
    {
        var table = PublishedTransfers.Of("all_affinities");
        double Reach(string source) =>
            table.Targets.Where(target => target != source).Average(target => table.Value(target, source)!.Value);

        Assert.All(
            table.Sources.Except(Groups[0]),
            source => Assert.True(Reach("rgb2sfnorm") > Reach(source) || source == "denoise", source)
        );
        Assert.True(Reach("reshade") > Reach("edge2d"));
    }

    [Fact]
    public void The_best_policy_gains_more_than_random_policies_do()
    {
        var program = new TransferProgram(PublishedTransfers.Of("all_affinities"), new() { Budget = 3 });
        var (gain, quality) = (PublishedTransfers.Of("wins_vs_pixels"), PublishedTransfers.Of("wins_vs_task"));
        var best = TransferSelection.Solve(program);
        var random = RandomPolicies.Draw(program, 300);

        Assert.Empty(PolicyRates.Of(best, gain).Missing);
        Assert.True(PolicyRates.Of(best, gain).Mean > 0.1 + random.Average(one => PolicyRates.Of(one, gain).Mean));
        Assert.True(
            PolicyRates.Of(best, quality).Mean > 0.05 + random.Average(one => PolicyRates.Of(one, quality).Mean)
        );
        Assert.True(best.Total > 1.2 * random.Max(one => one.Total));
    }

    [Fact]
    public void An_own_network_beats_itself_half_of_the_time()
    {
        var quality = PublishedTransfers.Of("wins_vs_task");

        Assert.All(quality.Targets, target => Assert.Equal(0.5, quality.Value(target, TransferTable.Own)!.Value, 0.01));
    }

    private static void Check(string table, TransferOptions options, double total, string sources)
    {
        var program = new TransferProgram(PublishedTransfers.Of(table), options);
        foreach (var policy in new[] { TransferSelection.Solve(program), ScipTransferSelection.Solve(program) })
        {
            Assert.Equal(total, policy.Total, 5.1e-7); // half a unit of the last digit that is noted
            Assert.Equal(sources.Split(' '), policy.Sources);
            Assert.True(policy.Optimal);
        }
    }

    private static double Mean(TransferTable table, string source) =>
        table.Targets.Average(target => table.Value(target, source)!.Value);
}
