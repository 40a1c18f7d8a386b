using Plait.Benchmarks.Vision;

namespace Plait.Benchmarks.Tests.Vision;

[Collection("torch")]
public sealed class ImageCollectionTests : IDisposable
{
    private readonly FolderOfFiles folder = new();

    [Fact]
    public void A_folder_is_read_with_the_folders_in_it_in_the_order_of_names()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "b"));
        folder
            .Write("z.PNG", Pictures.Colour(12, 8, (x, _) => ((byte)(20 * x), 0, 7)))
            .Write("b/y.jpg", Pictures.Jpeg(5, 9, 200, 100, 7))
            .Write("b/a.jpeg", Pictures.Jpeg(6, 6, 100, 200, 7))
            .Write("notes.txt", "no image");

        using var images = ImageCollection.OfFolder(folder.Path, side: 4);

        Assert.Equal(["b/a.jpeg", "b/y.jpg", "z.PNG"], images.Names);
        Assert.Equal([3, 3, 4, 4], images.Images.shape);
        var (red, first) = (images.Images.select(1, 0), images.Images[2, 0, 0].data<float>().ToArray());
        Assert.Equal(0, red.mean().item<float>(), 1e-5);
        Assert.Equal(1, red.square().mean().item<float>(), 1e-4);
        Assert.Equal(first.Order(), first);
        Assert.True(images.Images[1, 0].mean().item<float>() > images.Images[0, 0].mean().item<float>());
    }

    [Theory]
    [InlineData(new[] { 5, 6, 7 }, new long[] { 5, 1, 6, 7 })]
    [InlineData(new[] { 5, 3, 6, 7 }, new long[] { 5, 3, 6, 7 })]
    [InlineData(new[] { 5, 6, 7, 3 }, new long[] { 5, 3, 6, 7 })]
    public void Arrays_are_read_with_channels_second_or_last(int[] sizes, long[] expected)
    {
        folder
            .Write("images.npy", Pictures.Npy(sizes, i => (i * 37 % 101) - 50))
            .Write("images.idx", FolderOfFiles.Idx(101, sizes));

        using var ofNpy = ImageCollection.OfFile(Path.Combine(folder.Path, "images.npy"));
        using var ofIdx = ImageCollection.OfFile(Path.Combine(folder.Path, "images.idx"));

        Assert.Equal(expected, ofNpy.Images.shape);
        Assert.Equal(expected, ofIdx.Images.shape);
        Assert.Equal(["0", "1", "2", "3", "4"], ofNpy.Names);
        Assert.Equal(0, ofNpy.Images.mean().item<float>(), 1e-5);
        Assert.Equal(1, ofIdx.Images.square().mean().item<float>(), 1e-4);
    }

    [Fact]
    public void Classes_are_whole_numbers()
    {
        folder
            .Write("classes.idx", FolderOfFiles.Idx(3, 5))
            .Write("floats.npy", Pictures.Npy([5], i => i))
            .Write("pairs.idx", FolderOfFiles.Idx(3, 5, 2));

        Assert.Equal([0, 1, 2, 0, 1], ImageCollection.ReadClasses(Path.Combine(folder.Path, "classes.idx")));
        Assert.Contains("whole number", Refusal("floats.npy"));
        Assert.Contains("[5, 2]", Refusal("pairs.idx"));

        string Refusal(string file) =>
            Assert
                .Throws<InvalidDataException>(() => ImageCollection.ReadClasses(Path.Combine(folder.Path, file)))
                .Message;
    }

    [Fact]
    public void What_holds_no_images_is_refused_by_its_name()
    {
        folder
            .Write("flat.idx", FolderOfFiles.Idx(7, 5, 6))
            .Write("wide.idx", FolderOfFiles.Idx(7, 2, 6, 6, 6))
            .Write("holes.npy", Pictures.Npy([2, 3, 3], i => i == 4 ? float.NaN : i));

        Assert.Contains("[5, 6]", Refusal("flat.idx"));
        Assert.Contains("[2, 6, 6, 6]", Refusal("wide.idx"));
        Assert.Contains("not finite", Refusal("holes.npy"));
        Assert.Contains(
            "holds no image",
            Assert.Throws<InvalidDataException>(() => ImageCollection.OfFolder(folder.Path, 8)).Message
        );
        Assert.Throws<DirectoryNotFoundException>(() => ImageCollection.OfFolder(folder.Path + "-", 8));

        string Refusal(string file) =>
            Assert.Throws<InvalidDataException>(() => ImageCollection.OfFile(Path.Combine(folder.Path, file))).Message;
    }

    [Fact]
    public void Links_to_folders_are_counted_and_not_followed()
    {
        folder.Write("a.jpg", Pictures.Jpeg(4, 4, 1, 2, 3));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "b.jpg"), "a.jpg");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "again"), ".");

        using var images = ImageCollection.OfFolder(folder.Path, 4);

        Assert.Equal(["a.jpg", "b.jpg"], images.Names);
        Assert.Equal(1, images.FolderLinks);
    }

    [Fact]
    public void Files_that_are_no_images_are_counted_but_for_those_that_macOS_leaves()
    {
        folder
            .Write("a.jpg", Pictures.Jpeg(4, 4, 1, 2, 3))
            .Write("._a.jpg", "attributes")
            .Write("notes.txt", "no image")
            .Write(".gif", "no image");

        using var images = ImageCollection.OfFolder(folder.Path, 4);

        Assert.Equal(["a.jpg"], images.Names);
        Assert.Equal(2, images.OtherFiles);
        Assert.Equal(0, images.FolderLinks);
    }

    [Theory]
    [InlineData("nowhere.jpg")]
    [InlineData("nowhere/a.jpg")]
    [InlineData("a.jpg")]
    public void A_link_that_leads_nowhere_is_refused_by_its_name(string target)
    {
        File.CreateSymbolicLink(Path.Combine(folder.Path, "a.jpg"), target);

        var refusal = Assert.Throws<InvalidDataException>(() => ImageCollection.OfFolder(folder.Path, 4)).Message;

        Assert.Contains($"a.jpg' is a link to '{target}'", refusal);
    }

    [Fact]
    public void Reading_stops_when_told_to()
    {
        folder.Write("a.jpg", Pictures.Jpeg(4, 4, 1, 2, 3));

        Assert.Throws<OperationCanceledException>(() =>
            ImageCollection.OfFolder(folder.Path, 4, cancel: new CancellationToken(canceled: true))
        );
    }

    public void Dispose() => folder.Dispose();
}
