using Plait.Benchmarks.Vision;

namespace Plait.Benchmarks.Tests.Vision;

public sealed class CelebATests
{
    private static readonly CelebA CelebA = new();

    private static string Names => string.Join(' ', CelebA.Tasks.Select(task => Written(task.Name)));

    [Fact]
    public void A_folder_gives_small_faces_with_forty_answers_in_the_official_parts()
    {
        using var folder = Folder();
        using var data = CelebA.Load(folder.Options);

        Assert.Equal([3, 1, 2], new[] { data.Train.Rows, data.Validation.Rows, data.Test.Rows });
        Assert.Equal([3L, 64, 64], data.InputSpec.Shape);
        Assert.Equal(40, data.Tasks.Count);
        Assert.Equal("5-o-clock-shadow", data.Tasks[0].Name);
        Assert.Equal(40 / 255f, data.Test.Input[0, 0].mean().item<float>(), 0.02); // the fifth picture
        Assert.Equal([0f, 1f, 0f], data.Train.TargetOf(0).Values.data<float>().ToArray());
        Assert.Equal([1f, 0f, 1f], data.Train.TargetOf(39).Values.data<float>().ToArray());
    }

    [Fact]
    public void A_picture_that_was_read_once_is_not_read_again()
    {
        using var folder = Folder();
        using var source = CelebA.Open(folder.Options).Train.Batches(3);
        using var first = source.Read(source.Tasks.All, new long[40]);
        Directory.Delete(folder.File("Img"), recursive: true);

        using var again = source.Read(source.Tasks.All, new long[40]);

        Assert.True(first.Input.eq(again.Input).all().item<bool>());
    }

    [Fact]
    public void Whatever_is_wrong_is_named_with_the_file()
    {
        using var folder = Folder();
        const string Anno = "Anno/list_attr_celeba.txt";
        const string Eval = "Eval/list_eval_partition.txt";

        folder.AssertFault(CelebA, Anno, null, "There is no list '{folder}");
        folder.AssertFault(CelebA, Anno, Attributes(rows: 5), "line 1: found '6'; expected 5");
        folder.AssertFault(
            CelebA,
            Anno,
            Attributes(names: Names.Replace("Bald", "Hat", StringComparison.Ordinal)),
            "line 2: found '5_o_Clock"
        );
        folder.AssertFault(
            CelebA,
            Anno,
            Attributes(wrong: " 0"),
            "line 5: found 41 words, 0 among them; expected a file name and 40 of 1 and -1"
        );
        folder.AssertFault(
            CelebA,
            Eval,
            "000001.jpg 0\n000002.jpg 3\n"u8.ToArray(),
            "line 2: found '000002.jpg 3'; expected a file name and 0, 1 or 2"
        );
        folder.AssertFault(
            CelebA,
            Eval,
            "000001.jpg 0\n000007.jpg 1\n"u8.ToArray(),
            "line 2: found '000007.jpg'; expected a picture that"
        );
        folder.AssertFault(CelebA, Eval, "000001.jpg 0\n000002.jpg 1\n"u8.ToArray(), "has no picture of part 2");
        folder.AssertFault(CelebA, "Img/img_align_celeba/000004.jpg", null, "000004.jpg', though", "names it");
        folder.AssertFault(CelebA, "Img/img_align_celeba/000004.jpg", [0], "000004.jpg' is no image that can be read");
        Assert.Equal([3, 1, 2], CelebA.Check(folder.Path).Rows);
    }

    private static DataFolder Folder()
    {
        var folder = new DataFolder();
        folder.Write("Anno/list_attr_celeba.txt", Attributes());
        folder.Write(
            "Eval/list_eval_partition.txt",
            string.Concat(
                Enumerable
                    .Range(1, 6)
                    .Select(row => $"{row:000000}.jpg {row switch { 4 => 1, > 4 => 2, _ => 0 }}\n")
            )
        );
        for (var row = 1; row <= 6; row++)
        {
            folder.Write($"Img/img_align_celeba/{row:000000}.jpg", Pictures.Jpeg(178, 218, (byte)(8 * row), 0, 0));
        }

        return folder;
    }

    private static byte[] Attributes(int rows = 6, string? names = null, string? wrong = null) =>
        System.Text.Encoding.ASCII.GetBytes(
            $"6\n{names ?? Names} \n"
                + string.Concat(
                    Enumerable
                        .Range(1, rows)
                        .Select(row =>
                            $"{row:000000}.jpg {string.Join(' ', Enumerable.Range(0, 39).Select(i => (row + i) % 2 == 0 ? " 1" : "-1"))}{(row == 3 && wrong is not null ? wrong : (row + 39) % 2 == 0 ? "  1" : " -1")}\n"
                        )
                )
        );

    /// <summary>A name as the publisher writes it, from a task's.</summary>
    private static string Written(string name) =>
        string.Join(
            '_',
            name.Split('-').Select(word => word is "o" ? word : char.ToUpperInvariant(word[0]) + word[1..])
        );
}
