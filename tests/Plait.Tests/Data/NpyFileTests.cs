using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CsCheck;
using Plait.Data;

namespace Plait.Tests.Data;

public sealed class NpyFileTests
{
    [Fact]
    public void Floats_come_back_from_every_version_order_and_byte_order()
    {
        var shapes = Gen.Int[1, 4].Array[0, 4];
        (
            from sizes in shapes
            from version in Gen.Int[1, 3]
            from columnsFirst in Gen.Bool
            from bigEndian in Gen.Bool
            from values in Gen.Float[-1e6f, 1e6f].Array[sizes.Aggregate(1, (product, size) => product * size)]
            select (sizes, version, columnsFirst, bigEndian, values)
        ).Sample(
            file =>
            {
                var bytes = file.values.SelectMany(value => Bytes(value, file.bigEndian)).ToArray();
                var stored = file.columnsFirst ? file.sizes.Reverse().ToArray() : file.sizes;
                using var scope = torch.NewDisposeScope();
                var expected = torch.tensor(file.values, [.. stored.Select(size => (long)size)]);
                if (file.columnsFirst)
                {
                    expected = expected.permute([
                        .. Enumerable.Range(0, file.sizes.Length).Select(i => (long)i).Reverse(),
                    ]);
                }

                var read = Read(
                    Npy(file.bigEndian ? ">f4" : "<f4", file.columnsFirst, file.sizes, bytes, file.version)
                );

                Assert.Equal(expected.shape, read.shape);
                Assert.True(read.is_contiguous());
                Assert.True(read.eq(expected).all().item<bool>());
            },
            iter: 200,
            threads: 1
        );
    }

    [Fact]
    public void Every_element_type_is_known_in_both_byte_orders()
    {
        using var scope = torch.NewDisposeScope();
        Assert.Equal([true, false], Read(Npy("|b1", false, [2], [1, 0])).data<bool>().ToArray());
        Assert.Equal([-1, 127], Read(Npy("|i1", false, [2], [0xFF, 0x7F])).data<sbyte>().ToArray());
        Assert.Equal([255, 1], Read(Npy("|u1", false, [2], [255, 1])).data<byte>().ToArray());
        Assert.Equal([258, -2], Read(Npy(">i2", false, [2], [1, 2, 0xFF, 0xFE])).data<short>().ToArray());
        Assert.Equal([513, 65535], Read(Npy("<u2", false, [2], [1, 2, 0xFF, 0xFF])).data<int>().ToArray());
        Assert.Equal([40000], Read(Npy(">u2", false, [1], [0x9C, 0x40])).data<int>().ToArray());
        Assert.Equal([16909060], Read(Npy(">i4", false, [1], [1, 2, 3, 4])).data<int>().ToArray());
        Assert.Equal(
            [-2L],
            Read(Npy("<i8", false, [1], [0xFE, .. Enumerable.Repeat((byte)0xFF, 7)])).data<long>().ToArray()
        );
        Assert.Equal(1.5f, Read(Npy("<f2", false, [1], [0, 0x3E])).to(ScalarType.Float32).item<float>());
        Assert.Equal(-1.5, Read(Npy(">f8", false, [], [0xBF, 0xF8, 0, 0, 0, 0, 0, 0])).item<double>());
    }

    [Fact]
    public void A_file_packed_by_gzip_and_a_path_are_read_too()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Npy("|u1", false, [3], [1, 2, 3]));
        }

        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.npy");
        File.WriteAllBytes(path, packed.ToArray());
        try
        {
            using var read = NpyFile.Read(path);
            Assert.Equal([1, 2, 3], read.data<byte>().ToArray());
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Contains(
            path,
            Assert.Throws<FileNotFoundException>(() => NpyFile.Read(path)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", "starts with ; expected 934E554D5059")]
    [InlineData("504B0304", "starts with 504B0304")]
    [InlineData("934E554D50590400", "version 4.0; expected 1, 2 or 3")]
    [InlineData("934E554D505901007600", "ends within its header")]
    [InlineData("934E554D50590200FFFFFF7F", "2147483647 bytes; expected 10000 at most")]
    public void A_file_of_another_kind_says_what_was_found(string hex, string expected) =>
        AssertFault(Convert.FromHexString(hex), expected);

    [Theory]
    [InlineData("<U5", "holds elements of type '<U5'; expected b1, i1")]
    [InlineData("|O", "holds elements of type '|O'")]
    [InlineData("<c8", "holds elements of type '<c8'")]
    public void Other_elements_are_refused(string type, string expected) =>
        AssertFault(Npy(type, false, [1], new byte[20]), expected);

    [Fact]
    public void Wrong_sizes_are_named()
    {
        AssertFault(Npy("<f4", false, [2, 3], new byte[23]), "sizes 2 x 3 need 24 bytes, but only 23");
        AssertFault(Npy("<f4", false, [2, 3], new byte[25]), "goes on after its elements");
        AssertFault(Npy("<f4", false, [0, 3], []), "sizes are (0, 3); expected positive");
        AssertFault(Npy("|u1", false, [2_000_000_000, 2_000_000_000, 2_000_000_000], [1]), "expected at most");
        AssertFault(
            WithHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", []),
            "'descr' in it"
        );
        AssertFault(WithHeader("{'descr': '<f4', 'shape': (1,), }", []), "'fortran_order' in it");
        AssertFault(WithHeader("{'descr': '<f4', 'fortran_order': False}", []), "'shape' in it");
        AssertFault(WithHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (x,)}", []), "sizes are (x,)");
    }

    [Fact]
    public void A_header_that_lies_costs_no_memory()
    {
        var liar = Npy("|u1", false, [1_900_000_000], [1]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => Read(liar));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    private static void AssertFault(byte[] file, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(file));

        Assert.Contains("'broken.npy'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static Tensor Read(byte[] file) => NpyFile.Read(new MemoryStream(file), "broken.npy");

    private static byte[] Bytes(float value, bool bigEndian)
    {
        var bytes = new byte[sizeof(float)];
        if (bigEndian)
        {
            BinaryPrimitives.WriteSingleBigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        }

        return bytes;
    }

    private static byte[] Npy(string type, bool columnsFirst, int[] sizes, byte[] elements, int version = 1) =>
        WithHeader(
            $"{{'descr': '{type}', 'fortran_order': {columnsFirst}, 'shape': ({string.Join(", ", sizes)}{(sizes.Length == 1 ? "," : "")}), }}",
            elements,
            version
        );

    private static byte[] WithHeader(string header, byte[] elements, int version = 1)
    {
        var text = Encoding.ASCII.GetBytes(header + "\n");
        var length = BitConverter.GetBytes(text.Length); // little-endian on every machine that runs these tests
        return
        [
            .. Convert.FromHexString("934E554D5059"),
            (byte)version,
            0,
            .. version == 1 ? length[..2] : length,
            .. text,
            .. elements,
        ];
    }
}
