using Plait.Benchmarks.Vision;

namespace Plait.Benchmarks.Tests.Vision;

/// <summary>Data sets whose tasks each bring pictures of their own: Office, the Decathlon, Omniglot.</summary>
public sealed class ClassFolderTests
{
    private const int Side = 16;

    private static readonly Office Office = Office.Create31(Side);
    private static readonly Omniglot Omniglot = new([("Balinese", 2), ("N_Ko", 3)]);
    private static readonly VisualDecathlon Decathlon = new();

    [Fact]
    public void Office_reads_the_pictures_of_its_lists()
    {
        using var folder = OfficeFolder();
        using var data = Office.Load(folder.Options);

        Assert.Equal([9, 3, 6], Office.Check(folder.Path).Rows);
        Assert.Equal([3L, Side, Side], data.InputSpec.Shape);
        Assert.Equal([0, 15, 30], data.Train.TargetOf(2).Values.data<long>().ToArray());
        Assert.Equal(30 * 8 / 255f, data.Train.InputOf(1)[2, 0].mean().item<float>(), 0.02);
        Assert.Equal(["amazon", "dslr", "webcam"], Office.Tasks.Select(task => task.Name));
        Assert.Equal(["art", "clipart", "product", "real-world"], Office.Home.Tasks.Select(task => task.Name));
    }

    [Fact]
    public void Office_names_what_is_wrong()
    {
        using var folder = OfficeFolder();

        folder.AssertFault(Office, "dslr_val.txt", null, "There is no list '{folder}");
        folder.AssertFault(
            Office,
            "dslr_val.txt",
            "dslr/images/0.jpg 0\ndslr/images/0.jpg 31\n"u8.ToArray(),
            "dslr_val.txt', line 2: found 'dslr/images/0.jpg 31'; expected the path of an image and its class, 0 to 30"
        );
        folder.AssertFault(Office, "dslr_val.txt", "0.jpg\n"u8.ToArray(), "line 1: found '0.jpg'");
        folder.AssertFault(
            Office,
            "webcam/images/15.jpg",
            null,
            "There is no image '{folder}",
            "15.jpg', though line 2 of 'webcam_train.txt' names it"
        );
        folder.AssertFault(Office, "webcam/images/15.jpg", [7], "15.jpg' is no image that can be read");
    }

    [Fact]
    public void Omniglot_divides_by_drawer_and_shows_ink_bright()
    {
        using var folder = OmniglotFolder();
        using var data = Omniglot.Load(folder.Options);

        Assert.Equal([10, 10, 5], Omniglot.Check(folder.Path).Rows);
        Assert.Equal([1L, 28, 28], data.InputSpec.Shape);
        Assert.Equal([0, 0, 1, 1, 2, 2], data.Train.TargetOf(1).Values.data<long>().ToArray());
        Assert.Equal(1, data.Train.InputOf(0)[0, 0, 0, 0].item<float>());
        Assert.Equal(0, data.Train.InputOf(0)[0, 0, 27, 27].item<float>());
        Assert.Equal(1 / 15.0, data.Train.InputOf(0)[0].mean().item<float>(), 0.001); // 7 of 105 columns of ink
        Assert.Equal(50, new Omniglot().Tasks.Count);
        Assert.Equal(1623, new Omniglot().Tasks.Sum(task => task.Output.Channels));
    }

