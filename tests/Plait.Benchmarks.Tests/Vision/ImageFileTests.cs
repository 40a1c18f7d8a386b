using Plait.Benchmarks.Vision.Reading;

namespace Plait.Benchmarks.Tests.Vision;

public sealed class ImageFileTests
{
    [Fact]
    public void Grey_of_16_bits_comes_back_to_the_last_one()
    {
        using var folder = new DataFolder();
        folder.Write("depth.png", Pictures.Grey16(37, 11, (x, y) => (ushort)((x * 6007) + (y * 257) + 1)));

        using var read = ImageFile.ReadGrey16(folder.File("depth.png"));

        Assert.Equal([11L, 37L], read.shape);
        Assert.Equal(
            from y in Enumerable.Range(0, 11)
            from x in Enumerable.Range(0, 37)
            select (int)(ushort)((x * 6007) + (y * 257) + 1),
            read.data<int>().ToArray()
        );
    }

    [Fact]
    public void A_palette_gives_the_numbers_of_its_colours_even_where_two_are_the_same()
    {
        using var folder = new DataFolder();
        folder.Write("voc.png", Pictures.Palette(16, 16, (x, y) => (byte)((16 * y) + x)));
        folder.Write("small.png", Pictures.SmallPalette(2, 0b00_01_10_11, 0b11_10_01_00));

        using var voc = ImageFile.ReadIndices(folder.File("voc.png"));
        using var small = ImageFile.ReadIndices(folder.File("small.png"));

        Assert.Equal(Enumerable.Range(0, 256).Select(i => (byte)i), voc.data<byte>().ToArray());
        Assert.Equal([0, 1, 2, 3, 3, 2, 1, 0], small.data<byte>().ToArray());
    }

    [Fact]
    public void Colours_and_greys_come_back_as_they_are()
    {
        using var folder = new DataFolder();
        folder.Write("colour.png", Pictures.Colour(16, 16, (x, y) => ((byte)((16 * y) + x), (byte)y, (byte)(255 - x))));
        folder.Write("grey.png", Pictures.Grey(16, 16, (x, y) => (byte)((16 * y) + x)));
        folder.Write("plain.jpg", Pictures.Jpeg(40, 24, 200, 100, 50));

        using var colour = ImageFile.ReadColour(folder.File("colour.png"));
        using var grey = ImageFile.ReadGrey(folder.File("grey.png"));
        using var indices = ImageFile.ReadIndices(folder.File("grey.png"));
        using var jpeg = ImageFile.ReadColour(folder.File("plain.jpg"));

        Assert.Equal([3L, 16L, 16L], colour.shape);
        Assert.Equal(Enumerable.Range(0, 256).Select(i => (byte)i), colour[0].data<byte>().ToArray());
        Assert.Equal((2, 250), (colour[1, 2, 5].item<byte>(), colour[2, 2, 5].item<byte>()));
        Assert.Equal(Enumerable.Range(0, 256).Select(i => (byte)i), grey.data<byte>().ToArray());
        Assert.True(grey.eq(indices).all().item<bool>());
        Assert.Equal([3L, 24L, 40L], jpeg.shape);
        Assert.InRange(jpeg[0].to(ScalarType.Float32).mean().item<float>(), 197, 203);
        Assert.InRange(jpeg[2].to(ScalarType.Float32).mean().item<float>(), 47, 53);
        Assert.Equal((24, 40), ImageFile.ReadSize(folder.File("plain.jpg")));
    }

    [Fact]
    public void A_damaged_image_is_named_with_what_was_found_and_what_was_expected()
    {
        using var folder = new DataFolder();
        var jpeg = Pictures.NoisyJpeg(64, 48);
        var png = Pictures.Grey16(200, 200, (x, y) => (ushort)((x * x * 7) + (y * 12345)));
        byte[] flipped = [.. png];
        flipped[png.Length / 2] ^= 0x55;

        Fault(
            ImageFile.ReadColour,
            jpeg[..(jpeg.Length / 2)],
            "fewer bytes than its header asks for; expected 48 x 64 pixels"
        );
        Fault(ImageFile.ReadColour, [1, 2, 3], "found a start of 010203; expected a whole JPEG or PNG image");
        Fault(ImageFile.ReadColour, [], "found an empty file");
        Fault(ImageFile.ReadGrey16, png[..(png.Length / 2)], "is cut short: it ends within a part of the image");
        Fault(ImageFile.ReadGrey16, flipped, "bytes that cannot be decoded");
        Fault(ImageFile.ReadGrey16, jpeg, "is no PNG image: it starts with FFD8FF");
        Fault(
            ImageFile.ReadGrey16,
            Pictures.Grey(4, 4, (_, _) => 0),
            "found 8-bit greyscale; expected a 16-bit greyscale image"
        );
        Fault(ImageFile.ReadGrey, png, "found 16-bit greyscale; expected an 8-bit greyscale image");
        Fault(
            ImageFile.ReadIndices,
            Pictures.Colour(4, 4, (_, _) => (1, 2, 3)),
            "found 8-bit colour; expected a palette or 8-bit greyscale image"
        );
        Assert.Contains(
            folder.File("none.png"),
            Assert.Throws<FileNotFoundException>(() => ImageFile.ReadColour(folder.File("none.png"))).Message,
            StringComparison.Ordinal
        );

        void Fault(Func<string, Tensor> read, byte[] file, string expected)
        {
            folder.Write("broken", file);
            var error = Assert.Throws<InvalidDataException>(() => read(folder.File("broken")));
            Assert.Contains($"'{folder.File("broken")}'", error.Message, StringComparison.Ordinal);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
    }
}
