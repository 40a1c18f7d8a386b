using Plait.Benchmarks.Vision.Reading;
using Plait.Testing;
using Plait.Torch;

namespace Plait.Benchmarks.Tests.Vision;

/// <summary>Images and MAT files that claim, or unpack to, more than their bytes can bear: each is refused before it costs that.</summary>
public sealed class HostileFilesTests : IDisposable
{
    private const int Little = 8 << 20; // bytes

    private readonly DataFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(33_000, 33_000)]
    [InlineData(32_768, 32_768)]
    [InlineData(20_000, 20_000)]
    [InlineData(1, 0x7FFF_FFFF)]
    [InlineData(70_000, 1)]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    public void A_png_image_with_more_pixels_than_its_bytes_hold_is_refused(int width, int height)
    {
        var small = Pictures.Resized(Pictures.Colour(2, 2, (_, _) => (1, 2, 3)), width, height);
        var grey = Pictures.Resized(Pictures.Grey(2, 2, (_, _) => 1), width, height);
        var depth = Pictures.Resized(Pictures.Grey16(2, 2, (_, _) => 1), width, height);

        Assert.Contains("pixels", Refused(ImageFile.ReadColour, small), StringComparison.Ordinal);
        Assert.Contains("pixels", Refused(ImageFile.ReadGrey, grey), StringComparison.Ordinal);
        Assert.Contains("pixels", Refused(ImageFile.ReadIndices, grey), StringComparison.Ordinal);
        Assert.Contains("pixels", Refused(ImageFile.ReadGrey16, depth), StringComparison.Ordinal);
    }

    [Fact]
    public void A_png_image_packed_to_almost_nothing_is_refused_with_the_variable_that_lets_it_through()
    {
        const int Side = 12_000;

        var refused = Refused(ImageFile.ReadIndices, Pictures.Blank(Side, Side));

        Assert.Contains("12000 x 12000 pixels", refused, StringComparison.Ordinal);
        Assert.Contains(ReadingLimits.Variable, refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_jpeg_image_with_more_pixels_or_scans_than_its_bytes_hold_is_refused()
    {
        var jpeg = Pictures.Jpeg(16, 16, 1, 2, 3);
        byte[] large = [.. jpeg];
        var frame = large.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        new byte[] { 0xFF, 0xDC, 0xFF, 0xDC }.CopyTo(large, frame + 5); // height, width
        byte[] scans = [.. jpeg, .. Enumerable.Repeat(new byte[] { 0xFF, 0xDA }, 2000).SelectMany(mark => mark)];

        Assert.Contains(
            "65500 x 65500 pixels in 1 scans",
            Refused(ImageFile.ReadColour, large),
            StringComparison.Ordinal
        );
        Assert.Contains("in 2001 scans", Refused(ImageFile.ReadColour, scans), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_not_where_it_belongs_is_refused()
    {
        var image = Pictures.Grey16(4, 4, (_, _) => 1);
        byte[] short_ = [.. image];
        short_[11] = 4; // the header's length
        byte[] other = [.. image];
        other[12] = (byte)'X';

        Assert.Contains(
            "does not begin with its header",
            Refused(ImageFile.ReadGrey16, short_),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "does not begin with its header",
            Refused(ImageFile.ReadGrey16, other),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Structures_and_cells_that_the_bytes_cannot_hold_are_refused()
    {
        Assert.Contains(
            "16777216 structures, which 0 bytes cannot hold",
            RefusedMat(MatWriter.Claimed(kind: 2, [1, 1 << 24], fields: 0)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "structures",
            RefusedMat(MatWriter.Claimed(2, [1 << 20, 1 << 20], fields: 1)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "cells",
            RefusedMat(MatWriter.Claimed(1, [1 << 16, 1 << 16], fields: 0)),
            StringComparison.Ordinal
        );
        Assert.Contains("sizes -1 x 1", RefusedMat(MatWriter.Claimed(1, [-1, 1], fields: 0)), StringComparison.Ordinal);
        Assert.Contains(
            "100 axes; at most 64",
            RefusedMat(MatWriter.Claimed(1, Enumerable.Repeat(1, 100).ToArray(), fields: 0)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Arrays_within_arrays_are_read_to_a_depth()
    {
        Assert.Contains(
            "more than 32 deep",
            RefusedMat(MatWriter.File(packed: false, ("anno", _ => MatWriter.Nested(100_000)))),
            StringComparison.Ordinal
        );
        folder.Write("file.mat", MatWriter.File(packed: true, ("anno", _ => MatWriter.Nested(32))));
        Assert.NotNull(MatFile.Read(folder.File("file.mat"), "anno").Cells);
    }

    [Fact]
    public void A_variable_that_unpacks_to_too_much_is_refused_and_one_beside_it_is_read()
    {
        const int Side = 2000;
        folder.Write(
            "file.mat",
            MatWriter.File(
                packed: true,
                ("large", MatWriter.Numbers(Side, Side, (_, _) => 0)),
                ("anno", MatWriter.Numbers(1, 1, (_, _) => 7))
            )
        );
        var strict = new ReadingLimits { Constant = 1 << 10 };

        var refused = DamagedFiles.Refused(() => MatFile.Read(folder.File("file.mat"), "large", strict), Little);

        Assert.Contains("4,000,056 for an array", refused, StringComparison.Ordinal);
        Assert.Contains(ReadingLimits.Variable, refused, StringComparison.Ordinal);
        Assert.Equal(7, MatFile.Read(folder.File("file.mat"), "anno", strict).Number);
        Assert.Equal(Side, MatFile.Read(folder.File("file.mat"), "large").Shape[0]);
    }

    [Fact]
    public void Many_empty_arrays_are_counted_for_what_they_take_in_memory()
    {
        var cells = Enumerable.Repeat(MatWriter.Nothing(), 100_000).ToArray();
        folder.Write("file.mat", MatWriter.File(packed: true, ("anno", MatWriter.Cells(cells))));
        var strict = new ReadingLimits { Constant = 2 << 20 };

        var refused = DamagedFiles.Refused(() => MatFile.Read(folder.File("file.mat"), "anno", strict), Little);

        Assert.Contains("its arrays", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("colour")]
    [InlineData("palette")]
    [InlineData("grey16")]
    [InlineData("jpeg")]
    public void A_damaged_image_is_read_or_refused_for_little_memory(string kind)
    {
        (byte[] File, Func<string, Tensor> Read) image = kind switch
        {
            "colour" => (Pictures.Colour(9, 7, (x, y) => ((byte)x, (byte)y, 3)), ImageFile.ReadColour),
            "palette" => (Pictures.Palette(9, 7, (x, y) => (byte)(x * y)), ImageFile.ReadIndices),
            "grey16" => (Pictures.Grey16(9, 7, (x, y) => (ushort)(500 * x * y)), ImageFile.ReadGrey16),
            _ => (Pictures.Jpeg(9, 7, 1, 2, 3), ImageFile.ReadColour),
        };

        Read(image.File);
        var refused = DamagedFiles.Read(image.File, Read, folder.File("file"), Little, count: 100);
        refused += DamagedFiles.Read(
            image.File,
            file => Read(kind == "jpeg" ? file : Pictures.WithChecksums(file)), // which would hide what lies behind them
            folder.File("file"),
            Little,
            count: 100,
            seed: 1
        );

        Assert.InRange(refused, 20, 200);

        void Read(byte[] file)
        {
            folder.Write("file", file);
            image.Read(folder.File("file")).Dispose();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_mat_file_is_read_or_refused_for_little_memory(bool packed)
    {
        var whole = MatWriter.File(
            packed,
            ("first", MatWriter.Numbers(2, 3, (row, column) => row - (0.5 * column), bytes: false)),
            (
                "anno",
                MatWriter.Structures(
                    [
                        ("name", MatWriter.Text("lear")),
                        (
                            "list",
                            MatWriter.Cells(MatWriter.Numbers(3, 2, (row, column) => row + column), MatWriter.Nothing())
                        ),
                    ],
                    [("name", MatWriter.Text("a longer text")), ("list", MatWriter.Nothing())]
                )
            )
        );

        Read(whole);
        Assert.InRange(DamagedFiles.Read(whole, Read, folder.File("file"), Little, count: 200), 20, 200);

        void Read(byte[] file)
        {
            folder.Write("file", file);
            MatFile.Read(folder.File("file"), "anno");
        }
    }

    private string Refused(Func<string, Tensor> read, byte[] file)
    {
        folder.Write("file", file);
        var refused = DamagedFiles.Refused(() => read(folder.File("file")).Dispose(), Little);
        Assert.Contains($"'{folder.File("file")}'", refused, StringComparison.Ordinal);
        return refused;
    }

    private string RefusedMat(byte[] file)
    {
        folder.Write("file.mat", file);
        var refused = DamagedFiles.Refused(
            () => MatFile.Read(folder.File("file.mat"), "anno"),
            Little + (2 * file.Length)
        );
        Assert.Contains($"'{folder.File("file.mat")}'", refused, StringComparison.Ordinal);
        return refused;
    }
}
