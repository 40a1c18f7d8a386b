using System.IO.Compression;
using System.Text;
using Plait.Data;
using Plait.Testing;
using Plait.Torch;

namespace Plait.Tests.Torch;

/// <summary>Files whose headers lie: each is refused before it costs what it claims.</summary>
[Collection("torch")]
public sealed class HostileFilesTests : IDisposable
{
    private const int Little = 4 << 20; // bytes

    private readonly string path = Path.Combine(Directory.CreateTempSubdirectory("plait-hostile").FullName, "file");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

    [Fact]
    public void Sizes_of_an_idx_file_that_multiply_round_are_refused()
    {
        // Eight sizes of 65,536 are 2 to the 128th elements, which wraps round to none in 128 bits.
        byte[] file = [0, 0, 8, 8, .. Enumerable.Repeat(new byte[] { 0, 1, 0, 0 }, 8).SelectMany(size => size)];

        Assert.Contains("expected positive sizes of together", Refused(IdxFile.Read, file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_of_an_npy_file_takes_no_time_to_search()
    {
        const string Start = "'shape': (";
        const string Type = "'descr': '|u1', 'fortran_order': False, ";

        var longest = Refused(NpyFile.Read, Npy(Type + Headers(900))); // each is searched to the end for its bracket
        var longer = Refused(NpyFile.Read, Npy(Type + Headers(100_000)));

        Assert.Contains("'shape' in it", longest, StringComparison.Ordinal);
        Assert.Contains("expected 10000 at most", longer, StringComparison.Ordinal);

        static string Headers(int count) => string.Concat(Enumerable.Repeat(Start, count));
    }

    [Fact]
    public void More_axes_than_arrays_have_are_refused()
    {
        var sizes = string.Concat(Enumerable.Repeat("1,", 4000));
        var file = Npy($"{{'descr': '|u1', 'fortran_order': False, 'shape': ({sizes})}}");

        Assert.Contains("4000 axes; expected at most 64", Refused(NpyFile.Read, file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_900_000_000, "packed bytes cannot hold")] // fewer bytes than could unpack to it
    [InlineData(160 << 20, ReadingLimits.Variable)] // packed in earnest
    public void A_packed_array_is_refused_before_it_is_unpacked(int length, string expected)
    {
        var header = Npy($"{{'descr': '|u1', 'fortran_order': False, 'shape': ({length},)}}");
        var file = Packed(header, length > 1 << 30 ? 1 << 16 : length);

        Assert.Contains(expected, Refused(NpyFile.Read, file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_lets_a_packed_array_through()
    {
        const int Length = 1 << 20;
        var idx = Packed([0, 0, 8, 1, 0, 16, 0, 0], Length);
        File.WriteAllBytes(path, idx);
        var strict = new ReadingLimits { Constant = 1 << 10 };

        var refused = Assert.Throws<InvalidDataException>(() => IdxFile.Read(path, strict));
        using var read = IdxFile.Read(path, strict with { Constant = Length });

        Assert.Contains(ReadingLimits.Variable, refused.Message, StringComparison.Ordinal);
        Assert.Equal(Length, read.numel());
    }

    [Fact]
    public void The_limit_comes_from_the_environment_and_one_that_means_nothing_is_named()
    {
        Assert.Equal(128L << 20, Of(null).Constant);
        Assert.Equal(512L << 20, Of("512").Constant);
        Assert.Equal((128L << 20) + (64 * 10), Of(null).Of(10));
        Assert.Equal(long.MaxValue, Of(null).Of(long.MaxValue));
        foreach (var wrong in new[] { "0", "-1", "2 GB", "99999999999999999" })
        {
            var refused = Assert.Throws<InvalidDataException>(() => Of(wrong)).Message;
            Assert.Contains($"{ReadingLimits.Variable} is '{wrong}'", refused, StringComparison.Ordinal);
        }

        static ReadingLimits Of(string? text) =>
            ReadingLimits.Of(name => name == ReadingLimits.Variable ? text : throw new ArgumentException(name));
    }

    [Theory]
    [InlineData("[4294967296,4294967296]")]
    [InlineData("[0,4611686018427387904,4611686018427387904]")] // empty, but no strides
    public void A_shape_of_a_safetensors_file_whose_product_wraps_round_is_refused(string shape)
    {
        var file = SafeTensors($$$"""{"a":{"dtype":"F32","shape":{{{shape}}},"data_offsets":[0,0]}}""");

        Assert.Contains("'a' lies outside the file", Refused(ReadSafeTensors, file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_of_many_axes_and_a_name_that_comes_twice_are_refused()
    {
        var many = string.Join(',', Enumerable.Repeat('1', 1000));
        var twice =
            """{"a":{"dtype":"I8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"I8","shape":[0],"data_offsets":[0,0]}}""";

        Assert.Contains(
            "the 'shape' of 'a' has 1000 numbers; at most 64 are read",
            Refused(
                ReadSafeTensors,
                SafeTensors($$$"""{"a":{"dtype":"I8","shape":[{{{many}}}],"data_offsets":[0,1]}}""")
            ),
            StringComparison.Ordinal
        );
        Refused(ReadSafeTensors, SafeTensors(twice));
        Refused(ReadSafeTensors, SafeTensors($$"""{"a":{{new string('[', 5000)}}"""));
    }

    [Theory]
    [InlineData("archive/byteorder", 2_000_000_000, "byteorder of 2000000000 bytes is no state dictionary's")]
    [InlineData("archive/data.pkl", 255_000_000, "packed bytes cannot hold")]
    public void An_entry_of_a_checkpoint_that_lies_about_its_length_is_refused(
        string entry,
        int length,
        string expected
    )
    {
        var file = Archive(("archive/data.pkl", "}."u8.ToArray()), ("archive/byteorder", "little"u8.ToArray()));
        var name = file.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(entry)); // in the list at the end
        BitConverter.GetBytes(length).CopyTo(file, name - 22); // the length before packing

        Assert.Contains(expected, Refused(file => ReadCheckpoint(file), file), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_tensors_of_one_storage_take_no_more_than_the_file_may()
    {
        const int Numbers = 1 << 16; // of 4 bytes
        const int Tensors = 400;
        var file = Archive(
            ("archive/data.pkl", SharedStorage(Numbers, Tensors)),
            ("archive/data/0", new byte[4 * Numbers])
        );

        var refused = DamagedFiles.Refused(
            () => ReadCheckpoint(file, new ReadingLimits { Constant = 16 << 20 }),
            mostBytes: 32 << 20 // all copies together take three times as much
        );

        Assert.Contains("copies of tensors that share their numbers", refused, StringComparison.Ordinal);
        ReadCheckpoint(file, new ReadingLimits { Constant = 4L * Numbers * (Tensors + 64) });
    }

    [Theory]
    [InlineData("idx")]
    [InlineData("npy")]
    [InlineData("idx.gz")]
    [InlineData("npy.gz")]
    [InlineData("safetensors")]
    [InlineData("zip")]
    [InlineData("legacy")]
    public void A_damaged_file_is_read_or_refused_for_little_memory(string format)
    {
        using var scope = torch.NewDisposeScope();
        var npy = Npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }                    \n");
        byte[] idx = [0, 0, 13, 2, 0, 0, 0, 2, 0, 0, 0, 3, .. new byte[24]];
        (string, Tensor)[] tensors = [("a", torch.randn(3)), ("b", torch.randn(2, 2))];
        (byte[] File, Action<byte[]> Read) kind = format switch
        {
            "idx" => (idx, ReadIdx),
            "idx.gz" => (Packed(idx, 0), ReadIdx),
            "npy" => ([.. npy, .. new byte[24]], ReadNpy),
            "npy.gz" => (Packed(npy, 24), ReadNpy),
            "safetensors" => (
                SafeTensors(
                    """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}""",
                    24
                ),
                ReadSafeTensors
            ),
            "zip" => (PythonCheckpoint.Zip(tensors), file => ReadCheckpoint(file)),
            _ => (PythonCheckpoint.Legacy(tensors), file => ReadCheckpoint(file)),
        };

        kind.Read(kind.File);
        Assert.InRange(DamagedFiles.Read(kind.File, kind.Read, path, Little, count: 250), 25, 250);

        void ReadIdx(byte[] file) => IdxFile.Read(Written(file)).Dispose();

        void ReadNpy(byte[] file) => NpyFile.Read(Written(file)).Dispose();
    }

    private string Refused(Func<string, ReadingLimits?, Tensor> read, byte[] file) =>
        Refused(one => read(Written(one), null).Dispose(), file);

    private static string Refused(Action<byte[]> read, byte[] file) =>
        DamagedFiles.Refused(() => read(file), Little + (4 * file.Length));

    private void ReadSafeTensors(byte[] file) => SafeTensorsFile.Read(Written(file));

    private void ReadCheckpoint(byte[] file, ReadingLimits? limits = null) => PyTorchFile.Read(Written(file), limits);

    private string Written(byte[] file)
    {
        File.WriteAllBytes(path, file);
        return path;
    }

    private static byte[] Npy(string header) =>
        [
            .. Convert.FromHexString("934E554D50590200"),
            .. BitConverter.GetBytes(header.Length),
            .. Encoding.ASCII.GetBytes(header),
        ];

    private static byte[] SafeTensors(string header, int data = 0) =>
        [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[data]];

    /// <summary>A gzip file of some bytes and a run of zeros.</summary>
    private static byte[] Packed(byte[] start, int zeros)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(start);
            var piece = new byte[1 << 16];
            for (var left = zeros; left > 0; left -= piece.Length)
            {
                gzip.Write(piece.AsSpan(0, Math.Min(left, piece.Length)));
            }
        }

        return packed.ToArray();
    }

    private static byte[] Archive(params (string Name, byte[] Content)[] entries)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.Optimal).Open();
                entry.Write(content);
            }
        }

        return file.ToArray();
    }

    /// <summary>A pickle of a dictionary whose tensors all lie in storage 0, which it names once.</summary>
    private static byte[] SharedStorage(int numbers, int tensors)
    {
        using var pickle = new MemoryStream();
        Write(0x80, 2, '}', '(');
        for (var i = 0; i < tensors; i++)
        {
            Text($"t{i}");
            Class("torch._utils\n_rebuild_tensor_v2\n");
            Write('(');
            if (i == 0)
            {
                Write('(');
                Text("storage");
                Class("torch\nFloatStorage\n");
                Text("0");
                Text("cpu");
                Number(numbers);
                Write('t', 'Q', 'q', 1);
            }
            else
            {
                Write('h', 1);
            }

            Write('K', 0);
            Number(numbers);
            Write(0x85, 'K', 1, 0x85, 't', 'R');
        }

        Write('u', '.');
        return pickle.ToArray();

        void Write(params int[] bytes) => pickle.Write([.. bytes.Select(one => (byte)one)]);

        void Class(string name)
        {
            Write('c');
            pickle.Write(Encoding.ASCII.GetBytes(name));
        }

        void Text(string text)
        {
            Write('X');
            pickle.Write(BitConverter.GetBytes(text.Length));
            pickle.Write(Encoding.ASCII.GetBytes(text));
        }

        void Number(int number)
        {
            Write('J');
            pickle.Write(BitConverter.GetBytes(number));
        }
    }
}