    [Fact]
    public void Omniglot_names_what_is_wrong()
    {
        using var folder = OmniglotFolder();

        folder.AssertFault(
            Omniglot,
            "images_evaluation/N_Ko/character04/1_01.png",
            [1],
            "N_Ko' holds 4 characters; expected 3 folders"
        );
        Directory.Delete(folder.File("images_evaluation/N_Ko/character04"));
        folder.AssertFault(
            Omniglot,
            "images_evaluation/N_Ko/character03/1_21.png",
            [1],
            "1_21.png' does not say who drew it"
        );
        folder.AssertFault(
            Omniglot,
            "images_evaluation/N_Ko/character03/1_01.png",
            Pictures.Grey(10, 11, (_, _) => 0),
            "1_01.png' is 11 x 10 pixels; expected a square"
        );
        Directory.Delete(folder.File("images_background/Balinese"), recursive: true);
        Assert.Contains(
            "There is no folder 'Balinese' in",
            Assert.Throws<DirectoryNotFoundException>(() => Omniglot.Check(folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_decathlon_takes_the_middle_of_each_picture_and_its_class_from_the_folder()
    {
        using var folder = DecathlonFolder();
        using var data = Decathlon.Load(folder.Options);

        Assert.Equal([90, 10, 20], Decathlon.Check(folder.Path).Rows);
        Assert.Equal([3L, 72, 72], data.InputSpec.Shape);
        Assert.All(
            Enumerable.Range(0, 10),
            task => Assert.Equal([0, 1], data.Test.TargetOf(task).Values.data<long>().ToArray())
        );
        Assert.Equal(100 / 255f, data.Test.InputOf(3)[0, 1].mean().item<float>(), 0.02);
    }

    [Fact]
    public void The_decathlon_names_what_is_wrong()
    {
        using var folder = DecathlonFolder();

        folder.AssertFault(
            Decathlon,
            "svhn/train/0011/1.jpg",
            [1],
            "0011' is the folder of no class; expected 0001 to 0010"
        );
        Directory.Delete(folder.File("svhn/train/0011"));
        folder.AssertFault(Decathlon, "dtd/val/0002/0.jpg", [1], "0.jpg' is no image that can be read");
        Directory.Delete(folder.File("ucf101/val"), recursive: true);
        Assert.Contains(
            folder.File("ucf101/val"),
            Assert.Throws<DirectoryNotFoundException>(() => Decathlon.Check(folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_score_is_that_of_the_challenge()
    {
        var fineTuned = DecathlonScore.DataSets.ToDictionary(set => set, set => DecathlonScore.LargestError(set) / 2);

        Assert.Equal(2500, DecathlonScore.Of(fineTuned), 6);
        Assert.Equal(10_000, DecathlonScore.Of(fineTuned.ToDictionary(pair => pair.Key, _ => 0.0)), 6);
        Assert.Equal(0, DecathlonScore.Of(fineTuned.ToDictionary(pair => pair.Key, _ => 1.0)), 6);
        Assert.Equal(0.8026, DecathlonScore.LargestError("imagenet12"), 6);
        Assert.Equal(1000 * Math.Pow(1 - (0.3 / 0.7932), 2), DecathlonScore.PointsOf("aircraft", 0.3), 6);
        fineTuned.Remove("svhn");
        Assert.Contains(
            "svhn is missing",
            Assert.Throws<ArgumentException>(() => DecathlonScore.Of(fineTuned)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => DecathlonScore.PointsOf("mnist", 0.1));
        Assert.Throws<ArgumentException>(() => DecathlonScore.PointsOf("svhn", 30));
    }

    private static DataFolder OfficeFolder()
    {
        var folder = new DataFolder();
        foreach (var domain in new[] { "amazon", "dslr", "webcam" })
        {
            foreach (var label in new[] { 0, 15, 30 })
            {
                folder.Write($"{domain}/images/{label}.jpg", Pictures.Jpeg(30, 24, (byte)(8 * label), 0, 0));
            }

            string Line(int label) => $"{domain}/images/{label}.jpg {label}\n";
            folder
                .Write($"{domain}_train.txt", Line(0) + Line(15) + Line(30))
                .Write($"{domain}_val.txt", Line(30))
                .Write($"{domain}_test.txt", Line(0) + Line(30));
        }

        return folder;
    }

    private static DataFolder OmniglotFolder()
    {
        var folder = new DataFolder();
        var picture = Pictures.Grey(105, 105, (x, _) => x < 7 ? (byte)0 : (byte)255);
        foreach (
            var (alphabet, characters) in new[] { ("images_background/Balinese", 2), ("images_evaluation/N_Ko", 3) }
        )
        {
            for (var character = 1; character <= characters; character++)
            {
                foreach (var drawer in new[] { 1, 10, 11, 14, 15 })
                {
                    folder.Write($"{alphabet}/character{character:00}/{character:0000}_{drawer:00}.png", picture);
                }
            }
        }

        return folder;
    }

    private static DataFolder DecathlonFolder()
    {
        var folder = new DataFolder();
        var picture = Pictures.Jpeg(90, 72, 0, 100, 0);
        foreach (var set in DecathlonScore.DataSets)
        {
            for (var row = 0; row < 10; row++)
            {
                folder.Write($"{set}/train/{1 + (row % 2):0000}/{row}.jpg", picture);
            }

            folder.Write($"{set}/val/0001/0.jpg", picture).Write($"{set}/val/0002/0.jpg", picture);
        }

        return folder;
    }
}
