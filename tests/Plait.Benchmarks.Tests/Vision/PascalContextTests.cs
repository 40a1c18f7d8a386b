using Plait.Benchmarks.Vision;

namespace Plait.Benchmarks.Tests.Vision;

public sealed class PascalContextTests
{
    private const int Height = 10;
    private const int Width = 12;
    private const int Side = 16;
    private const int Wall = 440; // a label that NYUD has too
    private const int Sky = 360;

    private static readonly PascalContext Pascal = new(Side);

    [Fact]
    public void A_folder_gives_five_targets_a_pixel_on_one_canvas()
    {
        using var folder = Folder();
        using var data = Pascal.Load(folder.Options);

        Assert.Equal([9, 1, 2], new[] { data.Train.Rows, data.Validation.Rows, data.Test.Rows });
        Assert.Equal([3L, Side, Side], data.InputSpec.Shape);
        Assert.Equal(0, data.Test.Input[0, 0, Height, 0].item<float>());
        Assert.InRange(data.Test.Input[0, 0, Height - 1, Width - 1].item<float>(), 0.7f, 0.9f);
        var labels = data.Test.TargetOf(0);
        Assert.Equal(20, labels.Values[0].max().item<long>());
        Assert.Equal(2 * Width * (Height - 1), labels.PresentCount); // the first row is 255, and the canvas is larger
        var parts = data.Test.TargetOf(1);
        Assert.Equal(Width * Height, parts.PresentCount); // of the second picture alone: nobody is in the first
        Assert.Equal([0, 1, 4], parts.Values[1, 2].data<long>().ToArray()[..3]);
        var saliency = data.Test.TargetOf(2);
        Assert.Equal(2 * Width * Height / 2, saliency.Values.sum().item<float>());
        var edges = data.Test.TargetOf(3);
        Assert.Equal(2 * Width * Height, edges.PresentCount);
        Assert.Equal(2 * Height, edges.Values.sum().item<float>(), 2 * 2.0); // one upright line
        var normals = data.Test.TargetOf(4);
        Assert.Equal(2 * 3 * Height * 6, normals.PresentCount); // on the wall, not in the sky
        Assert.Equal(1, normals.Values[0, 2, 0, 0].item<float>(), 0.01);
    }

    [Fact]
    public void Labels_are_read_from_the_second_folder_where_the_first_lacks_them()
    {
        using var folder = Folder();
        var bytes = File.ReadAllBytes(folder.File("semseg/VOC12/2008_3.png"));
        folder.Delete("semseg/VOC12/2008_3.png").Write("semseg/pascal-context/2008_3.png", bytes);

        Assert.Equal([9, 1, 2], Pascal.Check(folder.Path).Rows);
    }

    [Fact]
    public void Whatever_is_wrong_is_named_with_the_file()
    {
        using var folder = Folder();

        folder.AssertFault(Pascal, "ImageSets/Context/val.txt", null, "There is no list '{folder}");
        folder.AssertFault(Pascal, "human_parts/2008_3.mat", null, "2008_3.mat', though", "train.txt' names it");
        folder.AssertFault(
            Pascal,
            "semseg/VOC12/2008_3.png",
            Pictures.Palette(Width, Height, (_, _) => 21),
            "holds 21 at row 0, column 0; expected a class from 0 to 20, or 255"
        );
        folder.AssertFault(
            Pascal,
            "semseg/VOC12/2008_3.png",
            Pictures.Palette(Width - 1, Height, (_, _) => 1),
            "2008_3.png' is 10 x 11 pixels; expected 10 x 12, as '{folder}"
        );
        folder.AssertFault(
            Pascal,
            "human_parts/2008_3.mat",
            People("ltail"),
            "2008_3.mat' names a part 'ltail' of a person; expected one of hair"
        );
        folder.AssertFault(
            Pascal,
            "human_parts/2008_3.mat",
            MatWriter.File(true, ("map", MatWriter.Text("x"))),
            "2008_3.mat' holds map; expected a variable anno"
        );
        folder.AssertFault(
            Pascal,
            "pascal-context/trainval/2008_3.mat",
            MatWriter.File(true, ("LabelMap", MatWriter.Numbers(4, 4, (_, _) => 1))),
            "2008_3.mat' is 4 x 4 pixels; expected 10 x 12"
        );
        folder.AssertFault(
            Pascal,
            "pascal-context/trainval/2008_3.mat",
            MatWriter.File(true, ("LabelMap", MatWriter.Text("x"))),
            "holds text of 1 x 1 as LabelMap; expected numbers"
        );
        folder.AssertFault(
            Pascal,
            "sal_distill/2008_3.png",
            Pictures.Colour(Width, Height, (_, _) => (1, 2, 3)),
            "expected an 8-bit greyscale image"
        );
        folder.AssertFault(
            Pascal,
            "JPEGImages/2008_3.jpg",
            Pictures.Jpeg(Side + 1, Height, 1, 2, 3),
            "2008_3.jpg' is 10 x 17 pixels; expected at most 16 x 16"
        );
        Assert.Equal([9, 1, 2], Pascal.Check(folder.Path).Rows);
    }

