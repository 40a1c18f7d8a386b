using Plait.Benchmarks.Vision;

namespace Plait.Benchmarks.Tests.Vision;

public sealed class TaskonomyTests
{
    private const int Side = 8;

    private static readonly Taskonomy Taskonomy = new(Side);

    [Fact]
    public void A_folder_gives_five_targets_of_shrunk_images()
    {
        using var folder = Folder();
        using var data = Taskonomy.Load(folder.Options);
        var part = data.Train;

        Assert.Equal(8, data.Train.Rows + data.Validation.Rows + data.Test.Rows);
        Assert.Equal([3L, Side, Side], data.InputSpec.Shape);
        Assert.Equal(16, part.TargetOf(0).Values.max().item<long>());
        Assert.Equal(part.Rows * Side * (Side - 1), part.TargetOf(0).PresentCount); // the first row is uncertain
        var depth = part.TargetOf(1);
        Assert.Equal(2.5f, depth.Values[0, 0, 0, 0].item<float>());
        Assert.Equal(part.Rows * Side * (Side - 1), depth.PresentCount); // the last column is unknown
        var normals = part.TargetOf(2);
        Assert.Equal(0.8f, normals.Values[0, 2, 0, 0].item<float>(), 0.01);
        Assert.Equal(1, normals.Values[0].square().sum(0L)[0, 0].item<float>(), 5);
        Assert.Equal(part.Rows * 3 * Side * (Side - 1), normals.PresentCount);
        Assert.Equal(0.5f, part.TargetOf(3).Values[0, 0, 3, 3].item<float>(), 0.001);
        Assert.Equal(1, part.TargetOf(4).Values.max().item<float>());
    }

    [Fact]
    public void A_building_is_in_one_part_by_the_seed_or_by_the_publishers_list()
    {
        using var folder = Folder();
        var seeds = Enumerable
            .Range(0, 8)
            .Select(seed => string.Join(' ', Reds(folder, seed).Select(part => string.Join(',', part))))
            .ToArray();
        folder.Write("train_val_test_tiny.csv", "id,train,val,test\na,0,1,0\nb,1,0,0\nc,0,0,1\nd,1,0,0\nother,1,0,0\n");

        Assert.InRange(seeds.Distinct().Count(), 2, 8);
        Assert.Equal(
            [
                [20, 40],
                [10],
                [30],
            ],
            Reds(folder, seed: 0)
        );
    }

    [Fact]
    public void Whatever_is_wrong_is_named_with_the_file()
    {
        using var folder = Folder();
        const string Depth = "depth_zbuffer/b/point_1_view_0_domain_depth_zbuffer.png";
        const string Labels = "segment_semantic/b/point_1_view_0_domain_segmentsemantic.png";

        folder.AssertFault(
            Taskonomy,
            Depth,
            Pictures.Grey(16, 16, (_, _) => 3),
            "found 8-bit greyscale; expected a 16-bit greyscale image"
        );
        folder.AssertFault(
            Taskonomy,
            Labels,
            Pictures.Grey(16, 16, (_, _) => 18),
            "holds 18 at row 0, column 0; expected a class from 1 to 17, or 0"
        );
        folder.AssertFault(Taskonomy, "normal/b/view_0.png", [1], "view_0.png' is not named as Taskonomy's files are");
        folder.AssertFault(
            Taskonomy,
            "train_val_test_tiny.csv",
            "id,train,val,test\na,0,0,0\n"u8.ToArray(),
            "line 2: found 'a,0,0,0'"
        );
        folder.AssertFault(
            Taskonomy,
            "train_val_test_tiny.csv",
            "id,train,val,test\na,1,0,0\nb,0,1,0\nc,0,0,1\n"u8.ToArray(),
            "does not list the building 'd'"
        );
        folder.AssertFault(
            Taskonomy,
            "train_val_test_tiny.csv",
            "id,train,val,test\na,1,0,0\nb,1,0,0\nc,0,0,1\nd,1,0,0\n"u8.ToArray(),
            "gives none of the buildings that are there to val"
        );
        Assert.Equal(8, Taskonomy.Check(folder.Path).Rows.Sum());
    }

