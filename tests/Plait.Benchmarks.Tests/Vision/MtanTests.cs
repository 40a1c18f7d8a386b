using Plait.Benchmarks.Vision;
using Plait.Data.Augmentation;

namespace Plait.Benchmarks.Tests.Vision;

/// <summary>NYUv2 and Cityscapes in MTAN's layout.</summary>
public sealed class MtanTests
{
    private const int Height = 6;
    private const int Width = 8;

    private static readonly NyuV2 NyuV2 = new();

    [Fact]
    public void A_folder_of_NYUv2_gives_images_and_targets_with_marks_of_what_is_missing()
    {
        using var folder = Nyu(train: 10, val: 3);
        using var data = NyuV2.Load(folder.Options);

        Assert.Equal([9, 1, 3], new[] { data.Train.Rows, data.Validation.Rows, data.Test.Rows });
        Assert.Equal([3L, Height, Width], data.InputSpec.Shape);
        var image = data.Test.Input[1];
        Assert.Equal(0.5f + (1 / 100f), image[1, 0, 0].item<float>(), 5); // green of the second test image
        var labels = data.Test.TargetOf(0);
        Assert.Equal([3L, Height, Width], labels.Values.shape);
        Assert.Equal(3 * ((Height * Width) - 1), labels.PresentCount); // the first pixel is -1
        Assert.Equal(12, labels.Values.max().item<long>());
        var depth = data.Test.TargetOf(1);
        Assert.Equal([3L, 1, Height, Width], depth.Values.shape);
        Assert.Equal(0, depth.Present![0, 0, 0, 1].item<float>());
        Assert.Equal(2.5f, depth.Values[0, 0, 0, 2].item<float>());
        var normals = data.Test.TargetOf(2);
        Assert.Equal([3L, 3, Height, Width], normals.Values.shape);
        Assert.Equal(3 * 3 * ((Height * Width) - 1), normals.PresentCount);
        Assert.Equal(0.8f, normals.Values[0, 2, 1, 1].item<float>(), 5);
    }

    [Fact]
    public void Rows_read_one_by_one_are_those_in_memory_and_can_be_augmented()
    {
        using var folder = Nyu(train: 10, val: 3);
        using var data = NyuV2.Load(folder.Options);
        using var eagerly = data.Train.Batches(4, shuffleSeed: 2);
        using var lazily = NyuV2.Open(folder.Options).Train.Batches(4, shuffleSeed: 2);
        long[] places = [4, 4, 4];

        using (var one = lazily.Read(NyuV2.Tasks.All, places))
        using (var other = eagerly.Read(NyuV2.Tasks.All, places))
        {
            Assert.True(one.Input.eq(other.Input).all().item<bool>());
            Assert.True(one.TargetOf(2).Values.eq(other.TargetOf(2).Values).all().item<bool>());
        }

        using var augmented = new Augmented(lazily, NyuV2.Augmentation!, NyuV2.Geometry, seed: 3);
        using var batch = augmented.Read(NyuV2.Tasks.All, places);
        Assert.Equal([4L, 3, Height, Width], batch.Input.shape);
    }

    [Fact]
    public void The_seed_draws_the_validation_part_from_the_training_images_alone()
    {
        using var folder = Nyu(train: 10, val: 2);
        var firsts = Enumerable
            .Range(0, 6)
            .Select(seed =>
            {
                using var data = NyuV2.Load(folder.Options with { Seed = seed });
                return data.Validation.Input[0, 0, 0, 0].item<float>();
            })
            .ToArray();

        Assert.InRange(firsts.Distinct().Count(), 2, 6);
    }

    [Fact]
    public void Check_counts_the_rows_and_a_limit_reads_fewer()
    {
        using var folder = Nyu(train: 10, val: 3);
        folder.Write("val/image/2.npy", [1]);

        Assert.Equal([9, 1, 3], NyuV2.Check(folder.Path, rows: 2).Rows);
        Assert.Throws<InvalidDataException>(() => NyuV2.Check(folder.Path));
    }

