using System.Buffers.Binary;
using Plait.Torch;

namespace Plait.Data;

/// <summary>Reads the IDX format of the MNIST family, compressed by gzip or not.</summary>
/// <remarks>
/// The format, after LeCun: two zero bytes, a byte for the element type, a byte for the number of axes, a big-endian Int32
/// size for each axis, then the elements, big-endian, last axis fastest.
/// </remarks>
public static class IdxFile
{
    private const int MagicLength = 4;
    private const int MaximumAxes = 8; // real files have 1 to 4; more is a sign of a file of another kind

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; whether it is compressed is seen from its first bytes, not its name.</param>
    /// <param name="limits">What its content may take; null for the usual limits.</param>
    /// <returns>All elements, of the file's shape and element type.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not an IDX file, or not a whole one.</exception>
    public static Tensor Read(string path, ReadingLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no IDX file '{path}'.", path);
        }

        using var stream = File.OpenRead(path);
        return Read(stream, path, limits);
    }

    /// <summary>Reads from a stream.</summary>
    /// <param name="stream">The file's bytes, compressed or not; read from where it stands to its end.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="limits">What its content may take; null for the usual limits.</param>
    /// <returns>All elements, of the file's shape and element type.</returns>
    /// <exception cref="InvalidDataException">It is not an IDX file, or not a whole one.</exception>
    public static Tensor Read(Stream stream, string name, ReadingLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var named = new NamedStream(stream, name, limits);
        return Read(named, name);
    }

    private static Tensor Read(NamedStream stream, string name)
    {
        Span<byte> magic = stackalloc byte[MagicLength];
        var length = stream.Fill(magic);
        if (length < MagicLength || magic[0] != 0 || magic[1] != 0 || TypeOf(magic[2]) is not { } type)
        {
            throw new InvalidDataException(
                $"'{name}' is not an IDX file: it starts with {Convert.ToHexString(magic[..length])}; expected 0000, an element type (08, 09, 0B, 0C, 0D or 0E) and the number of axes."
            );
        }

        var axes = magic[3];
        if (axes is 0 or > MaximumAxes)
        {
            throw new InvalidDataException($"'{name}' says it has {axes} axes; expected 1 to {MaximumAxes}.");
        }

        var shape = ReadShape(stream, axes, name);
        var expected = Product(shape, type.Size, name);
        var bytes = stream.ReadElements(expected, shape);
        if (BitConverter.IsLittleEndian)
        {
            NamedStream.TurnBytes(bytes, type.Size);
        }

        using var scope = torch.NewDisposeScope();
        var tensor = torch.empty(shape, type.Type);
        tensor.bytes = bytes;
        return tensor.MoveToOuterDisposeScope();
    }

    private static long[] ReadShape(NamedStream stream, int axes, string name)
    {
        var sizes = new byte[axes * sizeof(int)];
        var length = stream.Fill(sizes);
        if (length < sizes.Length)
        {
            throw new InvalidDataException(
                $"'{name}' ends within its header: it says it has {axes} axes but lacks their sizes."
            );
        }

        var shape = new long[axes];
        for (var axis = 0; axis < axes; axis++)
        {
            shape[axis] = BinaryPrimitives.ReadInt32BigEndian(sizes.AsSpan(axis * sizeof(int)));
        }

        return shape;
    }

    private static int Product(long[] shape, int size, string name)
    {
        return ArraySize.Bytes(shape, size) is > 0 and <= int.MaxValue and var bytes && bytes <= Array.MaxLength
            ? (int)bytes
            : throw new InvalidDataException(
                $"'{name}' says its sizes are {string.Join(" x ", shape)}; expected positive sizes of together at most {Array.MaxLength} bytes."
            );
    }

    private static (ScalarType Type, int Size)? TypeOf(byte code) =>
        code switch
        {
            0x08 => (ScalarType.Byte, 1),
            0x09 => (ScalarType.Int8, 1),
            0x0B => (ScalarType.Int16, 2),
            0x0C => (ScalarType.Int32, 4),
            0x0D => (ScalarType.Float32, 4),
            0x0E => (ScalarType.Float64, 8),
            _ => null,
        };
}
