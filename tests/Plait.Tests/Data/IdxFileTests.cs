using System.IO.Compression;
using Plait.Data;

namespace Plait.Tests.Data;

public sealed class IdxFileTests
{
    private static readonly byte[] Bytes2x3 = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255];

    [Fact]
    public void Read_gives_shape_and_elements_packed_or_not()
    {
        foreach (var file in new[] { Bytes2x3, Pack(Bytes2x3) })
        {
            using var tensor = Read(file);

            Assert.Equal([2L, 3L], tensor.shape);
            Assert.Equal(ScalarType.Byte, tensor.dtype);
            Assert.Equal([1, 2, 3, 4, 5, 255], tensor.data<byte>().ToArray());
        }
    }

    [Fact]
    public void Read_from_a_path_and_from_a_stream_that_cannot_seek()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.idx");
        File.WriteAllBytes(path, Bytes2x3);
        try
        {
            using var fromPath = IdxFile.Read(path);
            using var unzipped = new GZipStream(new MemoryStream(Pack(Bytes2x3)), CompressionMode.Decompress);
            using var fromStream = IdxFile.Read(unzipped, "stream");

            Assert.Equal(fromPath.data<byte>().ToArray(), fromStream.data<byte>().ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Read_knows_every_element_type_of_the_format()
    {
        using var int8 = Read([0, 0, 9, 1, 0, 0, 0, 2, 0xFF, 0x7F]);
        using var int16 = Read([0, 0, 0x0B, 1, 0, 0, 0, 2, 0x01, 0x02, 0xFF, 0xFE]);
        using var int32 = Read([0, 0, 0x0C, 1, 0, 0, 0, 1, 0x00, 0x01, 0x00, 0x02]);
        using var float32 = Read([0, 0, 0x0D, 1, 0, 0, 0, 1, 0x3F, 0xC0, 0, 0]);
        using var float64 = Read([0, 0, 0x0E, 1, 0, 0, 0, 1, 0xBF, 0xF8, 0, 0, 0, 0, 0, 0]);

        Assert.Equal([-1, 127], int8.data<sbyte>().ToArray());
        Assert.Equal([258, -2], int16.data<short>().ToArray());
        Assert.Equal([65538], int32.data<int>().ToArray());
        Assert.Equal([1.5f], float32.data<float>().ToArray());
        Assert.Equal([-1.5], float64.data<double>().ToArray());
    }

    [Theory]
    [InlineData("", "starts with ")]
    [InlineData("0000", "starts with 0000")]
    [InlineData("00000A01000000010000", "starts with 00000A01")]
    [InlineData("50003801", "starts with 50003801")]
    [InlineData("00000800", "0 axes")]
    [InlineData("000008FF", "255 axes")]
    [InlineData("000008020000000200", "ends within its header")]
    [InlineData("0000080200000002000000030102", "2 x 3 need 6 bytes, but only 2")]
    [InlineData("00000801000000020102FF", "goes on after its elements")]
    [InlineData("000008027FFFFFFF7FFFFFFF", "2147483647 x 2147483647")]
    [InlineData("00000801FFFFFFFF", "sizes are -1")]
    [InlineData("1F8B0800000000000003FFFFFF", "cannot be unpacked")]
    public void Read_of_a_broken_file_says_what_was_found(string hex, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(Convert.FromHexString(hex)));

        Assert.Contains("'broken.idx'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_a_packed_file_that_is_cut_short_is_an_error()
    {
        var large = new byte[8 + 10_000];
        new byte[] { 0, 0, 8, 1, 0, 0, 0x27, 0x10 }.CopyTo(large, 0);
        new Random(1).NextBytes(large.AsSpan(8));
        var packed = Pack(large);

        Assert.Equal([10_000L], Read(packed).shape);
        Assert.Throws<InvalidDataException>(() => Read(packed[..^2000]));
    }

    [Fact]
    public void A_header_that_lies_costs_no_memory()
    {
        byte[] liar = [0, 0, 8, 1, 0x70, 0, 0, 0, 1];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => Read(liar));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<FileNotFoundException>(() => IdxFile.Read("/nowhere/at-all.idx"));

        Assert.Contains("/nowhere/at-all.idx", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Read(byte[] file) => IdxFile.Read(new MemoryStream(file), "broken.idx");

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