    [Fact]
    public void Whatever_is_wrong_is_named_with_the_file()
    {
        using var folder = Nyu(train: 10, val: 3);

        folder.AssertFault(
            NyuV2,
            "val/depth/1.npy",
            null,
            "There is no file '{folder}",
            "depth",
            "1.npy'",
            "has one of its name"
        );
        folder.AssertFault(NyuV2, "train/label/10.npy", [1], "holds 11 files", "10; expected one for each image");
        folder.AssertFault(
            NyuV2,
            "train/image/4.npy",
            null,
            "4.npy', though",
            "holds 9 files, which are numbered from 0"
        );
        folder.AssertFault(
            NyuV2,
            "val/label/0.npy",
            Labels(i => i == 11 ? 13 : 0),
            "0.npy' holds 13 at row 1, column 3; expected a class from 0 to 12, or -1"
        );
        folder.AssertFault(
            NyuV2,
            "val/label/0.npy",
            Labels(i => 0.5f),
            "holds 0.5 at row 0, column 0; expected whole class numbers"
        );
        folder.AssertFault(
            NyuV2,
            "val/image/0.npy",
            Pictures.Npy([Height, Width, 3], i => i),
            "'{folder}",
            "holds ",
            "expected an image's channels from 0 to 1"
        );
        folder.AssertFault(
            NyuV2,
            "val/image/0.npy",
            Pictures.Npy("|u1", [Height, Width, 3], i => [1]),
            "holds Byte; expected floating-point numbers"
        );
        folder.AssertFault(
            NyuV2,
            "val/image/0.npy",
            Pictures.Npy([Height, 3, Width], i => 0),
            "of shape [6, 3, 8]; expected [height, width, 3]"
        );
        folder.AssertFault(
            NyuV2,
            "val/depth/0.npy",
            Pictures.Npy([Height, Width, 1], i => -2),
            "holds -2 at row 0, column 0; expected a distance finite and 0 or more"
        );
        folder.AssertFault(NyuV2, "val/depth/0.npy", Pictures.Npy([Height, Width, 1], i => float.NaN), "holds NaN");
        folder.AssertFault(
            NyuV2,
            "val/depth/0.npy",
            Pictures.Npy([Height, Width - 1, 1], i => 1),
            "0.npy' is 6 x 7 pixels; expected 6 x 8, as '{folder}"
        );
        folder.AssertFault(
            NyuV2,
            "val/normal/0.npy",
            Pictures.Npy([Height, Width, 3], i => 1.4f),
            "expected a normal's coordinates from -1 to 1"
        );
        folder.AssertFault(
            NyuV2,
            "train/normal/3.npy",
            Pictures.Npy([Height, Width, 3], i => 0)[..300],
            "is cut short: sizes 6 x 8 x 3 need 576 bytes"
        );
        folder.AssertFault(NyuV2, "train/normal/3.npy", [1, 2], "is not an NPY file: it starts with 0102");
        Assert.Equal([9, 1, 3], NyuV2.Check(folder.Path).Rows);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        using var folder = Nyu(train: 10, val: 3);
        Directory.Delete(folder.File("val/normal"), recursive: true);

        var error = Assert.Throws<DirectoryNotFoundException>(() => NyuV2.Load(folder.Options));

        Assert.Contains(folder.File("val/normal"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, "label_7")]
    [InlineData(7, "label")]
    [InlineData(19, "label_19")]
    [InlineData(2, "label_2")]
    public void Cityscapes_has_labels_of_three_finenesses_and_inverse_depth(int classes, string labels)
    {
        var benchmark = new Cityscapes(classes);
        using var folder = new DataFolder();
        Fill(
            folder,
            "train",
            10,
            (labels, Labels(i => (i % classes) - 1)),
            ("depth", Pictures.Npy([Height, Width, 1], i => i))
        );
        Fill(folder, "val", 2, (labels, Labels(i => i % classes)), ("depth", Pictures.Npy([Height, Width, 1], i => i)));

        using var data = benchmark.Load(folder.Options);

        Assert.Equal([9, 1, 2], benchmark.Check(folder.Path).Rows);
        Assert.Equal(classes, benchmark.Tasks[0].Output.Channels);
        Assert.Equal(classes - 1, data.Test.TargetOf(0).Values.max().item<long>());
        Assert.Equal(2 * ((Height * Width) - 1), data.Test.TargetOf(1).PresentCount);
        folder.AssertFault(benchmark, $"val/{labels}/1.npy", Labels(i => classes), $"holds {classes} at row 0");
    }

    private static byte[] Labels(Func<int, float> label) => Pictures.Npy([Height, Width], label);

    private static DataFolder Nyu(int train, int val)
    {
        var folder = new DataFolder();
        foreach (var (part, count) in new[] { ("train", train), ("val", val) })
        {
            Fill(
                folder,
                part,
                count,
                ("label", Labels(i => (i % 14) - 1 == -1 && i > 0 ? 3 : (i % 14) - 1)),
                ("depth", Pictures.Npy([Height, Width, 1], i => i == 1 ? 0 : 0.5f + i)),
                ("normal", Pictures.Npy([Height, Width, 3], i => i < 3 ? 0 : new[] { 0, 0.6f, 0.8f }[i % 3]))
            );
        }

        return folder;
    }

    private static void Fill(DataFolder folder, string part, int count, params (string Folder, byte[] File)[] targets)
    {
        for (var row = 0; row < count; row++)
        {
            folder.Write(
                $"{part}/image/{row}.npy",
                Pictures.Npy([Height, Width, 3], i => (i % 3 == 1 ? 0.5f : 0) + (row / 100f))
            );
            foreach (var (name, file) in targets)
            {
                folder.Write($"{part}/{name}/{row}.npy", file);
            }
        }
    }
}
