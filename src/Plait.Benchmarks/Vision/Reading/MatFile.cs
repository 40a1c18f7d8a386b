using System.IO.Compression;
using System.Text;
using Plait.Torch;

namespace Plait.Benchmarks.Vision.Reading;

/// <summary>Reads MATLAB's files of versions 5 to 7: arrays of numbers and texts, cells, structures.</summary>
/// <remarks>
/// After MathWorks' <i>MAT-File Format</i>, chapter 1, "Level 5": a header of 128 bytes, then elements, each a type, a length and
/// data that fills eight bytes; an element of up to four bytes lies within its own tag. Not read: sparse arrays, objects, the
/// imaginary parts of numbers, and version 7.3, which is HDF5. Of other variables than the one that is asked for, no more than the
/// name is unpacked.
/// </remarks>
internal sealed class MatFile
{
    private const int HeaderLength = 128;
    private const int EndianAt = 126;
    private const int TagLength = 8;
    private const int Matrix = 14;
    private const int Compressed = 15;
    private const int LongestStart = 1024; // of a variable: its kind, its sizes and its name

    private readonly string name;
    private readonly bool bigEndian;
    private readonly ReadingBudget budget;

    private MatFile(string name, bool bigEndian, ReadingBudget budget)
    {
        this.name = name;
        this.bigEndian = bigEndian;
        this.budget = budget;
    }

    /// <summary>Reads one variable of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="variable">Its name.</param>
    /// <param name="limits">What the variable may take; null for the usual limits.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not such a file, not a whole one, has no such variable, or one that takes too much.</exception>
    public static MatArray Read(string path, string variable, ReadingLimits? limits = null)
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
                $"'{path}' is no MAT file that can be read: it starts with '{Printable(bytes.AsSpan(0, Math.Min(20, bytes.Length)))}'; expected versions 5 to 7 (\"MATLAB 5.0 MAT-file\")."
            );
        }

        var file = new MatFile(path, mark == "MI", new ReadingBudget(path, bytes.Length, limits));
        return file.Find(bytes.AsMemory(HeaderLength), variable);
    }

    private static string Printable(ReadOnlySpan<byte> bytes) =>
        new([.. bytes.ToArray().Select(one => one is >= 32 and < 127 ? (char)one : '.')]);

    private MatArray Find(ReadOnlyMemory<byte> content, string variable)
    {
        const int NamedInErrors = 20;
        var names = new List<string>();
        for (var rest = Reader(content); rest.Left > 0; )
        {
            var element = MatArrays.Next(ref rest);
            var found = NameOf(element.Type == Compressed ? Unpack(element.Data, LongestStart) : element);
            if (found == variable)
            {
                var array = element.Type == Compressed ? Unpack(element.Data, null) : element;
                return new MatArrays(name, bigEndian, budget).Read(array);
            }

            if (names.Count <= NamedInErrors)
            {
                names.Add(
                    names.Count == NamedInErrors ? "..."
                    : found.Length > 0 ? found
                    : "an array without a name"
                );
            }
        }

        throw new InvalidDataException(
            $"'{name}' holds {(names.Count == 0 ? "nothing" : ForeignText.Printable(string.Join(", ", names)))}; expected a variable {variable}."
        );
    }

    /// <summary>The name of an array, of which the start is enough.</summary>
    private string NameOf((int Type, ReadOnlyMemory<byte> Data) element)
    {
        if (element.Type != Matrix)
        {
            throw new InvalidDataException(
                $"'{name}' holds an element of type {element.Type}; expected an array ({Matrix})."
            );
        }

        var rest = Reader(element.Data);
        if (rest.Left == 0)
        {
            return "";
        }

        MatArrays.Next(ref rest); // what it holds
        MatArrays.Next(ref rest); // its sizes
        return Encoding.ASCII.GetString(MatArrays.Next(ref rest).Data.Span);
    }

    /// <summary>Unpacks an element.</summary>
    /// <param name="packed">Its deflated bytes.</param>
    /// <param name="most">Bytes of its data that are enough, for which no memory is asked; null for all.</param>
    private (int Type, ReadOnlyMemory<byte> Data) Unpack(ReadOnlyMemory<byte> packed, int? most)
    {
        using var zlib = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        try
        {
            var tag = Reader(ReadingBudget.Read(zlib, TagLength));
            var (type, length) = (tag.Int32(), tag.Int32());
            if (length < 0)
            {
                throw new InvalidDataException($"an array says it has {length} bytes");
            }

            if (most is null)
            {
                budget.TakeUnpacked(length, packed.Length, "an array");
            }

            var wanted = Math.Min(length, most ?? length);
            var data = ReadingBudget.Read(zlib, wanted);
            return data.Length == wanted
                ? (type, data)
                : throw new InvalidDataException($"an array of {length} bytes ends after {data.Length}");
        }
        catch (InvalidDataException failure) when (!failure.Message.StartsWith($"'{name}'", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"'{name}' cannot be unpacked: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    private BoundedReader Reader(ReadOnlyMemory<byte> bytes) => new(bytes, name, bigEndian);
}