    private static DataFolder Folder()
    {
        var folder = new DataFolder();
        folder.Write(
            "ImageSets/Context/train.txt",
            string.Concat(Enumerable.Range(0, 10).Select(row => $"2008_{row}\n"))
        );
        folder.Write("ImageSets/Context/val.txt", "2008_10\n2008_11\n");
        for (var row = 0; row < 12; row++)
        {
            var name = $"2008_{row}";
            folder
                .Write($"JPEGImages/{name}.jpg", Pictures.Jpeg(Width, Height, 200, 100, 50))
                .Write(
                    $"semseg/VOC12/{name}.png",
                    Pictures.Palette(Width, Height, (x, y) => y == 0 ? (byte)255 : (byte)(x + 9))
                )
                .Write($"human_parts/{name}.mat", People("lear", row % 2 == 1))
                .Write(
                    $"pascal-context/trainval/{name}.mat",
                    MatWriter.File(
                        true,
                        (
                            "LabelMap",
                            MatWriter.Numbers(Height, Width, (_, column) => column < 6 ? Wall : Sky, bytes: false)
                        )
                    )
                )
                .Write($"normals_distill/{name}.png", Pictures.Colour(Width, Height, (_, _) => (128, 128, 255)))
                .Write(
                    $"sal_distill/{name}.png",
                    Pictures.Grey(Width, Height, (x, _) => x < 6 ? (byte)200 : (byte)100)
                );
        }

        return folder;
    }

    /// <summary>A cat, and a person of two parts: the second column of pixels is what is named, the third a hand.</summary>
    private static byte[] People(string part, bool person = true)
    {
        var mask = MatWriter.Numbers(Height, Width, (_, _) => 1);
        Func<string, byte[]> parts = MatWriter.Structures(
            [
                ("part_name", MatWriter.Text(part)),
                ("mask", MatWriter.Numbers(Height, Width, (_, column) => column == 1 ? 1 : 0)),
            ],
            [
                ("part_name", MatWriter.Text("rhand")),
                ("mask", MatWriter.Numbers(Height, Width, (_, column) => column == 2 ? 1 : 0)),
            ]
        );
        return MatWriter.File(
            packed: true,
            (
                "anno",
                MatWriter.Structures([
                    ("imname", MatWriter.Text("2008")),
                    ("objects", MatWriter.Structures(Thing(8, MatWriter.Nothing()), Thing(person ? 15 : 12, parts))),
                ])
            )
        );

        (string, Func<string, byte[]>)[] Thing(int number, Func<string, byte[]> partsOfIt) =>
            [
                ("class", MatWriter.Text("thing")),
                ("class_ind", MatWriter.Numbers(1, 1, (_, _) => number)),
                ("mask", mask),
                ("parts", partsOfIt),
            ];
    }
}
