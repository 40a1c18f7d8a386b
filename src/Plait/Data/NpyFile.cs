using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Plait.Torch;

namespace Plait.Data;

/// <summary>Reads the NPY format of NumPy: one array a file.</summary>
/// <remarks>
/// The format, after NumPy's own description (NEP 1): the bytes 93 "NUMPY", a major and a minor version, the length of the header
/// (UInt16 in version 1, UInt32 in versions 2 and 3), the header, which is a Python dictionary of the element type, the order and the
/// sizes, then the elements. A file may be compressed by gzip as well, as those of <see cref="IdxFile"/>.
/// </remarks>
public static partial class NpyFile
{
    private const int VersionEnd = 8; // the mark and the two numbers of the version
    private const int MaximumHeader = 10_000; // NumPy's own limit; those that are read here take some hundred bytes
    private const string Expected =
        "b1, i1, u1, i2, u2, i4, i8, f2, f4 or f8, such as '<f4' (little-endian single precision)";

    private static ReadOnlySpan<byte> Mark => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What its content may take; null for the usual limits.</param>
    /// <returns>All elements, of the file's sizes and element type; unsigned 16-bit numbers, which tensors do not have, as Int32.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not an NPY file, not a whole one, or holds elements of another type.</exception>
    public static Tensor Read(string path, ReadingLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no NPY file '{path}'.", path);
        }

        using var stream = File.OpenRead(path);
        return Read(stream, path, limits);
    }

    /// <summary>Reads from a stream.</summary>
    /// <param name="stream">The file's bytes, read from where it stands to its end.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="limits">What its content may take; null for the usual limits.</param>
    /// <returns>All elements, of the file's sizes and element type; unsigned 16-bit numbers, which tensors do not have, as Int32.</returns>
    /// <exception cref="InvalidDataException">It is not an NPY file, not a whole one, or holds elements of another type.</exception>
    public static Tensor Read(Stream stream, string name, ReadingLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var named = new NamedStream(stream, name, limits);
        var header = ReadHeader(named, name);
        var (type, size, bigEndian) = TypeOf(Field(ElementType(), header, "'descr'", name), name);
        var columnsFirst = Field(Order(), header, "'fortran_order'", name) == "True";
        var shape = ShapeOf(Field(Sizes(), header, "'shape'", name), name);
        var bytes = named.ReadElements(Product(shape, size, name), shape);
        if (bigEndian == BitConverter.IsLittleEndian)
        {
            NamedStream.TurnBytes(bytes, size);
        }

        using var scope = torch.NewDisposeScope();
        var tensor = torch.empty(columnsFirst ? [.. shape.Reverse()] : shape, type ?? ScalarType.Int16);
        tensor.bytes = bytes;
        if (columnsFirst)
        {
            tensor = tensor.permute([.. Enumerable.Range(0, shape.Length).Select(axis => (long)axis).Reverse()]);
        }

        if (type is null)
        {
            tensor = tensor.to(ScalarType.Int32).bitwise_and(ushort.MaxValue);
        }

        return tensor.contiguous().MoveToOuterDisposeScope();
    }

    private static string ReadHeader(NamedStream stream, string name)
    {
        Span<byte> start = stackalloc byte[VersionEnd];
        var read = stream.Fill(start);
        if (read < VersionEnd || !start.StartsWith(Mark))
        {
            throw new InvalidDataException(
                $"'{name}' is not an NPY file: it starts with {Convert.ToHexString(start[..read])}; expected {Convert.ToHexString(Mark)}."
            );
        }

        if (start[6] is < 1 or > 3)
        {
            throw new InvalidDataException(
                $"'{name}' is an NPY file of version {start[6]}.{start[7]}; expected 1, 2 or 3."
            );
        }

        Span<byte> lengthBytes = stackalloc byte[start[6] == 1 ? sizeof(ushort) : sizeof(uint)];
        var whole = stream.Fill(lengthBytes) == lengthBytes.Length;
        var length =
            lengthBytes.Length == sizeof(ushort)
                ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
                : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (whole && length > MaximumHeader)
        {
            throw new InvalidDataException(
                $"'{name}' says its header has {length} bytes; expected {MaximumHeader} at most."
            );
        }

        var header = new byte[length];
        return whole && stream.Fill(header) == header.Length
            ? Encoding.UTF8.GetString(header)
            : throw new InvalidDataException(
                $"'{name}' ends within its header; expected a description of the array's type and sizes."
            );
    }

    private static string Field(Regex field, string header, string what, string name) =>
        field.Match(header) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidDataException(
                $"'{name}' has the header {ForeignText.Printable(header.Trim())}; expected a dictionary with {what} in it"
                    + (what == "'descr'" ? $" that is one of {Expected}." : ".")
            );

    /// <summary>The type, null for unsigned 16-bit numbers; the bytes of an element; whether the highest byte comes first.</summary>
    private static (ScalarType? Type, int Size, bool BigEndian) TypeOf(string text, string name)
    {
        (ScalarType? Type, int Size)? known =
            text.Length < 2
                ? null
                : text[1..] switch
                {
                    "b1" => (ScalarType.Bool, 1),
                    "i1" => (ScalarType.Int8, 1),
                    "u1" => (ScalarType.Byte, 1),
                    "i2" => (ScalarType.Int16, 2),
                    "u2" => (null, 2),
                    "i4" => (ScalarType.Int32, 4),
                    "i8" => (ScalarType.Int64, 8),
                    "f2" => (ScalarType.Float16, 2),
                    "f4" => (ScalarType.Float32, 4),
                    "f8" => (ScalarType.Float64, 8),
                    _ => null,
                };
        return known is { } type && text[0] is '<' or '>' or '|' or '='
            ? (known.Value.Type, known.Value.Size, text[0] == '>' || (text[0] != '<' && !BitConverter.IsLittleEndian))
            : throw new InvalidDataException(
                $"'{name}' holds elements of type '{ForeignText.Printable(text)}'; expected {Expected}."
            );
    }

    private static long[] ShapeOf(string text, string name)
    {
        var sizes = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var shape = new long[sizes.Length];
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            if (
                !long.TryParse(sizes[axis], NumberStyles.None, CultureInfo.InvariantCulture, out shape[axis])
                || shape[axis] == 0
            )
            {
                throw new InvalidDataException(
                    $"'{name}' says its sizes are ({ForeignText.Printable(text)}); expected positive numbers."
                );
            }
        }

        return shape;
    }

    private static int Product(long[] shape, int size, string name)
    {
        if (shape.Length > ArraySize.MaximumAxes)
        {
            throw new InvalidDataException(
                $"'{name}' says it has {shape.Length} axes; expected at most {ArraySize.MaximumAxes}."
            );
        }

        return ArraySize.Bytes(shape, size) is { } bytes && bytes <= Array.MaxLength
            ? (int)bytes
            : throw new InvalidDataException(
                $"'{name}' says its sizes are {string.Join(" x ", shape)}; expected at most {Array.MaxLength} bytes."
            );
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([^'"]*)['"]""")]
    private static partial Regex ElementType();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex Order();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([^)]*)\)""")]
    private static partial Regex Sizes();
}
