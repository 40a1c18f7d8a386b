using Plait.Benchmarks.Vision;
using Plait.Tasks;

namespace Plait.Benchmarks.Tests.Vision;

public sealed class NyudTests
{
    private const int Height = 6;
    private const int Width = 8;

    private static readonly Nyud Nyud = new();

    [Fact]
    public void A_folder_gives_four_targets_a_pixel()
    {
        using var folder = Folder();
        using var data = Nyud.Load(folder.Options);

        Assert.Equal([9, 1, 2], new[] { data.Train.Rows, data.Validation.Rows, data.Test.Rows });
        Assert.Equal([3L, Height, Width], data.InputSpec.Shape);
        Assert.Equal(200 / 255f, data.Test.Input[0, 0].mean().item<float>(), 0.01);
        var labels = data.Test.TargetOf(0);
        Assert.Equal([0, 0, 1, 39], labels.Values[0, 0].data<long>().ToArray()[..4]); // 0 missing, then 1, 2 and 40
        Assert.Equal([0, 1, 1, 1, 0], labels.Present![0, 0].data<float>().ToArray()[..5]);
        Assert.Equal(0, data.Test.TargetOf(1).Present![0, 0, 0, 0].item<float>());
        Assert.Equal(1, data.Test.TargetOf(2).Values[0, 2, 3, 3].item<float>());
        Assert.Equal([2L, 1, Height, Width], data.Test.TargetOf(3).Values.shape);
        Assert.Equal(2 * 3 * 8, data.Test.TargetOf(3).Values.sum().item<float>());
    }

    [Fact]
    public void Edges_may_lie_further_off_than_on_pascal_context()
    {
        using var scope = torch.NewDisposeScope();
        // A diagonal of 400 pixels, of which 0.0075 are 3 and 0.011 are 4.4.
        var target = torch.zeros(1, 1, 240, 320);
        var output = torch.full([1, 1, 240, 320], -20f);
        target.select(3, 100).fill_(1);
        output.select(3, 104).fill_(20);

        Assert.Equal([1.0, 1], Scores(Nyud.Tasks["edges"]));
        Assert.Equal([0.0, 0], Scores(new PascalContext().Tasks["edges"]));

        double[] Scores(LearningTask edges) =>
            [
                .. edges.Metrics.Select(metric =>
                {
                    var gathered = metric.Start(edges.Answer);
                    gathered.Add(output, TaskTarget.Of(target));
                    return gathered.Compute();
                }),
            ];
    }

    [Theory]
    [InlineData("|b1", 1)]
    [InlineData("|u1", 1)]
    [InlineData("|u1", 255)]
    [InlineData("<i8", 1)]
    public void Edges_may_be_booleans_or_integers(string type, int edge)
    {
        using var folder = Folder();
        for (var row = 0; row < 12; row++)
        {
            folder.Write(
                $"edge/r{row}.npy",
                Pictures.Npy(
                    type,
                    [Height, Width],
                    i => BitConverter.GetBytes((long)(i / Width % 2 * edge))[..(type == "<i8" ? 8 : 1)]
                )
            );
        }

        using var data = Nyud.Load(folder.Options);

        Assert.Equal(2 * 3 * 8, data.Test.TargetOf(3).Values.sum().item<float>());
        Assert.Equal(1, data.Test.TargetOf(3).Values.max().item<float>());
        folder.AssertFault(
            Nyud,
            "edge/r3.npy",
            Pictures.Npy("|u1", [Height, Width], i => [7]),
            "holds 7",
            "an edge's strength of 0 and 1, or 0 and 255"
        );
    }

    [Fact]
    public void Whatever_is_wrong_is_named_with_the_file()
    {
        using var folder = Folder();

        folder.AssertFault(Nyud, "gt_sets/val.txt", null, "There is no list '{folder}", "val.txt'");
        folder.AssertFault(Nyud, "gt_sets/val.txt", "r1\nr77\n"u8.ToArray(), "r77.jpg', though", "val.txt' names it");
        folder.AssertFault(Nyud, "gt_sets/train.txt", [], "train.txt' is empty");
        folder.AssertFault(Nyud, "edge/r3.npy", null, "There is no file '{folder}", "r3.npy'");
        folder.AssertFault(
            Nyud,
            "edge/r3.npy",
            Pictures.Npy([Height, Width], i => 255),
            "holds 255",
            "an edge's strength from 0 to 1"
        );
        folder.AssertFault(
            Nyud,
            "segmentation/r3.png",
            Pictures.Grey(Width, Height, (_, _) => 41),
            "holds 41 at row 0, column 0; expected a class from 1 to 40, or 0 or 255"
        );
        folder.AssertFault(
            Nyud,
            "segmentation/r3.png",
            Pictures.Grey(Width, Height - 2, (_, _) => 4),
            "r3.png' is 4 x 8 pixels; expected 6 x 8"
        );
        folder.AssertFault(
            Nyud,
            "images/r3.jpg",
            Pictures.Jpeg(Width, Height, 1, 2, 3)[..100],
            "r3.jpg' is no image that can be read"
        );
        folder.AssertFault(
            Nyud,
            "images/r11.jpg",
            Pictures.Jpeg(Width + 8, Height, 1, 2, 3),
            "r11.jpg' is 6 x 16 pixels"
        );
        Assert.Equal([9, 1, 2], Nyud.Check(folder.Path).Rows);
    }

    private static DataFolder Folder()
    {
        var folder = new DataFolder();
        folder.Write("gt_sets/train.txt", string.Concat(Enumerable.Range(0, 10).Select(row => $"r{row}\n")));
        folder.Write("gt_sets/val.txt", "r10\nr11\n");
        byte[] labels = [0, 1, 2, 40, 255];
        for (var row = 0; row < 12; row++)
        {
            folder
                .Write($"images/r{row}.jpg", Pictures.Jpeg(Width, Height, 200, 100, 50))
                .Write($"segmentation/r{row}.png", Pictures.Grey(Width, Height, (x, _) => labels[x % 5]))
                .Write($"depth/r{row}.npy", Pictures.Npy([Height, Width], i => i % 9))
                .Write($"normals/r{row}.npy", Pictures.Npy([Height, Width, 3], i => i % 3 == 2 ? 1 : 0))
                .Write($"edge/r{row}.npy", Pictures.Npy([Height, Width], i => i / Width % 2));
        }

        return folder;
    }
}
