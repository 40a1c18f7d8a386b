using Plait.Benchmarks.Vision;

namespace Plait.Benchmarks.Tests.Vision;

public sealed class Cifar100Tests
{
    private static readonly Cifar100 Cifar = new();

    [Fact]
    public void Twenty_groups_have_five_classes_each()
    {
        var groups = Enumerable.Range(0, 100).GroupBy(Cifar100.GroupOfFine).ToArray();

        Assert.Equal(20, groups.Length);
        Assert.All(groups, group => Assert.Equal([0L, 1, 2, 3, 4], group.Select(fine => Cifar100.PlaceInGroup(fine))));
        Assert.Equal(4, Cifar100.GroupOfFine(0)); // apple: fruit and vegetables
        Assert.Equal(14, Cifar100.GroupOfFine(98)); // woman: people
        Assert.Equal("people", Cifar.Tasks[14].Name);
    }

    [Fact]
    public void A_folder_gives_each_group_its_pictures()
    {
        using var folder = Folder();
        using var data = Cifar.Load(folder.Options);

        Assert.Equal([900, 100, 100], Cifar.Check(folder.Path).Rows);
        Assert.Equal([3L, 32, 32], data.InputSpec.Shape);
        Assert.All(
            Enumerable.Range(0, 20),
            task => Assert.Equal([0, 1, 2, 3, 4], data.Test.TargetOf(task).Values.data<long>().ToArray())
        );
        Assert.Equal(51 / 255f, data.Test.InputOf(4)[1, 0, 0, 0].item<float>(), 5); // the second class of its group is 51
        Assert.Equal((51 + 1) / 255f, data.Test.InputOf(4)[1, 1, 5, 5].item<float>(), 5);
    }

    [Fact]
    public void Whatever_is_wrong_is_named_with_the_file()
    {
        using var folder = Folder();
        var test = Records(1);
        byte[] unknown = [.. test];
        unknown[1] = 100;
        byte[] other = [.. test];
        other[3074] = 5;

        folder.AssertFault(Cifar, "test.bin", null, "There is no file '{folder}", "plait data describe cifar100");
        folder.AssertFault(Cifar, "test.bin", test[..^1], "has 307399 bytes; expected whole records of 3074 bytes");
        folder.AssertFault(
            Cifar,
            "test.bin",
            unknown,
            "record 0: found fine class 100 of coarse class 4; expected 0 to 99"
        );
        folder.AssertFault(
            Cifar,
            "test.bin",
            other,
            "record 1: found fine class 1 of coarse class 5; expected 0 to 99, and coarse class 1"
        );
        folder.AssertFault(Cifar, "test.bin", test[..3074], "No picture in test.bin is of aquatic-mammals");
    }

    private static DataFolder Folder() =>
        new DataFolder().Write("train.bin", Records(10)).Write("test.bin", Records(1));

    /// <summary>Pictures of every class, whose red pixels are the class's number, the green ones 1 and the blue ones 2 more.</summary>
    private static byte[] Records(int ofEach) =>
        [
            .. Enumerable
                .Range(0, 100 * ofEach)
                .SelectMany(record =>
                    Enumerable
                        .Range(0, 3072)
                        .Select(i => (byte)((record % 100) + (i / 1024)))
                        .Prepend((byte)(record % 100))
                        .Prepend((byte)Cifar100.GroupOfFine(record % 100))
                ),
        ];
}
