using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Reads MATLAB's files of versions 5 to 7: arrays of numbers and texts, cells, structures.</summary>
/// <remarks>
/// After MathWorks' <i>MAT-File Format</i>, chapter 1, "Level 5": a header of 128 bytes, then elements, each a type, a length and
/// data that fills eight bytes; an element of up to four bytes lies within its own tag. Not read: sparse arrays, objects, the
/// imaginary parts of numbers, and version 7.3, which is HDF5.
/// </remarks>
internal sealed class MatFile
{
    private const int HeaderLength = 128;
    private const int EndianAt = 126;
    private const int Matrix = 14;
    private const int Compressed = 15;

    private readonly string name;
    private readonly bool bigEndian;

    private MatFile(string name, bool bigEndian)
    {
        this.name = name;
        this.bigEndian = bigEndian;
    }

    /// <summary>Reads one variable of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variable">Its name.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not such a file, not a whole one, or has no such variable.</exception>
    public static MatArray Read(string path, string variable)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no MAT file '{path}'.", path);
        }

        var bytes = File.ReadAllBytes(path);
        var mark = bytes.Length < HeaderLength ? "" : Encoding.ASCII.GetString(bytes, EndianAt, 2);
        if (mark is not ("IM" or "MI") || bytes[mark == "IM" ? EndianAt - 1 : EndianAt - 2] != 1)
        {
            throw new InvalidDataException(
                $"'{path}' is no MAT file that can be read: it starts with '{Printable(bytes)}'; expected versions 5 to 7 (\"MATLAB 5.0 MAT-file\")."
            );
        }

        var file = new MatFile(path, mark == "MI");
        var names = new List<string>();
        try
        {
            for (ReadOnlySpan<byte> rest = bytes.AsSpan(HeaderLength); rest.Length > 0; )
            {
                var element = file.Next(ref rest);
                if (element.Type == Compressed)
                {
                    ReadOnlySpan<byte> unpacked = file.Unpack(element.Data);
                    element = file.Next(ref unpacked);
                }

                var (found, array) = file.ReadArray(element);
                if (found == variable)
                {
                    return array;
                }

                names.Add(found);
            }
        }
        catch (Exception failure)
            when (failure is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException(
                $"'{path}' is cut short or damaged: an element says it is longer than the file.",
                failure
            );
        }

        throw new InvalidDataException(
            $"'{path}' holds {(names.Count == 0 ? "nothing" : string.Join(", ", names))}; expected a variable {variable}."
        );
    }

    private static string Printable(byte[] bytes) =>
        new([.. bytes.Take(20).Select(one => one is >= 32 and < 127 ? (char)one : '.')]);

    private byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        using var zlib = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        try
        {
            zlib.CopyTo(unpacked);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"'{name}' cannot be unpacked: {failure.Message}", failure);
        }

        return unpacked.ToArray();
    }

    private Element Next(scoped ref ReadOnlySpan<byte> rest)
    {
        var first = Int(rest);
        if (first >> 16 is > 0 and var length)
        {
            var small = new Element(first & 0xFFFF, rest.Slice(4, length));
            rest = rest[8..];
            return small;
        }

        length = Int(rest[4..]);
        var element = new Element(first, rest.Slice(8, length));
        var whole = first == Compressed ? 8 + length : 8 + ((length + 7) / 8 * 8);
        rest = rest[Math.Min(whole, rest.Length)..];
        return element;
    }

    private (string Name, MatArray Array) ReadArray(Element element)
    {
        if (element.Type != Matrix)
        {
            throw new InvalidDataException(
                $"'{name}' holds an element of type {element.Type}; expected an array ({Matrix})."
            );
        }

        var rest = element.Data;
        if (rest.Length == 0)
        {
            return ("", new MatArray([0, 0]));
        }

        var kind = Int(Next(ref rest).Data) & 0xFF;
        var shape = Numbers(Next(ref rest)).Select(size => (int)size).ToArray();
        var own = Encoding.ASCII.GetString(Next(ref rest).Data);
        var count = shape.Aggregate(1, (product, size) => checked(product * size));
        return (
            own,
            kind switch
            {
                1 => new MatArray(shape) { Cells = ReadArrays(ref rest, count) },
                2 => ReadStructure(ref rest, shape, count),
                4 => new MatArray(shape) { Text = new string([.. Numbers(Next(ref rest)).Select(code => (char)code)]) },
                >= 6 and <= 15 => new MatArray(shape) { Numbers = Counted(Numbers(Next(ref rest)), count) },
                _ => throw new InvalidDataException(
                    $"'{name}' holds an array of class {kind}; expected numbers, text, cells or structures."
                ),
            }
        );
    }

    private float[] Counted(float[] numbers, int count) =>
        numbers.Length == count
            ? numbers
            : throw new InvalidDataException(
                $"'{name}' holds an array of {numbers.Length} numbers; expected {count} by its sizes."
            );

    private MatArray ReadStructure(ref ReadOnlySpan<byte> rest, int[] shape, int count)
    {
        var width = Int(Next(ref rest).Data);
        var names = Next(ref rest).Data;
        var fields = new string[names.Length / Math.Max(1, width)];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = Encoding.ASCII.GetString(names.Slice(i * width, width)).TrimEnd('\0');
        }

        var values = ReadArrays(ref rest, count * fields.Length);
        return new MatArray(shape)
        {
            Structures =
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(one =>
                        fields.Select((field, i) => (field, values[(one * fields.Length) + i])).ToDictionary()
                    ),
            ],
        };
    }

    private MatArray[] ReadArrays(ref ReadOnlySpan<byte> rest, int count)
    {
        var arrays = new List<MatArray>();
        for (var i = 0; i < count; i++)
        {
            arrays.Add(ReadArray(Next(ref rest)).Array);
        }

        return [.. arrays];
    }

    private float[] Numbers(Element element)
    {
        var (size, read) = NumberOf(element.Type);
        var numbers = new float[element.Data.Length / size];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = read(element.Data.Slice(i * size, size), bigEndian);
        }

        return numbers;
    }

    private (int Size, NumberReader Read) NumberOf(int type) =>
        type switch
        {
            1 => (1, (bytes, _) => (sbyte)bytes[0]),
            2 or 16 => (1, (bytes, _) => bytes[0]),
            3 => (
                2,
                (bytes, big) =>
                    big ? BinaryPrimitives.ReadInt16BigEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes)
            ),
            4 or 17 => (
                2,
                (bytes, big) =>
                    big ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes)
            ),
            5 => (
                4,
                (bytes, big) =>
                    big ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes)
            ),
            6 => (
                4,
                (bytes, big) =>
                    big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes)
            ),
            7 => (
                4,
                (bytes, big) =>
                    big ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes)
            ),
            9 => (
                8,
                (bytes, big) =>
                    (float)(
                        big
                            ? BinaryPrimitives.ReadDoubleBigEndian(bytes)
                            : BinaryPrimitives.ReadDoubleLittleEndian(bytes)
                    )
            ),
            12 => (
                8,
                (bytes, big) =>
                    big ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes)
            ),
            13 => (
                8,
                (bytes, big) =>
                    big ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes)
            ),
            _ => throw new InvalidDataException(
                $"'{name}' holds numbers of type {type}; expected one of MATLAB's numbers."
            ),
        };

    private int Int(ReadOnlySpan<byte> bytes) =>
        bigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);

    private delegate float NumberReader(ReadOnlySpan<byte> bytes, bool bigEndian);

    private readonly ref struct Element(int type, ReadOnlySpan<byte> data)
    {
        public int Type { get; } = type;

        public ReadOnlySpan<byte> Data { get; } = data;
    }
}
