using System.IO.Compression;

namespace Plait.Data;

/// <summary>Bytes of a file that are unpacked if they start as gzip does, and whose faults name the file.</summary>
internal sealed class NamedStream : IDisposable
{
    private readonly string name;
    private readonly Stream unpacked;

    /// <param name="stream">The file's bytes, compressed or not; read from where it stands. Stays open.</param>
    /// <param name="name">What errors call it.</param>
    public NamedStream(Stream stream, string name)
    {
        this.name = name;
        var seekable = stream;
        if (!stream.CanSeek)
        {
            seekable = new MemoryStream();
            stream.CopyTo(seekable);
            seekable.Position = 0;
        }

        var start = seekable.Position;
        var packed = seekable.ReadByte() == 0x1F && seekable.ReadByte() == 0x8B;
        seekable.Position = start;
        unpacked = packed
            ? new GZipStream(seekable, CompressionMode.Decompress, leaveOpen: true)
            : new BufferedStream(seekable);
    }

    /// <summary>Reads until the span is full or the file ends; gives the number of bytes read.</summary>
    public int Fill(Span<byte> bytes)
    {
        try
        {
            return unpacked.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException failure)
        {
            throw new InvalidDataException($"'{name}' cannot be unpacked: {failure.Message}", failure);
        }
    }

    /// <summary>Reads the elements that a header announces, which end the file.</summary>
    /// <remarks>No more than one byte too many is read, and memory grows with what is read: a header that lies costs none.</remarks>
    /// <param name="expected">Bytes that there should be.</param>
    /// <param name="shape">The sizes, for errors.</param>
    /// <exception cref="InvalidDataException">There are fewer bytes, or more.</exception>
    public byte[] ReadElements(int expected, ReadOnlySpan<long> shape)
    {
        var bytes = new byte[Math.Min(expected, 1 << 20)];
        var read = Fill(bytes);
        while (read == bytes.Length && read < expected)
        {
            Array.Resize(ref bytes, (int)Math.Min(expected, 2L * read));
            read += Fill(bytes.AsSpan(read));
        }

        if (read < expected)
        {
            throw new InvalidDataException(
                $"'{name}' is cut short: sizes {Text(shape)} need {expected} bytes, but only {read} follow the header."
            );
        }

        Span<byte> more = stackalloc byte[1];
        return Fill(more) == 0
            ? bytes
            : throw new InvalidDataException(
                $"'{name}' goes on after its elements: sizes {Text(shape)} need {expected} bytes."
            );
    }

    /// <summary>Turns the bytes of each element around.</summary>
    public static void TurnBytes(Span<byte> bytes, int size)
    {
        if (size > 1)
        {
            for (var start = 0; start < bytes.Length; start += size)
            {
                bytes.Slice(start, size).Reverse();
            }
        }
    }

    public void Dispose()
    {
        if (unpacked is GZipStream)
        {
            unpacked.Dispose();
        }
    }

    private static string Text(ReadOnlySpan<long> shape) => string.Join(" x ", shape.ToArray());
}