    [Fact]
    public void Both_layouts_give_the_same_rows()
    {
        using var plain = Folder();
        using var nested = Folder();
        foreach (var domain in new[] { "rgb", "depth_zbuffer", "normal" })
        {
            Directory.CreateDirectory(nested.File($"{domain}/taskonomy"));
            foreach (var building in "abc") // d stays where it is
            {
                Directory.Move(nested.File($"{domain}/{building}"), nested.File($"{domain}/taskonomy/{building}"));
            }
        }

        Assert.Equal(Reds(plain, seed: 0), Reds(nested, seed: 0));
        Assert.Equal([4, 2, 2], Taskonomy.Check(nested.Path).Rows);
    }

    [Fact]
    public void A_view_that_lacks_a_file_is_left_out_and_told_of()
    {
        using var folder = Folder();
        folder
            .Delete("depth_zbuffer/b/point_1_view_0_domain_depth_zbuffer.png")
            .Delete("normal/c/point_0_view_0_domain_normal.png");

        var summary = Taskonomy.Check(folder.Path);
        var notice = Assert.Single(summary.Notices);
        using var data = Taskonomy.Load(folder.Options);

        Assert.Equal(6, summary.Rows.Sum());
        Assert.StartsWith("2 of 8 views are left out", notice, StringComparison.Ordinal);
        Assert.Contains($"'{folder.File("depth_zbuffer")}'", notice, StringComparison.Ordinal);
        Assert.EndsWith("building, point and view b/1/0.", notice, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', notice);
        Assert.Equal(summary.Notices, data.Notices);
        using var whole = Folder();
        Assert.Empty(Taskonomy.Check(whole.Path).Notices);
    }

    [Fact]
    public void Where_no_view_has_all_its_files_the_first_that_is_missing_is_named()
    {
        using var folder = Folder();
        Directory.Delete(folder.File("normal"), recursive: true);
        folder.Write("normal/e/point_0_view_0_domain_normal.png", Pictures.Colour(16, 16, (_, _) => (1, 2, 3)));

        var refused = Assert.Throws<FileNotFoundException>(() => Taskonomy.Open(folder.Options));

        Assert.Contains($"'{folder.File("normal")}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("a/0/0", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_task_set_of_Standley_has_the_targets_of_its_loader()
    {
        using var folder = Folder();
        var protocol = new Taskonomy(Side, TaskonomyProtocol.Standley1);
        using var data = protocol.Load(folder.Options);
        var part = data.Train;

        Assert.Equal("taskonomy-standley-1", protocol.Name);
        Assert.Equal(["segmentation", "depth", "normals", "edges", "keypoints"], data.Tasks.Select(task => task.Name));
        Assert.Equal((1280 - 1500) / 1000f, part.TargetOf(1).Values[0, 0, 0, 0].item<float>(), 5);
        Assert.Equal(part.Rows * Side * (Side - 1), part.TargetOf(1).PresentCount); // 16 m away or more is masked
        Assert.Equal((2 * 204 / 255f) - 1, part.TargetOf(2).Values[0, 0, 0, 0].item<float>(), 5);
        Assert.Equal(part.Rows * 3 * Side * (Side - 1), part.TargetOf(2).PresentCount); // masked by depth alone
        Assert.Equal(((65535 / 2f) - 718) / 1070, part.TargetOf(3).Values[0, 0, 3, 3].item<float>(), 2);
        Assert.Equal((65535 - 50) / 100f, part.TargetOf(4).Values.max().item<float>(), 2);
        Assert.Equal(-0.5f, part.TargetOf(4).Values.min().item<float>(), 5);
        Assert.Equal(part.Rows * Side * Side, part.TargetOf(4).PresentCount);
    }

    [Fact]
    public void The_second_task_set_of_Standley_has_the_targets_of_its_loader()
    {
        using var folder = Folder();
        for (var building = 0; building < 4; building++)
        {
            for (var point = 0; point < 2; point++)
            {
                var end = $"{"abcd"[building]}/point_{point}_view_0_domain_";
                folder
                    .Write(
                        $"principal_curvature/{end}principal_curvature.png",
                        Pictures.Colour(16, 16, (_, _) => (51, 102, 7))
                    )
                    .Write($"reshading/{end}reshading.png", Pictures.Colour(16, 16, (_, _) => (51, 102, 153)))
                    .Write($"edge_occlusion/{end}edge_occlusion.png", Pictures.Grey16(16, 16, (_, _) => 300));
            }
        }

        var protocol = new Taskonomy(Side, TaskonomyProtocol.Standley2);
        using var data = protocol.Load(folder.Options);
        var part = data.Train;

        Assert.Equal("taskonomy-standley-2", protocol.Name);
        Assert.Equal(
            ["normals", "image", "curvature", "reshading", "occlusion-edges"],
            data.Tasks.Select(task => task.Name)
        );
        Assert.True(part.TargetOf(1).Values.eq(part.Input).all().item<bool>());
        Assert.Equal((0.2f - 0.5175f) / 0.1373f, part.TargetOf(2).Values[0, 0, 0, 0].item<float>(), 4);
        Assert.Equal((0.4f - 0.4987f) / 0.0359f, part.TargetOf(2).Values[0, 1, 0, 0].item<float>(), 4);
        Assert.Equal((0.4f - 0.4962f) / 0.2846f, part.TargetOf(3).Values[0, 0, 0, 0].item<float>(), 4);
        Assert.Equal((300 - 56.0248f) / 239.1265f, part.TargetOf(4).Values[0, 0, 0, 0].item<float>(), 4);
        Assert.Equal(part.Rows * 2 * Side * (Side - 1), part.TargetOf(2).PresentCount);
    }

    /// <summary>The red of each part's images, which tells their buildings.</summary>
    private static int[][] Reds(DataFolder folder, long seed) =>
        [
            .. Taskonomy
                .Open(folder.Options with { Seed = seed })
                .All.Select(part =>
                    Enumerable
                        .Range(0, (int)part.RowsOf(0))
                        .Select(row =>
                        {
                            using var image = part.ReadInput(0, row);
                            return (int)MathF.Round(image.Values[0, 0, 0, 0].item<float>() * 255);
                        })
                        .Distinct()
                        .Order()
                        .ToArray()
                ),
        ];

    private static DataFolder Folder()
    {
        var folder = new DataFolder();
        for (var building = 0; building < 4; building++)
        {
            for (var point = 0; point < 2; point++)
            {
                string At(string domain, string? ending = null) =>
                    $"{domain}/{"abcd"[building]}/point_{point}_view_0_domain_{ending ?? domain}.png";
                var red = (byte)(10 * (building + 1));
                folder
                    .Write(At("rgb"), Pictures.Colour(16, 16, (_, _) => (red, 0, 0)))
                    .Write(
                        At("segment_semantic", "segmentsemantic"),
                        Pictures.Grey(16, 16, (x, y) => y < 2 ? (byte)0 : (byte)(1 + x + (x > 14 ? 1 : 0)))
                    )
                    .Write(
                        At("depth_zbuffer"),
                        Pictures.Grey16(16, 16, (x, _) => x > 13 ? ushort.MaxValue : (ushort)1280)
                    )
                    .Write(
                        At("normal"),
                        Pictures.Colour(
                            16,
                            16,
                            (_, y) => y < 14 ? ((byte)204, (byte)128, (byte)230) : ((byte)128, (byte)128, (byte)128)
                        )
                    )
                    .Write(
                        At("edge_texture"),
                        Pictures.Grey16(16, 16, (x, _) => x % 2 == 0 ? ushort.MaxValue : (ushort)0)
                    )
                    .Write(
                        At("keypoints2d"),
                        Pictures.Grey16(16, 16, (x, y) => x < 4 && y < 4 ? ushort.MaxValue : (ushort)0)
                    );
            }
        }

        return folder;
    }
}
